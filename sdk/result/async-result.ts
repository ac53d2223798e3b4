import { currentTask } from '../engine/current-task.ts';
import { WaitInsideTaskError } from '../errors/index.ts';
import { decodeException } from '../wire/exception.ts';
import type { Json } from '../wire/json.ts';
import { pendingMeta, type ResultTuple, type TaskMeta } from '../wire/task-meta.ts';
import { decodeValue } from '../wire/values.ts';
import { decodeResult } from './decode-result.ts';
import type { ResultSource } from './result-source.ts';
import { isException, isPropagated, isReady, type State } from './states.ts';
import { type WaitOptions, waitUntilReady } from './wait.ts';

/** How to get a result. */
export interface GetOptions extends WaitOptions {
  /** Throw what the task threw; false: return it. @default true */
  readonly propagate?: boolean;
  /** Refuse to wait inside a task. @default true */
  readonly disableSyncSubtasks?: boolean;
}

/** What is known when the handle is made. */
export interface KnownResult {
  readonly task?: string;
  readonly parent?: AsyncResult | null;
  /** The call asked for no result: there is nothing to wait for. */
  readonly ignored?: boolean;
  /** The end, when it is known already. */
  readonly meta?: TaskMeta;
}

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
export class AsyncResult<R = unknown> {
  readonly id: string;
  /** The result of the step before, in a chain. */
  readonly parent: AsyncResult | null;
  readonly #source: ResultSource;
  readonly #known: KnownResult;
  #final: TaskMeta | undefined;

  constructor(id: string, source: ResultSource, known: KnownResult = {}) {
    this.id = id;
    this.parent = known.parent ?? null;
    this.#source = source;
    this.#known = known;
    this.#final = known.meta;
  }

  /**
   * Waits for the end and returns what the task returned.
   *
   * @throws what the task threw, as an error of the same name; TaskRevokedError if it was revoked or had expired;
   * TimeoutError (TIMEOUT); WaitInsideTaskError (WAIT_INSIDE_TASK).
   */
  async get(options?: GetOptions & { propagate?: true }): Promise<R>;
  async get(options: GetOptions): Promise<R | Error>;
  async get(options: GetOptions = {}): Promise<R | Error> {
    // What a task returns is R by the type of its definition; a call that ignores its result gives null, as in Celery.
    if (this.#known.ignored) return null as R;
    if (!this.#final && (options.disableSyncSubtasks ?? true) && currentTask()) throw waitInsideTask();
    this.#final ??= await waitUntilReady(this.id, options, await this.#source.connect());
    const value = await this.#valueOf(this.#final);
    if (isPropagated(this.#final.state) && (options.propagate ?? true)) throw value;
    return value as R;
  }

  /** Everything that is known now, with one read: for a status page. */
  async meta(): Promise<TaskMeta> {
    if (this.#final) return this.#final;
    const meta = (await this.#read()) ?? {
      ...pendingMeta(this.id),
      name: this.#known.task ?? null,
    };
    if (isReady(meta.state)) this.#final = meta;
    return meta;
  }

  /** PENDING also means that nobody knows this id. */
  async state(): Promise<State> {
    return (await this.meta()).state;
  }

  async ready(): Promise<boolean> {
    return isReady(await this.state());
  }

  async successful(): Promise<boolean> {
    return (await this.state()) === 'SUCCESS';
  }

  /** A revoked task is ready, but it has not failed. */
  async failed(): Promise<boolean> {
    return (await this.state()) === 'FAILURE';
  }

  /** The value, the error, or what `self.updateState` stored; null as long as there is nothing. Never throws the task's error. */
  async result(): Promise<unknown> {
    return this.#valueOf(await this.meta());
  }

  /** The same as `result`, under the name that reads well for progress data. */
  async info(): Promise<unknown> {
    return this.result();
  }

  async traceback(): Promise<string | null> {
    return (await this.meta()).traceback;
  }

  async retries(): Promise<number> {
    return (await this.meta()).retries;
  }

  async name(): Promise<string | null> {
    return (await this.meta()).name;
  }

  /** Null unless the app has `resultExtended`. */
  async args(): Promise<readonly unknown[] | null> {
    const { args } = await this.meta();
    return Array.isArray(args) ? args.map((arg: Json) => decodeValue(arg)) : null;
  }

  /** Null unless the app has `resultExtended`. */
  async kwargs(): Promise<unknown> {
    return decodeValue((await this.meta()).kwargs);
  }

  async dateDone(): Promise<Date | null> {
    return (await this.meta()).dateDone;
  }

  /** The results of what the task started. */
  async children(): Promise<AsyncResult[]> {
    const { children } = await this.meta();
    return children
      .map(idOf)
      .filter((id) => id !== undefined)
      .map((id) => new AsyncResult(id, this.#source));
  }

  /** Deletes the result, and those of the steps before. */
  async forget(): Promise<void> {
    this.#final = undefined;
    const { reader } = await this.#source.connect();
    await Promise.all([reader.forget(this.id), this.parent?.forget()]);
  }

  /** This result as Celery writes it into others: `[[id, parent], null]`. */
  asTuple(): ResultTuple {
    return [[this.id, this.parent?.asTuple() ?? null], null];
  }

  /** So that a task may return the handle of another. */
  toJSON(): ResultTuple {
    return this.asTuple();
  }

  async #read(): Promise<TaskMeta | undefined> {
    const { reader } = await this.#source.connect();
    return reader.read(this.id);
  }

  async #valueOf(meta: TaskMeta): Promise<unknown> {
    if (isException(meta.state))
      return meta.result === null ? null : decodeException(meta.result, meta.traceback);
    const value = decodeValue(meta.result);
    const task = this.#known.task ?? meta.name;
    const schema = task === null ? undefined : this.#source.taskNamed(task)?.result;
    return schema && task && meta.state === 'SUCCESS' ? decodeResult(schema, value, task) : value;
  }
}

function idOf(tuple: ResultTuple): string | undefined {
  const [node] = Array.isArray(tuple) ? tuple : [];
  const [id] = Array.isArray(node) ? node : [];
  return typeof id === 'string' ? id : undefined;
}

function waitInsideTask(): WaitInsideTaskError {
  return new WaitInsideTaskError(
    'Expected a task not to wait for another: it can wait for ever and is billed meanwhile. Use a chain or a chord, or pass disableSyncSubtasks: false.',
  );
}
