import { isGroup, isTask, type Result } from './result.ts';

/** Deletes that are under way at once. */
const windowSize = 100;

/** Deletes results, those of the steps before them and the members of groups: each once, however many share it. */
export async function forgetAll(results: Iterable<Result>): Promise<void> {
  const all = new Set(results);
  // A set goes on with what is added on the way.
  for (const result of all) {
    if (isGroup(result)) for (const member of result.results) all.add(member);
    if (result.parent) all.add(result.parent);
  }
  const tasks = [...all].filter(isTask);
  for (let start = 0; start < tasks.length; start += windowSize) {
    const window = tasks.slice(start, start + windowSize);
    await Promise.all(window.map((task) => task.forget({ followParents: false })));
  }
}
