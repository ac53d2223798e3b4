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

/** More children than this are not listed: a row has room for 400 KB. */
const maxChildren = 1_000;

/** What a task starts is its child. */
export function noteChild(result: ResultTuple): void {
  const children = currentTask()?.children;
  if (children && children.length < maxChildren) children.push(result);
}
