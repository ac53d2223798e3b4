import type { Task } from '../task/task.ts';
import type { Group } from './types/group.ts';

/**
 * Splits many calls of a task into few messages: a group, each member of which runs the task over `size` of the tuples, one after the
 * other. Its results are lists of results.
 *
 * Mirrors {@link https://docs.celeryq.dev/en/stable/userguide/canvas.html#chunks celery.chunks}.
 *
 * @example
 * ```ts
 * import { chunks, Tallo } from 'tallo';
 *
 * const app = new Tallo('store');
 * const add = app.task('math.add', (x: number, y: number) => x + y);
 *
 * const sums = chunks(add, [[1, 1], [2, 2], [3, 3]], 2); // await sums.delay() sends two messages
 * console.log(sums.tasks.length); // 2
 * ```
 */
export function chunks<P extends readonly unknown[], R>(
  task: Pick<Task<P, R>, 'chunks'>,
  tuples: Iterable<P>,
  size: number,
): Group<[], Awaited<R>[][], unknown> {
  return task.chunks(tuples, size);
}
