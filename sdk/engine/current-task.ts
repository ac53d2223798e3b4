import { AsyncLocalStorage } from 'node:async_hooks';
import type { ResultTuple } from '../wire/task-meta.ts';

/** The run that the code at hand belongs to. */
export interface CurrentTask {
  readonly id: string;
  readonly rootId: string;
  /** What the calls that it makes inherit; null: nothing. */
  readonly priority: number | null;
  /** What it has started so far. */
  readonly children: ResultTuple[];
  /** How much of its row they take. */
  readonly listed: { bytes: number };
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

/** What the list of a task's children may take: a row has room for 400 KB, and the result needs some of it. */
const maxChildren = 1_000;
const maxChildrenBytes = 100_000;

/** What a task starts is its child; those that would make the list too long are not listed. */
export function noteChild(result: ResultTuple): void {
  const task = currentTask();
  if (!task) return;
  const bytes = JSON.stringify(result).length;
  if (task.children.length >= maxChildren || task.listed.bytes + bytes > maxChildrenBytes) return;
  task.listed.bytes += bytes;
  task.children.push(result);
}
