import type { Delivery } from '../../sdk/engine/delivery.ts';
import type { History } from '../../sdk/engine/gate.ts';
import type { Cloud } from '../../sdk/ports/cloud.ts';
import type { Item } from '../../sdk/ports/table.ts';
import { startsKey, taskMetaKey } from '../../sdk/wire/keys.ts';
import { readTaskMeta } from '../../sdk/wire/task-meta.ts';

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
export async function markStart({ envelope }: Delivery, { table }: Cloud, expiresAt: number): Promise<void> {
  await table.change(startsKeyOf(envelope), {
    add: { starts: 1 },
    set: { ttl: Math.ceil(expiresAt / 1_000) },
  });
}

function historyOf({ envelope }: Delivery, rows: ReadonlyMap<string, Item>, now: number): History {
  const row = rows.get(taskMetaKey(envelope.id));
  const starts = rows.get(startsKeyOf(envelope))?.starts;
  return {
    meta: row && readTaskMeta(envelope.id, row, now),
    starts: typeof starts === 'number' ? starts : 0,
  };
}

function startsKeyOf({ id, retries }: Delivery['envelope']): string {
  return startsKey(id, retries);
}
