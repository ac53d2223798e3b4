import type { RevokeOptions } from '../control/revoke-options.ts';
import type { ResultTuple } from '../wire/task-meta.ts';
import { type CollectOptions, collect, dependencies, type GraphOptions } from './dependencies.ts';
import { forgetAll } from './forget.ts';
import { gather } from './gather.ts';
import type { GetOptions } from './get-options.ts';
import { graphOf, type ResultGraph } from './graph.ts';
import type { Result } from './result.ts';
import type { ResultSource } from './result-source.ts';
import { readTuple, tupleOf } from './result-tuple.ts';
import { isPropagated } from './states.ts';
import { type KnownResult, StoredResult } from './stored-result.ts';

/**
 * A handle on the result of a call; it needs nothing but the id. Every question reads the table once, and none
 * does so after the task has come to its end. Questions asked together share requests.
 *
 * Mirrors {@link https://docs.celeryq.dev/en/stable/reference/celery.result.html#celery.result.AsyncResult Celery's AsyncResult}.
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
 * const { id } = await add.delay(2, 3);
 * const result = app.AsyncResult<number>(id);
 * console.log(await result.get({ timeout: '10s' }), await result.state()); // 5 SUCCESS
 * ```
 */
export class AsyncResult<R = unknown> extends StoredResult {
  /** The result of the step before, in a workflow: of a task, or of the group that a chord waits for. */
  readonly parent: Result | null;
  readonly #source: ResultSource;

  constructor(id: string, source: ResultSource, known: KnownResult = {}) {
    super(id, source, known);
    this.parent = known.parent ?? null;
    this.#source = source;
  }

  /**
   * Waits for the end and returns what the task returned.
   *
   * @throws what the task threw, as an error of the same name, or what a step before it threw; TaskRevokedError if it was
   * revoked or had expired; TimeoutError (TIMEOUT); WaitInsideTaskError (WAIT_INSIDE_TASK).
   */
  async get(options?: GetOptions & { propagate?: true }): Promise<R>;
  async get(options: GetOptions): Promise<R | Error>;
  async get(options: GetOptions = {}): Promise<R | Error> {
    const [value] = await gather([this], options, this.#source);
    // What a task returns is R by the type of its definition; a call that ignores its result gives null, as in Celery.
    return value as R | Error;
  }

  /** Throws the task's error if it has failed; else what `result` gives. Does not wait. */
  async maybeThrow(): Promise<unknown> {
    const value = await this.result();
    if (isPropagated(await this.state())) throw value;
    return value;
  }

  /** The results of what the task started. */
  async children(): Promise<Result[]> {
    const { children } = await this.meta();
    return children.filter(readTuple).map((tuple) => this.#source.fromTuple(tuple));
  }

  /**
   * Walks the tree of what the task started, and what that started: `[parent, result]`, level by level. Does not wait.
   *
   * @throws TimeoutError (TIMEOUT) at a result that is not ready, since its children are not known: unless `intermediate` is set
   */
  iterdeps(options: GraphOptions = {}): AsyncGenerator<[parent: Result | null, result: Result]> {
    return dependencies(this, options);
  }

  /** Waits for every result in the tree of what the task started: `[result, value]`, level by level. `timeout` is for each. */
  collect(options: CollectOptions = {}): AsyncGenerator<[result: Result, value: unknown]> {
    return collect(this, options);
  }

  /** Waits for the tree of what the task started, and returns the value of the last result in it. */
  async getLeaf(options: CollectOptions = {}): Promise<unknown> {
    let leaf: unknown = null;
    for await (const [, value] of this.collect(options)) leaf = value;
    return leaf;
  }

  /** The tree of what the task started, as plain data: to draw it, or to send it. Throws as `iterdeps` does. */
  async graph(options: GraphOptions = {}): Promise<ResultGraph> {
    return graphOf(this, options);
  }

  /** Deletes the result, and those of the steps before unless `followParents` is false. */
  override async forget({ followParents = true }: { readonly followParents?: boolean } = {}): Promise<void> {
    await (followParents ? forgetAll([this]) : super.forget());
  }

  /**
   * Revokes the call and the steps before it, groups among them: what has not begun will never run and becomes REVOKED, with all that
   * would have followed it. A handle that was made from an id alone knows no steps before.
   *
   * @throws ConfigurationError (CONFIGURATION), OperationalError (OPERATIONAL).
   * Mirrors {@link https://docs.celeryq.dev/en/stable/userguide/workers.html#revoke-revoking-tasks revoke}.
   */
  async revoke(options: RevokeOptions = {}): Promise<void> {
    await this.#source.revoke([this], options);
  }

  /** This result as Celery writes it into others: `[[id, parent], null]`. */
  asTuple(): ResultTuple {
    return tupleOf(this);
  }

  /** So that a task may return the handle of another. */
  toJSON(): ResultTuple {
    return this.asTuple();
  }
}
