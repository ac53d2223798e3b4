import { TimeoutError } from '../errors/index.ts';
import type { GetOptions } from './get-options.ts';
import { isGroup, isTask, type Result } from './result.ts';

/** How to walk a tree of results. */
export interface GraphOptions {
  /** Go on at results that are not ready, with the children that are known. @default false */
  readonly intermediate?: boolean;
}

/** How to wait for a tree of results. */
export interface CollectOptions extends GetOptions, GraphOptions {}

/** Rows that are read ahead: one request. */
const rowsAhead = 100;

/** A result, and every result below it, level by level; each once. */
export async function* dependencies(
  root: Result,
  { intermediate = false }: GraphOptions,
): AsyncGenerator<[parent: Result | null, result: Result]> {
  const queue: [Result | null, Result][] = [[null, root]];
  // A task that sends itself again under its own id is its own child.
  const seen = new Set([keyOf(root)]);
  // The loop goes on with what is added on the way.
  for (const [i, [parent, result]] of queue.entries()) {
    await readAhead(result, queue.slice(i, i + 10 * rowsAhead));
    yield [parent, result];
    if (!intermediate && !(await result.ready())) throw notReady(result);
    for (const child of await childrenOf(result)) {
      if (seen.has(keyOf(child))) continue;
      seen.add(keyOf(child));
      queue.push([result, child]);
    }
  }
}

export async function* collect(
  root: Result,
  options: CollectOptions,
): AsyncGenerator<[result: Result, value: unknown]> {
  for await (const [, result] of dependencies(root, options)) yield [result, await result.get(options)];
}

/** Whoever comes next is read in the same request. */
async function readAhead(result: Result, queue: readonly [Result | null, Result][]): Promise<void> {
  if (isGroup(result) || result.isSettled) return;
  const tasks = queue.map(([, next]) => next).filter(isTask);
  const unknown = tasks.filter(({ isSettled }) => !isSettled);
  await Promise.all(unknown.slice(0, rowsAhead).map((next) => next.ready()));
}

async function childrenOf(result: Result): Promise<readonly Result[]> {
  return isGroup(result) ? result.results : result.children();
}

/** Tells a group from a task of the same id. */
export function keyOf(result: Result): string {
  return `${isGroup(result) ? 'group' : 'task'} ${result.id}`;
}

function notReady(result: Result): TimeoutError {
  return new TimeoutError(
    `Expected the result of ${keyOf(result)} to be ready: what it started is known at its end. Wait for it with collect(), or pass intermediate: true.`,
  );
}
