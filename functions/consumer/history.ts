import type { Delivery } from '../../sdk/engine/delivery.ts';
import { nestingOf } from '../../sdk/engine/follow-up.ts';
import type { History } from '../../sdk/engine/gate.ts';
import type { Cloud } from '../../sdk/ports/cloud.ts';
import type { Item } from '../../sdk/ports/table.ts';
import { startsKey, taskMetaKey } from '../../sdk/wire/keys.ts';
import { readTaskMeta, type TaskMeta } from '../../sdk/wire/task-meta.ts';

/** Two rows per call, 100 rows per request. */
const callsPerRequest = 50;

/**
 * Looks up what happened to calls that were delivered before. Those seen for the first time need no look, and get none.
 * Reads are strongly consistent: an outcome that was stored must be seen.
 */
export async function readHistories(
  deliveries: readonly Delivery[],
  { table, clock }: Cloud,
): Promise<ReadonlyMap<Delivery, History>> {
  const histories = new Map<Delivery, History>();
  for (let start = 0; start < deliveries.length; start += callsPerRequest) {
    const some = deliveries.slice(start, start + callsPerRequest);
    const ids = new Set(some.flatMap(({ envelope }) => [taskMetaKey(envelope.id), startsKeyOf(envelope)]));
    const rows = await table.read([...ids], { consistent: true });
    const byId = new Map(rows.map((row) => [row.id, row]));
    for (const delivery of some) histories.set(delivery, historyOf(delivery, byId, clock.now()));
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

function historyOf(delivery: Delivery, rows: ReadonlyMap<string, Item>, now: number): History {
  const { envelope } = delivery;
  const row = rows.get(taskMetaKey(envelope.id));
  const starts = rows.get(startsKeyOf(envelope))?.starts;
  const isSentBack = row !== undefined && !isOfThisMessage(row, delivery);
  return {
    isSentBack,
    meta: row && !isSentBack ? readable(envelope.id, row, now) : undefined,
    starts: typeof starts === 'number' ? starts : 0,
  };
}

/** How far the clocks of a worker and of SQS may be apart. */
export const clockSkewMs = 60_000;

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
  const nesting = nestingOf(envelope);
  return startsKey(nesting === 0 ? envelope.id : `${envelope.id}-replaced-${nesting}`, envelope.retries);
}
