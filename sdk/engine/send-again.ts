import type { Envelope } from '../wire/envelope.ts';
import { callTime, type Marks, readMarks, withMarks } from '../wire/marks.ts';
import type { Delivery } from './delivery.ts';
import type { Effect } from './effect.ts';
import { nestingOf } from './follow-up.ts';
import type { Outcome } from './outcome.ts';

/** The call in another attempt: what was noted for this delivery alone is gone, and when it was made stays known. */
export function nextAttempt({ envelope, sentAt }: Delivery): Envelope {
  const { debounce, dedupe } = readMarks(envelope);
  return withMarks(envelope, {
    sent: callTime(envelope, sentAt),
    ...(debounce !== undefined && { debounce }),
    ...(dedupe && { dedupe }),
  });
}

/** The call once more as it is: it came before its time. */
export function tooEarly(delivery: Delivery, at: number): readonly Effect[] {
  const { envelope, sentAt } = delivery;
  const { hops, ...others } = readMarks(envelope);
  const marks = { ...others, ...beginnings(delivery), sent: callTime(envelope, sentAt) };
  if (hops === undefined) return [{ kind: 'resend', envelope: withMarks(envelope, marks), at }];
  // Of several copies one alone goes on, or each of many hops would double them.
  const name = `${envelope.id}-hop-${nestingOf(envelope)}-${envelope.retries}-${at}-${hops}`;
  const again = withMarks(envelope, { ...marks, hops: hops + 1 });
  return [
    { kind: 'claim', name },
    { kind: 'resend', envelope: again, at },
  ];
}

/** A message that was received before may have been begun: whoever gets the next one of the attempt must look, or it would kill workers for ever. */
function beginnings({ receives }: Delivery): { readonly receives?: number } {
  return receives > 1 ? { receives } : {};
}

/** So seldom that it costs next to nothing, and so often that copies stay few. */
const turnsPerClaim = 8;

/**
 * The same attempt once more. This may go on for days, and each message may come twice: of the copies one alone goes on from time to
 * time, or they would double again and again.
 */
function oneMoreTurn(delivery: Delivery, marks: Marks, at: number): readonly Effect[] {
  const { envelope } = delivery;
  const turns = (readMarks(envelope).turns ?? 0) + 1;
  const next = nextAttempt(delivery);
  const again = withMarks(next, { ...readMarks(next), ...beginnings(delivery), turns, ...marks });
  const resend: Effect = { kind: 'resend', envelope: again, at };
  if (turns % turnsPerClaim !== 0) return [resend];
  const name = `${envelope.id}-turn-${nestingOf(envelope)}-${envelope.retries}-${turns}`;
  return [{ kind: 'claim', name }, resend];
}

/** The same attempt later, with what is noted for it; not before then, unless the notes say something else. */
export function putOff(
  { at, marks }: Extract<Outcome, { kind: 'put-off' }>,
  delivery: Delivery,
): readonly Effect[] {
  return oneMoreTurn(delivery, { notBefore: at, ...marks }, at);
}

/** How long a message that `Reject` put back stays away, as with kombu. */
const requeueDelayMs = 10_000;

/** The same attempt once more, as the task wished. */
export function requeued(delivery: Delivery, now: number): readonly Effect[] {
  const at = now + requeueDelayMs;
  const envelope = { ...delivery.envelope, redelivered: true, eta: at };
  return oneMoreTurn({ ...delivery, envelope }, {}, at);
}
