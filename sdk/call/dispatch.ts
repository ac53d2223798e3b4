import { createHash } from 'node:crypto';
import type { Connection } from '../app/connection.ts';
import { type LaneTopology, laneFor } from '../app/lanes.ts';
import type { QueueTopology } from '../app/topology.ts';
import { nestingOf } from '../engine/follow-up.ts';
import { insist } from '../outbox/insist.ts';
import type { PublishRetryPolicy } from '../outbox/publish-policy.ts';
import type { Cloud } from '../ports/cloud.ts';
import type { Timer } from '../ports/timers.ts';
import type { Envelope } from '../wire/envelope.ts';
import { timerName, timerNoteKey } from '../wire/keys.ts';
import { readMarks, withMarks } from '../wire/marks.ts';
import { byteLength } from '../wire/size.ts';
import { ringsAt } from './rings-at.ts';
import { isSameCall } from './same-call.ts';
import { maxDelaySeconds, toMessage } from './to-message.ts';

/** Where a call goes, and when it is to arrive. */
export interface Dispatch {
  readonly queue: QueueTopology;
  /** Its lane in the queue. @default that of its priority */
  readonly lane?: LaneTopology;
  /** Epoch milliseconds; null: at once. A time far off is met by a timer and, at its end, a delay: to the second and never early. */
  readonly at: number | null;
  readonly policy?: PublishRetryPolicy | false;
  /** Who sends it may do so twice and tell another time then: a timer of the same call is this one's, whatever its time. @default false */
  readonly timesVary?: boolean;
  /** It was sent before: what was kept free in its message is there for what has been added since. @default false */
  readonly isAgain?: boolean;
}

const accepted = { ok: true } as const;

/** What a timer can hold is 256 KB. The rest is kept for its other words. */
const maxTimerBytes = 240_000;

/**
 * Sends a call: to its queue if it is due within 15 minutes, which is as long as a queue delays, and otherwise to a timer. What is
 * too large for a timer goes to the queue all the same, where a worker sends it on from delay to delay.
 *
 * @throws OperationalError when it is refused for good or the retries are used up; PayloadTooLargeError before anything is sent.
 */
export async function dispatch(
  envelope: Envelope,
  { queue, lane = laneFor(queue, envelope.priority), at, ...others }: Dispatch,
  { cloud, sends }: Pick<Connection, 'cloud' | 'sends'>,
): Promise<void> {
  const { clock, timers } = cloud;
  const { policy = {}, timesVary = false, isAgain = false } = others;
  const { queueName } = lane;
  const when = { at, now: clock.now(), isAgain };
  const message = toMessage(envelope, queue, when);
  if (at === null || at - when.now <= maxDelaySeconds * 1_000) return sends.send(queueName, message, policy);
  if (byteLength(message.body) > maxTimerBytes)
    return sends.send(queueName, toMessage(hopping(envelope), queue, { ...when, isAgain: true }), policy);
  const id = timerOf(envelope);
  const { body } = toMessage(dated(envelope, when.now), queue, when);
  const timer = { id, at: ringsAt(id, at, queue), queueName, message: { body } };
  const set = async () => {
    await noteTimer(timer, { call: envelope.id, at, cloud });
    if ((await timers.set(timer)) || (await isThere(timer, { timesVary, cloud }))) return accepted;
    // Two calls of one id: each has its timer. And if that is there too, a copy of this one has set it.
    const digest = createHash('sha256').update(message.body).digest('hex').slice(0, 12);
    await timers.set({ ...timer, id: timerName(`${id}-${digest}`) });
    return accepted;
  };
  await insist(set, { what: `Setting the timer of task '${envelope.task}'`, policy, clock });
}

/** Rows are kept for a while after the call is due. */
const noteKeptSeconds = 86_400;

/** Whoever revokes a call knows the name of its first timer, and no other. */
async function noteTimer(
  { id: timer }: Timer,
  { call, at, cloud }: { readonly call: string; readonly at: number; readonly cloud: Pick<Cloud, 'table'> },
): Promise<void> {
  if (timer === firstTimerOf(call)) return;
  const ttl = Math.ceil(at / 1_000) + noteKeptSeconds;
  await cloud.table.put({ id: timerNoteKey(call), timer, ttl });
}

/** Whether the timer of that name holds this very call: a copy of what sends it was here before. */
async function isThere(
  { id, message }: Timer,
  { timesVary, cloud }: { readonly timesVary: boolean; readonly cloud: Pick<Cloud, 'timers'> },
): Promise<boolean> {
  const there = await cloud.timers.find(id);
  return there !== undefined && isSameCall(there.message.body, message.body, { timesVary });
}

/** The timer will send it: when the call was made, nothing else would tell. */
function dated(envelope: Envelope, now: number): Envelope {
  return withMarks(envelope, { sent: now, ...readMarks(envelope) });
}

/** From now on its hops are counted. */
function hopping(envelope: Envelope): Envelope {
  const { hops = 1, ...marks } = readMarks(envelope);
  return withMarks(envelope, { ...marks, hops });
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

/** That of a call's first attempt, unless it was put off. */
export function firstTimerOf(id: string): string {
  return timerOf({ id, retries: 0, headers: {} });
}
