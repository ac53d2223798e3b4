import type { ResultTuple } from '../wire/task-meta.ts';
import type { Result } from './result.ts';
import { ResultCollection } from './result-collection.ts';
import type { ResultSource } from './result-source.ts';
import { tupleOf } from './result-tuple.ts';
import { deleteGroup, saveGroup } from './saved-group.ts';

/** What is known when the handle of a group is made. */
export interface KnownGroup {
  /** The members' results in order; a function is asked when the first is needed. */
  readonly results: readonly Result[] | (() => readonly Result[]);
  /** The result of the step before. */
  readonly parent?: Result | null;
}

/**
 * A handle on the results of a group, in the order of its members. `T` are the types of their values.
 *
 * Mirrors {@link https://docs.celeryq.dev/en/stable/reference/celery.result.html#celery.result.GroupResult Celery's GroupResult}.
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
 * const results = await Promise.all([add.delay(2, 2), add.delay(4, 4)]);
 * await app.GroupResult('sums', results).save();
 *
 * const group = await app.restoreGroup<[number, number]>('sums');
 * const [first, second] = (await group?.get()) ?? [];
 * console.log(first, second, await group?.successful()); // 4 8 true
 * ```
 */
export class GroupResult<T extends readonly unknown[] = unknown[]> extends ResultCollection<T> {
  readonly id: string;
  /** The result of the step before, in a workflow. The members share it. */
  readonly parent: Result | null;
  readonly #source: ResultSource;
  #members: KnownGroup['results'];

  constructor(id: string, source: ResultSource, { results, parent = null }: KnownGroup) {
    super(source);
    this.id = id;
    this.parent = parent;
    this.#source = source;
    this.#members = results;
  }

  /** One per member. Made when they are first asked for: the handle of a group of 100,000 costs nothing. */
  override get results(): readonly Result[] {
    if (typeof this.#members === 'function') this.#members = this.#members();
    return this.#members;
  }

  protected override get revocable(): readonly Result[] {
    return [this];
  }

  /** The same as `results`. */
  get children(): readonly Result[] {
    return this.results;
  }

  /**
   * Stores which results belong to the group, for `app.restoreGroup`, as long as results are kept. Python finds it too.
   *
   * @throws PayloadTooLargeError (PAYLOAD_TOO_LARGE) for a group of about 7,000 members or more; OperationalError (OPERATIONAL).
   */
  async save(): Promise<void> {
    await saveGroup(this.id, this.asTuple(), this.#source);
  }

  /** Deletes what `save` stored; the results stay. */
  async delete(): Promise<void> {
    await deleteGroup(this.id, this.#source);
  }

  /** This result as Celery writes it into others: `[[id, parent], members]`. */
  asTuple(): ResultTuple {
    return tupleOf(this);
  }

  /** So that a task may return the handle of a group. */
  toJSON(): ResultTuple {
    return this.asTuple();
  }
}
