import type { TaskMeta } from '../wire/task-meta.ts';
import type { AsyncResult } from './async-result.ts';
import { ancestorsOf, isGroup, isTask, leavesOf, type Result } from './result.ts';
import { isPropagated } from './states.ts';

/** Members of a group that are read at once: 10 requests. */
const windowSize = 1_000;

/**
 * Finds the errors that failures began with: that of the first failed step, root first. A body whose header failed has a
 * ChordError of its own; what its caller wants to know is what the member threw. Reads each row once.
 */
export class RootCauses {
  readonly #metas = new Map<AsyncResult, Promise<TaskMeta>>();
  readonly #before = new Map<Result, Promise<unknown>>();

  /** The error of what failed: the first before it, or else its own. */
  async of(result: AsyncResult): Promise<unknown> {
    return (await this.#causeBefore(result)) ?? result.result();
  }

  /** Undefined: none before it has failed. Shared by all that have the same parent, such as the members of a group. */
  async #causeBefore(result: AsyncResult): Promise<unknown> {
    const { parent } = result;
    if (!parent) return undefined;
    const search = this.#before.get(parent) ?? this.#search(ancestorsOf(result));
    this.#before.set(parent, search);
    return search;
  }

  async #search(path: readonly Result[]): Promise<unknown> {
    for (const node of path) {
      // The first unknown step is read with all others, in one request. Known ones may answer before: then nothing is read.
      if (!isGroup(node) && !node.isSettled) await this.#look(path.filter(isTask));
      const failed = await this.#firstFailed(isGroup(node) ? leavesOf(node.results) : [node]);
      if (failed) return isGroup(node) ? this.of(failed) : failed.result();
    }
    return undefined;
  }

  async #firstFailed(results: readonly AsyncResult[]): Promise<AsyncResult | undefined> {
    for (let start = 0; start < results.length; start += windowSize) {
      const window = results.slice(start, start + windowSize);
      const metas = await this.#look(window);
      const failed = window.find((_, i) => isPropagated(metas[i]?.state ?? 'PENDING'));
      if (failed) return failed;
    }
    return undefined;
  }

  #look(results: readonly AsyncResult[]): Promise<readonly TaskMeta[]> {
    return Promise.all(
      results.map((result) => {
        const meta = this.#metas.get(result) ?? result.meta();
        this.#metas.set(result, meta);
        return meta;
      }),
    );
  }
}
