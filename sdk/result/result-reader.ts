import { Batcher } from '../outbox/batcher.ts';
import { failing } from '../outbox/insist.ts';
import type { Clock } from '../ports/clock.ts';
import type { Item, Table } from '../ports/table.ts';
import { taskMetaKey } from '../wire/keys.ts';
import { readTaskMeta, type TaskMeta } from '../wire/task-meta.ts';

/** Reads rows of tasks; reads of one turn of the event loop share requests of 100. */
export interface ResultReader {
  /**
   * Undefined: there is no row, so the task is pending, or unknown, or its result has expired.
   *
   * @throws OperationalError if the table cannot be read
   */
  read(taskId: string): Promise<TaskMeta | undefined>;
  forget(taskId: string): Promise<void>;
}

export function createResultReader({ table, clock }: { table: Table; clock: Clock }): ResultReader {
  const batcher = new Batcher<string, Item | undefined>({
    maxItems: 100,
    async carryOut(ids) {
      const rows = await table.read([...new Set(ids)]);
      const byId = new Map(rows.map((row) => [row.id, row]));
      return ids.map((id) => byId.get(id));
    },
  });
  return {
    async read(taskId) {
      const row = await batcher.add(taskMetaKey(taskId)).catch(unreadable(taskId));
      return row && readTaskMeta(taskId, row, clock.now());
    },
    forget: (taskId) => table.delete(taskMetaKey(taskId)).catch(unreadable(taskId)),
  };
}

function unreadable(taskId: string) {
  return failing(`Reading the result of task ${taskId}`);
}
