import { ConfigurationError } from '../errors/index.ts';
import type { AsyncResult } from './async-result.ts';
import { keyOf } from './dependencies.ts';
import type { GroupResult } from './group-result.ts';
import type { Result } from './result.ts';
import { ResultCollection } from './result-collection.ts';
import type { ResultSource } from './result-source.ts';

/** The value of a handle. */
export type ValueOf<H> = H extends AsyncResult<infer R> ? R : H extends GroupResult<infer T> ? T : never;

/** A handle on a value of that type. */
type HandleOf<R> = AsyncResult<R> | GroupResult<R & readonly unknown[]>;

/**
 * Results that are waited for together. A result is in it once.
 *
 * Mirrors {@link https://docs.celeryq.dev/en/stable/reference/celery.result.html#celery.result.ResultSet Celery's ResultSet}.
 *
 * @example
 * ```ts
 * import { Tallo } from 'tallo';
 * import { memoryCloud } from 'tallo/testing';
 *
 * const app = new Tallo('store');
 * const add = app.task('math.add', (x: number, y: number) => x + y);
 * await using cloud = memoryCloud(app);
 *
 * const sums = app.ResultSet([await add.delay(1, 1)]);
 * sums.add(await add.delay(2, 2));
 * console.log((await sums.get()).join(' and ')); // 2 and 4
 * ```
 */
export class ResultSet<R = unknown> extends ResultCollection<R[]> {
  readonly #results = new Map<string, Result>();

  /** `R` is the type of the results' values. */
  constructor(results: Iterable<Result>, source: ResultSource) {
    super(source);
    for (const result of results) this.#add(result);
  }

  override get results(): readonly Result[] {
    return [...this.#results.values()];
  }

  /** Does nothing if the result is in the set. */
  add(result: HandleOf<R>): void {
    this.#add(result);
  }

  /** @throws ConfigurationError (CONFIGURATION) if the result, or that of a task of this id, is not in the set. */
  remove(result: HandleOf<R> | string): void {
    const key = memberKey(result);
    if (this.#results.delete(key)) return;
    throw new ConfigurationError(`Expected the set to have the result of ${key}, it has not. Use discard().`);
  }

  /** As `remove`, but does nothing if the result is not in the set. */
  discard(result: HandleOf<R> | string): void {
    this.#results.delete(memberKey(result));
  }

  update(results: Iterable<HandleOf<R>>): void {
    for (const result of results) this.add(result);
  }

  clear(): void {
    this.#results.clear();
  }

  #add(result: Result): void {
    const key = keyOf(result);
    if (!this.#results.has(key)) this.#results.set(key, result);
  }
}

function memberKey(result: Result | string): string {
  return typeof result === 'string' ? `task ${result}` : keyOf(result);
}
