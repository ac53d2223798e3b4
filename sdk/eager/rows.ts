import { AsyncLocalStorage } from 'node:async_hooks';
import type { TaskMeta } from '../wire/task-meta.ts';

/** What became of the tasks of an eager run, by their ids: its table. */
export type Rows = Map<string, TaskMeta>;

const storage = new AsyncLocalStorage<Rows>();

/** Gives an eager run its rows. A run inside a task shares those of the run around it, whose handle so knows every child. */
export function withRows<T>(work: (rows: Rows) => Promise<T>): Promise<T> {
  const rows: Rows = storage.getStore() ?? new Map();
  return storage.run(rows, () => work(rows));
}
