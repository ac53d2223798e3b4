import type { RevokeOptions } from '../control/revoke-options.ts';
import type { TaskMeta } from '../wire/task-meta.ts';
import type { AsyncResult } from './async-result.ts';
import { forgetAll } from './forget.ts';
import { gather } from './gather.ts';
import type { GetOptions } from './get-options.ts';
import { leavesOf, type Result } from './result.ts';
import type { ResultSource } from './result-source.ts';
import { isPropagated, isReady } from './states.ts';

/** Values with errors among them, where tasks failed. */
export type ValuesOrErrors<T extends readonly unknown[]> = { [K in keyof T]: T[K] | Error };

/** Results that are read at once: 10 requests. */
const windowSize = 1_000;

/** What can be asked of several results together: each question reads those that are not known to be ready, 100 with one request. */
export abstract class ResultCollection<T extends readonly unknown[]> {
  readonly #source: ResultSource;

  constructor(source: ResultSource) {
    this.#source = source;
  }

  /** In the order in which they were given. */
  abstract get results(): readonly Result[];

  get length(): number {
    return this.results.length;
  }

  [Symbol.iterator](): Iterator<Result> {
    return this.results[Symbol.iterator]();
  }

  /**
   * Waits for all and returns their values in order; a group inside gives a list. Waits in one loop: 1,000 results cost 10 requests
   * for each look, and more are not looked at together. `timeout` is for all.
   *
   * @throws the error of the first in order that failed, as soon as those before it are ready; with `propagate: false` errors
   * stand in place of the values. TimeoutError (TIMEOUT); WaitInsideTaskError (WAIT_INSIDE_TASK).
   */
  async get(options?: GetOptions & { propagate?: true }): Promise<T>;
  async get(options: GetOptions): Promise<ValuesOrErrors<T>>;
  async get(options: GetOptions = {}): Promise<T | ValuesOrErrors<T>> {
    // What the tasks return is T by the types of their definitions.
    return (await gather(this.results, options, this.#source)) as unknown as T;
  }

  /** The same as `get`, under Celery's older name. */
  async join(options?: GetOptions & { propagate?: true }): Promise<T>;
  async join(options: GetOptions): Promise<ValuesOrErrors<T>>;
  async join(options: GetOptions = {}): Promise<T | ValuesOrErrors<T>> {
    return this.get(options);
  }

  /** Whether all have come to their end, good or bad. */
  async ready(): Promise<boolean> {
    return !(await this.#some(({ state }) => !isReady(state)));
  }

  /** Whether some have not come to their end. */
  async waiting(): Promise<boolean> {
    return !(await this.ready());
  }

  /** Whether all have succeeded. */
  async successful(): Promise<boolean> {
    return !(await this.#some(({ state }) => state !== 'SUCCESS'));
  }

  /** Whether one has failed. */
  async failed(): Promise<boolean> {
    return this.#some(({ state }) => state === 'FAILURE');
  }

  /** How many have succeeded; a group inside counts as one. */
  async completedCount(): Promise<number> {
    const successful = new Set<AsyncResult>();
    for await (const [results, metas] of this.#windows()) {
      for (const [i, result] of results.entries()) if (metas[i]?.state === 'SUCCESS') successful.add(result);
    }
    return this.results.filter((result) => leavesOf([result]).every((leaf) => successful.has(leaf))).length;
  }

  /** Throws the error of the first that has failed. Does not wait. */
  async maybeThrow(): Promise<void> {
    for await (const [results, metas] of this.#windows()) {
      const failed = results.find((_, i) => isPropagated(metas[i]?.state ?? 'PENDING'));
      if (failed) throw await failed.result();
    }
  }

  /** Revokes the calls, and the steps before them, as `AsyncResult.revoke` does. A group costs no more than a single call. */
  async revoke(options: RevokeOptions = {}): Promise<void> {
    await this.#source.revoke(this.revocable, options);
  }

  /** The results, or the one result that stands for them. */
  protected get revocable(): readonly Result[] {
    return this.results;
  }

  /** Deletes the results, and those of the steps before. */
  async forget(): Promise<void> {
    await forgetAll(this.results);
  }

  async #some(isSo: (meta: TaskMeta) => boolean): Promise<boolean> {
    for await (const [, metas] of this.#windows()) if (metas.some(isSo)) return true;
    return false;
  }

  async *#windows(): AsyncGenerator<[readonly AsyncResult[], readonly TaskMeta[]]> {
    const leaves = leavesOf(this.results);
    for (let start = 0; start < leaves.length; start += windowSize) {
      const window = leaves.slice(start, start + windowSize);
      yield [window, await Promise.all(window.map((leaf) => leaf.meta()))];
    }
  }
}
