import { createHash } from 'node:crypto';
import type { Connection } from '../app/connection.ts';
import { type LaneTopology, laneFor } from '../app/lanes.ts';
import type { QueueTopology } from '../app/topology.ts';
import { nestingOf } from '../engine/follow-up.ts';
import { insist } from '../outbox/insist.ts';
import type { PublishRetryPolicy } from '../outbox/publish-policy.ts';
import { textOf } from '../payloads/fetch-payload.ts';
import type { Cloud } from '../ports/cloud.ts';
import type { Timer } from '../ports/timers.ts';
import type { Envelope } from '../wire/envelope.ts';
import { timerName, timerNoteKey } from '../wire/keys.ts';
import { readMarks, withMarks } from '../wire/marks.ts';
import { byteLength, sqsLimitBytes } from '../wire/size.ts';
import { fitted, mayRefer } from './fitted.ts';
import { ringsAt } from './rings-at.ts';
import { isSameCall } from './same-call.ts';
import { maxDelaySeconds, queueLimit, toMessage } from './to-message.ts';

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

/** What calls leave by. */
type Exits = Pick<Connection, 'cloud' | 'sends' | 'payloads'>;

/**
 * Sends a call: to its queue if it is due within 15 minutes, which is as long as a queue delays, and otherwise to a timer. What is too
 * large for either lies in the app's bucket, and a reference goes out. Without a bucket, what is too large for a timer goes to the queue
 * all the same, where a worker sends it on from delay to delay.
 *
 * @throws OperationalError when it is refused for good or the retries are used up; PayloadTooLargeError before anything is sent.
 */
export async function dispatch(envelope: Envelope, way: Dispatch, exits: Exits): Promise<void> {
  const { queue, lane = laneFor(queue, envelope.priority), at, policy = {}, isAgain = false } = way;
  const when = { at, now: exits.cloud.clock.now() };
  const fit = { envelope, queue, at, policy, limit: queueLimit(isAgain) };
  const send = async (sent: Envelope, limit: number) => {
    const message = await fitted(toMessage(sent, queue, when), { ...fit, limit }, exits);
    return exits.sends.send(lane.queueName, message, policy);
  };
  if (at === null || at - when.now <= maxDelaySeconds * 1_000) return send(envelope, fit.limit);
  const { body } = toMessage(dated(envelope, when.now), queue, when);
  if (byteLength(body) <= maxTimerBytes || mayRefer(queue, exits)) {
    const message = await fitted({ body }, { ...fit, limit: maxTimerBytes }, exits);
    return setTimer({ ...way, envelope, at, body, message, queueName: lane.queueName }, exits);
  }
  // Only one that fits begins to hop: what is noted of its hops has room then.
  await fitted(toMessage(envelope, queue, when), fit, exits);
  return send(hopping(envelope), sqsLimitBytes);
}

/** A call that waits in a timer. */
interface Far extends Dispatch {
  readonly envelope: Envelope;
  readonly at: number;
  readonly queueName: string;
  /** The whole message, and what the timer holds of it: maybe a reference. */
  readonly body: string;
  readonly message: Timer['message'];
}

async function setTimer(
  { envelope, at, body, message, ...way }: Far,
  { cloud, payloads }: Exits,
): Promise<void> {
  const { queue, queueName, policy = {}, timesVary = false } = way;
  const { timers, clock } = cloud;
  const id = timerOf(envelope);
  const timer = { id, at: ringsAt(id, at, queue), queueName, message: { body: message.body } };
  const set = async () => {
    await noteTimer(timer, { call: envelope.id, at, cloud });
    if ((await timers.set(timer)) || (await isThere(id, body, { timesVary, timers, payloads })))
      return accepted;
    // Two calls of one id: each has its timer. And if that is there too, a copy of this one has set it.
    const digest = createHash('sha256').update(body).digest('hex').slice(0, 12);
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
  id: string,
  body: string,
  {
    timesVary,
    timers,
    payloads,
  }: Pick<Cloud, 'timers'> & Pick<Exits, 'payloads'> & { readonly timesVary: boolean },
): Promise<boolean> {
  const there = await timers.find(id);
  if (!there) return false;
  const text = await textOf(there.message.body, payloads);
  return text !== undefined && isSameCall(text, body, { timesVary });
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
