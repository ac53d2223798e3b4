import type { AppCore } from '../../sdk/app/app-core.ts';
import type { Delivery } from '../../sdk/engine/delivery.ts';
import { nestingOf } from '../../sdk/engine/follow-up.ts';
import type { History } from '../../sdk/engine/gate.ts';
import { clockSkewMs } from '../../sdk/engine/life-of-call.ts';
import { hasReferences } from '../../sdk/flow/results-reference.ts';
import type { Cloud } from '../../sdk/ports/cloud.ts';
import type { Item } from '../../sdk/ports/table.ts';
import type { TaskDefinition } from '../../sdk/task/task-definition.ts';
import { startsKey, taskMetaKey } from '../../sdk/wire/keys.ts';
import { readMarks } from '../../sdk/wire/marks.ts';
import { readTaskMeta, type TaskMeta } from '../../sdk/wire/task-meta.ts';

/**
 * Besides what was delivered before, the body of a chord: it may have been sent twice, and a look costs little beside reading
 * the results that it is given. And calls of which no copy may run.
 */
export function needsHistory(delivery: Delivery, { definitions }: Pick<AppCore, 'definitions'>): boolean {
  const { receives, envelope } = delivery;
  return receives > 1 || hasReferences(envelope.args) || isDeduped(delivery, definitions.get(envelope.task));
}

/** Whether the runs of a call are claimed: its task says so, or the call does. */
export function isDeduped({ envelope }: Delivery, task: Pick<TaskDefinition, 'dedupe'> | undefined): boolean {
  return (task?.dedupe ?? false) || readMarks(envelope).dedupe === true;
}

/** Two rows per call, 100 rows per request. */
const callsPerRequest = 50;

/**
 * Looks up what happened to calls that were delivered before. Those seen for the first time need no look, and get none.
 * Reads are strongly consistent: an outcome that was stored must be seen.
 */
export async function readHistories(
  deliveries: readonly Delivery[],
  { table, clock }: Cloud,
  { definitions }: Pick<AppCore, 'definitions'>,
): Promise<ReadonlyMap<Delivery, History>> {
  const histories = new Map<Delivery, History>();
  for (let start = 0; start < deliveries.length; start += callsPerRequest) {
    const some = deliveries.slice(start, start + callsPerRequest);
    const ids = new Set(some.flatMap(({ envelope }) => [taskMetaKey(envelope.id), startsKeyOf(envelope)]));
    const rows = await table.read([...ids], { consistent: true });
    const byId = new Map(rows.map((row) => [row.id, row]));
    for (const delivery of some) {
      const isOnce = isDeduped(delivery, definitions.get(delivery.envelope.task));
      histories.set(delivery, historyOf(delivery, byId, { now: clock.now(), isOnce }));
    }
  }
  return histories;
}

/** Remembers that a redelivered message is begun once more: if its worker is lost again, the next one will know. */
export async function markStart({ envelope, queue }: Delivery, { table, clock }: Cloud): Promise<void> {
  const ttl = Math.ceil(clock.now() / 1_000) + queue.retentionSeconds;
  await table.change(startsKeyOf(envelope), { add: { starts: 1 }, set: { ttl } });
}

/** Takes that back: the run came to an outcome, so its worker was not lost, whatever kept the outcome from being stored. */
export async function unmarkStart({ envelope }: Delivery, { table }: Cloud): Promise<void> {
  await table.change(startsKeyOf(envelope), { add: { starts: -1 } });
}

function historyOf(
  delivery: Delivery,
  rows: ReadonlyMap<string, Item>,
  { now, isOnce }: { readonly now: number; readonly isOnce: boolean },
): History {
  const { envelope } = delivery;
  const row = rows.get(taskMetaKey(envelope.id));
  const starts = rows.get(startsKeyOf(envelope))?.starts;
  // What has not failed is in no dead-letter queue: another message of it is a copy, however late.
  const mayBeSentBack = row !== undefined && !(isOnce && row.state !== 'FAILURE');
  const isSentBack = mayBeSentBack && !isOfThisMessage(row, delivery);
  return {
    isSentBack,
    meta: row && !isSentBack ? readable(envelope.id, row, now) : undefined,
    starts: typeof starts === 'number' ? starts : 0,
  };
}

/** A row from before the message was sent is of an earlier life of the call: it was sent back from the dead-letter queue. */
export function isOfThisMessage({ timestamp }: Item, { sentAt }: Delivery): boolean {
  return typeof timestamp !== 'number' || timestamp * 1_000 >= sentAt - clockSkewMs;
}

/** A row that nobody can read decides nothing, and must not keep the rest of the batch waiting. */
function readable(taskId: string, row: Item, now: number): TaskMeta | undefined {
  try {
    return readTaskMeta(taskId, row, now);
  } catch {
    return undefined;
  }
}

/** What stands in for a task has its id, and starts of its own. */
function startsKeyOf(envelope: Delivery['envelope']): string {
  return startsKey(standInOf(envelope), envelope.retries);
}

/** The name of a call among those that have stood in for one another. */
export function standInOf(envelope: Delivery['envelope']): string {
  const nesting = nestingOf(envelope);
  return nesting === 0 ? envelope.id : `${envelope.id}-replaced-${nesting}`;
}
