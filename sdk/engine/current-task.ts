import { AsyncLocalStorage } from 'node:async_hooks';
import type { ResultTuple } from '../wire/task-meta.ts';

/** The run that the code at hand belongs to. */
export interface CurrentTask {
  readonly id: string;
  readonly rootId: string;
  /** What it has started so far. */
  readonly children: ResultTuple[];
}

const storage = new AsyncLocalStorage<CurrentTask>();

/** The task that calls, however deep in its functions; undefined outside of any. */
export function currentTask(): CurrentTask | undefined {
  return storage.getStore();
}

/** Runs something as that task. */
export function asCurrentTask<T>(task: CurrentTask, work: () => T): T {
  return storage.run(task, work);
}
