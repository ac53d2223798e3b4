import { Batcher } from '../outbox/batcher.ts';
import type { Clock } from '../ports/clock.ts';
import type { Item, Table } from '../ports/table.ts';
import { taskMetaKey } from '../wire/keys.ts';
import { readTaskMeta, type TaskMeta } from '../wire/task-meta.ts';

/** Reads rows of tasks; reads of the same moment share requests of 100. */
export interface ResultReader {
  /** Undefined: there is no row, so the task is pending, or unknown, or its result has expired. */
  read(taskId: string): Promise<TaskMeta | undefined>;
  forget(taskId: string): Promise<void>;
}

export function createResultReader({ table, clock }: { table: Table; clock: Clock }): ResultReader {
  const batcher = new Batcher<string, Item | undefined>({
    maxItems: 100,
    // Waiters wake up on the same ticks of the clock, give or take a turn of the event loop.
    linger: { milliseconds: 2, clock },
    async carryOut(ids) {
      const rows = await table.read([...new Set(ids)]);
      const byId = new Map(rows.map((row) => [row.id, row]));
      return ids.map((id) => byId.get(id));
    },
  });
  return {
    async read(taskId) {
      const row = await batcher.add(taskMetaKey(taskId));
      return row && readTaskMeta(taskId, row, clock.now());
    },
    forget: (taskId) => table.delete(taskMetaKey(taskId)),
  };
}
