import { createHash } from 'node:crypto';
import type { Connection } from '../app/connection.ts';
import type { QueueTopology } from '../app/topology.ts';
import { nestingOf } from '../engine/follow-up.ts';
import { insist } from '../outbox/insist.ts';
import type { PublishRetryPolicy } from '../outbox/publish-policy.ts';
import type { Envelope } from '../wire/envelope.ts';
import { timerName } from '../wire/keys.ts';
import { readMarks } from '../wire/marks.ts';
import { byteLength } from '../wire/size.ts';
import { maxDelaySeconds, toMessage } from './to-message.ts';

/** Where a call goes, and when it is to arrive. */
export interface Dispatch {
  readonly queue: QueueTopology;
  /** Epoch milliseconds; null: at once. A time far off is met by a timer and, at its end, a delay: to the second and never early. */
  readonly at: number | null;
  readonly policy?: PublishRetryPolicy | false;
  /** The call has an id of the caller's own: another one under this id is another call. */
  readonly hasOwnId?: boolean;
}

/** Timers are up to a minute late, and then the message must get to its worker, which sends it on for the rest. */
const marginMs = 90_000;

/** What a timer can hold is 256 KB. The rest is kept for its other words. */
const maxTimerBytes = 240_000;

/**
 * Sends a call: to its queue if it is due within 15 minutes, which is as long as a queue delays, and otherwise to a timer.
 *
 * @throws OperationalError when it is refused for good or the retries are used up; PayloadTooLargeError before anything is sent.
 */
export async function dispatch(
  envelope: Envelope,
  { queue, at, policy = {}, hasOwnId = false }: Dispatch,
  { cloud, sends }: Pick<Connection, 'cloud' | 'sends'>,
): Promise<void> {
  const { clock, timers } = cloud;
  const message = toMessage(envelope, queue, { at, now: clock.now() });
  const isFar = at !== null && at - clock.now() > maxDelaySeconds * 1_000;
  // What is too large for a timer goes from delay to delay.
  if (!isFar || byteLength(message.body) > maxTimerBytes) return sends.send(queue.queueName, message, policy);
  const timer = { at: at - marginMs, queueName: queue.queueName, message: { body: message.body } };
  const id = timerOf(envelope);
  const set = async () => {
    // A timer that is there is this call's own, set by a copy of what sends it now, unless somebody chose its id twice.
    const isSet = await timers.set({ id, ...timer });
    if (!isSet && hasOwnId) await timers.set({ id: timerName(`${id}-${digest(message.body)}`), ...timer });
    return { ok: true } as const;
  };
  await insist(set, { what: `Setting the timer of task '${envelope.task}'`, policy, clock });
}

/** The name of the timer that holds a call: another each time that it is put off, since one that has fired may still be there. */
export function timerOf(envelope: Pick<Envelope, 'id' | 'retries' | 'headers'>): string {
  const { id, retries } = envelope;
  const nesting = nestingOf(envelope);
  const { notBefore } = readMarks(envelope);
  const parts = [
    ...(nesting > 0 ? [`x${nesting}`] : []),
    ...(retries > 0 ? [`r${retries}`] : []),
    ...(notBefore === undefined ? [] : [`w${notBefore.toString(36)}`]),
  ];
  return timerName([id, ...parts].join('-'));
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
