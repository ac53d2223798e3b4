import type { AppCore } from '../app/app-core.ts';
import type { Connection } from '../app/connection.ts';
import { laneNamed } from '../app/lanes.ts';
import { timerOf } from '../call/dispatch.ts';
import { toMessage } from '../call/to-message.ts';
import { DecodeError } from '../errors/index.ts';
import { insist } from '../outbox/insist.ts';
import type { Timer } from '../ports/timers.ts';
import type { Envelope } from '../wire/envelope.ts';
import { readMarks, withMarks } from '../wire/marks.ts';
import { readEnvelope } from '../wire/read-envelope.ts';
import { memberId } from '../wire/signature.ts';
import type { TargetGroup, Targets } from './targets.ts';

/** Calls whose timers are looked for. Each costs a request; what is left out ends when its time comes. */
const maxCalls = 5_000;

/** Calls that are looked up at once: their rows with one request, then their timers, each with one. */
const callsAtOnce = 20;

/**
 * Ends revoked calls that are due far from now: the message of a timer goes to its queue at once, marked, and then the timer is
 * deleted. So it is a worker that does all the rest, such as telling a chord, and nobody waits until the call would have been due.
 */
export async function recall({ ids, groups }: Targets, app: AppCore): Promise<void> {
  const connection = await app.connection();
  const scene = { app, connection };
  const members = await Promise.all(groups.map((group) => membersInTimers(group, connection)));
  const calls = [...ids, ...members.flat()].slice(0, maxCalls);
  for (let start = 0; start < calls.length; start += callsAtOnce) {
    await Promise.all(calls.slice(start, start + callsAtOnce).map((id) => recallOne(id, scene)));
  }
}

/** Members of a group are due together, or one after the other: where neither the first nor the last waits in a timer, none does. */
async function membersInTimers(
  { id, size }: TargetGroup,
  connection: Connection,
): Promise<readonly string[]> {
  const ends = [...new Set([0, size - 1])].map((index) => memberId(id, index));
  const timers = await Promise.all(ends.map((end) => find(first(end), connection)));
  if (!timers.some(Boolean)) return [];
  return Array.from({ length: Math.min(size, maxCalls) }, (_, index) => memberId(id, index));
}

interface Scene {
  readonly app: AppCore;
  readonly connection: Connection;
}

async function recallOne(id: string, scene: Scene): Promise<void> {
  const { connection } = scene;
  const { cloud, results, sends } = connection;
  const meta = await results.read(id);
  const isRetried = meta?.state === 'RETRY';
  const timer = await find(isRetried ? nextAttempt(id, meta.retries) : first(id), connection);
  const envelope = timer && callIn(timer, id);
  const queue = timer && servedQueue(timer.queueName, scene);
  if (!envelope || !queue) return;
  const marked = withMarks(envelope, { ...readMarks(envelope), revoked: true });
  await sends.send(queue.queueName, toMessage(marked, queue, { at: null, now: cloud.clock.now() }));
  // Only now: a timer that is gone and whose message is not sent would leave its caller waiting.
  await cloud.timers.cancel(timer.id);
}

function first(id: string): string {
  return timerOf({ id, retries: 0, headers: {} });
}

/** The row tells of the attempt that has ended. */
function nextAttempt(id: string, retries: number): string {
  return timerOf({ id, retries: retries + 1, headers: {} });
}

async function find(name: string, { cloud }: Connection): Promise<Timer | undefined> {
  let timer: Timer | undefined;
  const look = async () => {
    timer = await cloud.timers.find(name);
    return { ok: true } as const;
  };
  const what = `The call is on the revoked list, but looking for its timer '${name}'`;
  await insist(look, { what, policy: {}, clock: cloud.clock });
  return timer;
}

/** Undefined if the timer is none of this call's: a schedule may bear any name. */
function callIn({ message }: Timer, id: string): Envelope | undefined {
  try {
    const envelope = readEnvelope(message.body);
    return envelope.id === id ? envelope : undefined;
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

/** A worker in Python does not know the mark. Any of ours can end the call for it. */
function servedQueue(queueName: string, { app }: Scene) {
  const { queues } = app.settings.topology;
  const own = laneNamed(queues, queueName)?.queue;
  if (!own) return { queueName, base64: false };
  return own.runOn === 'celery' ? queues.find(({ runOn }) => runOn === 'tallo') : own;
}
