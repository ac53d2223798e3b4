import type { AppCore } from '../app/app-core.ts';
import type { Connection } from '../app/connection.ts';
import { laneNamed } from '../app/lanes.ts';
import { firstTimerOf } from '../call/dispatch.ts';
import { fitted } from '../call/fitted.ts';
import { queueLimit, toMessage } from '../call/to-message.ts';
import { DecodeError } from '../errors/index.ts';
import { insist } from '../outbox/insist.ts';
import { textOf } from '../payloads/fetch-payload.ts';
import type { Cloud } from '../ports/cloud.ts';
import type { Timer } from '../ports/timers.ts';
import type { Envelope } from '../wire/envelope.ts';
import { timerNoteKey } from '../wire/keys.ts';
import { readMarks, withMarks } from '../wire/marks.ts';
import { readEnvelope } from '../wire/read-envelope.ts';
import { memberId } from '../wire/signature.ts';
import type { TargetGroup, Targets } from './targets.ts';

/** Calls whose timers are looked for. Each costs a request; what is left out ends when its time comes. */
const maxCalls = 5_000;

/** Calls that are looked up at once: what is noted of them with one request, then their timers, each with one. */
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
    const some = calls.slice(start, start + callsAtOnce);
    const noted = await notedTimers(some, connection);
    await Promise.all(some.map((id) => recallOne(id, noted.get(id), scene)));
  }
}

/** Members of a group of which notes are read, at most: with one request. */
const maxSample = 100;

/**
 * Members of a group are due together, or one after the other: where neither the first nor the last waits in its first timer, none does.
 * Those that were put off are noted; some of them must be among so many.
 */
async function membersInTimers(
  { id, size }: TargetGroup,
  connection: Connection,
): Promise<readonly string[]> {
  const members = Array.from({ length: size }, (_, index) => memberId(id, index));
  const step = Math.ceil(size / maxSample);
  const sample = members.filter((_, index) => index % step === 0);
  const ends = [...new Set([0, size - 1])].map((index) => memberId(id, index));
  const [noted, ...timers] = await Promise.all([
    notedTimers(sample, connection),
    ...ends.map((end) => find(firstTimerOf(end), connection)),
  ]);
  return noted.size > 0 || timers.some(Boolean) ? members.slice(0, maxCalls) : [];
}

interface Scene {
  readonly app: AppCore;
  readonly connection: Connection;
}

async function recallOne(id: string, noted: string | undefined, scene: Scene): Promise<void> {
  const { connection } = scene;
  const { cloud, sends } = connection;
  const timer =
    (noted === undefined ? undefined : await find(noted, connection)) ??
    (await find(firstTimerOf(id), connection));
  const envelope = timer && (await callIn(timer, id, connection));
  const queue = timer && servedQueue(timer.queueName, scene);
  if (!envelope || !queue) return;
  const marked = withMarks(envelope, { ...readMarks(envelope), revoked: true });
  const message = toMessage(marked, queue, { at: null, now: cloud.clock.now() });
  const fit = { envelope, queue, at: null, limit: queueLimit(true) };
  await sends.send(queue.queueName, await fitted(message, fit, connection));
  // Only now: a timer that is gone and whose message is not sent would leave its caller waiting.
  await cloud.timers.cancel(timer.id);
}

/** The timers of calls that were put off, tried again or put in another's place: their names tell when or how often. */
async function notedTimers(
  ids: readonly string[],
  { cloud }: Connection,
): Promise<ReadonlyMap<string, string>> {
  const keys = [...new Set(ids.map(timerNoteKey))];
  const rows = await insisting(() => cloud.table.read(keys, { consistent: true }), 'timers', cloud);
  const byKey = new Map(rows.map(({ id, timer }) => [id, timer]));
  return new Map(
    ids.flatMap((id): [string, string][] => {
      const timer = byKey.get(timerNoteKey(id));
      return typeof timer === 'string' ? [[id, timer]] : [];
    }),
  );
}

function find(name: string, { cloud }: Connection): Promise<Timer | undefined> {
  return insisting(() => cloud.timers.find(name), `its timer '${name}'`, cloud);
}

async function insisting<T>(
  look: () => Promise<T>,
  whatFor: string,
  { clock }: Pick<Cloud, 'clock'>,
): Promise<T> {
  const found: T[] = [];
  const attempt = async () => {
    found.push(await look());
    return { ok: true } as const;
  };
  const what = `The call is on the revoked list, but looking for ${whatFor}`;
  await insist(attempt, { what, policy: {}, clock });
  return found[0] as T;
}

/** Undefined if the timer is none of this call's: a schedule may bear any name. */
async function callIn(
  { message }: Timer,
  id: string,
  { payloads, cloud }: Connection,
): Promise<Envelope | undefined> {
  const text = await insisting(() => textOf(message.body, payloads), 'its payload', cloud);
  if (text === undefined) return undefined;
  try {
    const envelope = readEnvelope(text);
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
  if (!own) return { queueName, name: queueName, base64: false, runOn: 'lambda' as const };
  return own.runOn === 'celery' ? queues.find(({ runOn }) => runOn !== 'celery') : own;
}
