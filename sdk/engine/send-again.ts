import type { Envelope } from '../wire/envelope.ts';
import { callTime, readMarks, withMarks } from '../wire/marks.ts';
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
export function tooEarly({ envelope, sentAt }: Delivery, at: number): readonly Effect[] {
  const { hops, ...others } = readMarks(envelope);
  const marks = { ...others, sent: callTime(envelope, sentAt) };
  if (hops === undefined) return [{ kind: 'resend', envelope: withMarks(envelope, marks), at }];
  // Of several copies one alone goes on, or each of many hops would double them.
  const name = `${envelope.id}-hop-${nestingOf(envelope)}-${envelope.retries}-${at}-${hops}`;
  const again = withMarks(envelope, { ...marks, hops: hops + 1 });
  return [
    { kind: 'claim', name },
    { kind: 'resend', envelope: again, at },
  ];
}

/** The same attempt later, with what is noted for it; not before then, unless the notes say something else. */
export function putOff({ at, marks }: Extract<Outcome, { kind: 'put-off' }>, delivery: Delivery): Effect {
  const again = nextAttempt(delivery);
  const noted = { ...readMarks(again), notBefore: at, ...marks };
  return { kind: 'resend', envelope: withMarks(again, noted), at };
}

/** How long a message that `Reject` put back stays away, as with kombu. */
const requeueDelayMs = 10_000;

/** The same attempt once more, as the task wished. */
export function requeued(delivery: Delivery, now: number): Effect {
  const at = now + requeueDelayMs;
  return { kind: 'resend', envelope: { ...nextAttempt(delivery), redelivered: true, eta: at }, at };
}
