import type { AsyncResult } from './async-result.ts';
import type { GroupResult } from './group-result.ts';

/** The handle on what a signature gives: the result of one task, or the results of a group. */
export type Result = AsyncResult | GroupResult<readonly unknown[]>;

export function isGroup(result: Result): result is GroupResult<readonly unknown[]> {
  return 'results' in result;
}

export function isTask(result: Result): result is AsyncResult {
  return !isGroup(result);
}

/** The results of single tasks in definition order: groups, and groups inside those, are replaced by their members. */
export function leavesOf(results: readonly Result[]): AsyncResult[] {
  return results.flatMap((result) => (isGroup(result) ? leavesOf(result.results) : [result]));
}

/** The results before one, root first: steps of a chain, and groups that a chord waits for. */
export function ancestorsOf({ parent }: Result): Result[] {
  const path: Result[] = [];
  for (let next = parent; next; next = next.parent) path.push(next);
  return path.reverse();
}
