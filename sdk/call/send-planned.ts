import type { AppCore } from '../app/app-core.ts';
import type { Connection } from '../app/connection.ts';
import { celeryChordRows } from '../flow/celery-chord.ts';
import type { Planned, PlannedCall, World } from '../flow/planned.ts';
import { insist } from '../outbox/insist.ts';
import type { SignatureJson } from '../wire/signature.ts';
import { inCeleryForm } from './celery-form.ts';
import { dispatch } from './dispatch.ts';
import { withFairness } from './fairness.ts';
import { addressed } from './planned-envelope.ts';
import { queueFor } from './queue-for.ts';
import { readCallOptions } from './wire-options.ts';

/** How many calls are under way at a time: what makes them waits for those before. */
const callsAtOnce = 500;

/** Rows of workflows outlive every message: SQS keeps one for 14 days at most, and a retry begins anew. */
const workflowSeconds = 30 * 86_400;

/** When rows of workflows may be forgotten, epoch seconds. */
export function workflowTtl(now: number): number {
  return Math.ceil(now / 1_000) + workflowSeconds;
}

/** What planning must know of an app. */
export function worldOf(app: AppCore, now: number): World {
  return { isServedByCelery: (task) => isServedByCelery(app, task), ttl: workflowTtl(now) };
}

/** Sends what was planned, rows before the calls that need them. */
export async function sendPlanned(
  app: AppCore,
  connection: Connection,
  planned: Iterable<Planned> | AsyncIterable<Planned>,
): Promise<void> {
  let underWay: Promise<void>[] = [];
  for await (const item of planned) {
    if (item.kind === 'call') underWay.push(watched(sendCall(app, connection, item)));
    else await writeRows(item, connection);
    if (underWay.length < callsAtOnce) continue;
    await Promise.all(underWay);
    underWay = [];
  }
  await Promise.all(underWay);
}

/** A send that fails while others are still being made is found when all are waited for: until then it is no surprise. */
function watched(sent: Promise<void>): Promise<void> {
  sent.catch(() => undefined);
  return sent;
}

async function sendCall(app: AppCore, connection: Connection, planned: PlannedCall): Promise<void> {
  const { cloud } = connection;
  const { envelope: made, queue } = addressed(app, planned, cloud.clock.now());
  const envelope = await withFairness(made, app.definitions.get(planned.task));
  const sent = queue.runOn === 'celery' ? await inCeleryForm(envelope, cloud.table) : envelope;
  const { retry, retryPolicy } = readCallOptions(planned.options);
  const policy = retry === false ? false : retryPolicy;
  // A worker may do this twice, and counts a countdown from then.
  const when = { at: sent.eta, timesVary: true };
  await dispatch(sent, { queue, ...when, ...(policy !== undefined && { policy }) }, connection);
}

async function writeRows(item: Exclude<Planned, PlannedCall>, { cloud, writes }: Connection): Promise<void> {
  if (item.kind === 'celery-chord') {
    const now = cloud.clock.now();
    const { counter, members } = celeryChordRows(item, { now, ttl: workflowTtl(now) });
    // A counter that counts already is left alone.
    const put = () => cloud.table.put(counter, { absent: true }).then(() => ({ ok: true }) as const);
    const what = `Writing row ${counter.id}`;
    const counting = insist(put, { what, policy: {}, clock: cloud.clock });
    const listed = writes.put(members);
    writes.flush();
    await Promise.all([counting, listed]);
    return;
  }
  const stored = item.rows.map((row) => writes.put(row));
  writes.flush();
  await Promise.all(stored);
}

function isServedByCelery(app: AppCore, { task, args, options }: SignatureJson): boolean {
  const { queue } = readCallOptions(options);
  return queueFor(app, task, { args, queue }).runOn === 'celery';
}
