import { decodeException } from '../wire/exception.ts';
import type { Json } from '../wire/json.ts';
import { pendingMeta, type TaskMeta } from '../wire/task-meta.ts';
import { decodeValue } from '../wire/values.ts';
import { decodeResult } from './decode-result.ts';
import type { Result } from './result.ts';
import type { ResultSource } from './result-source.ts';
import { isException, isPropagated, isReady, type State } from './states.ts';

/** What is known when the handle is made. */
export interface KnownResult {
  readonly task?: string;
  /** The result of the step before. */
  readonly parent?: Result | null;
  /** The call asked for no result: there is nothing to wait for. */
  readonly ignored?: boolean;
  /** The end, when it is known already. */
  readonly meta?: TaskMeta;
}

/**
 * What the table tells of one task. Every question reads the row once, and none does so after the task has come to its end.
 * Questions asked together share requests.
 */
export class StoredResult {
  readonly id: string;
  /** The call asked for no result: `get` gives null. */
  readonly ignored: boolean;
  readonly #source: ResultSource;
  readonly #task: string | undefined;
  #final: TaskMeta | undefined;

  constructor(id: string, source: ResultSource, { task, meta, ignored = false }: KnownResult) {
    this.id = id;
    this.ignored = ignored;
    this.#source = source;
    this.#task = task;
    this.#final = meta;
  }

  /** Whether this handle knows the end, so that no question needs to be asked. */
  get isSettled(): boolean {
    return this.#final !== undefined;
  }

  /** Everything that is known now, with one read: for a status page. */
  async meta(): Promise<TaskMeta> {
    if (this.#final) return this.#final;
    const { reader } = await this.#source.connect();
    const meta = (await reader.read(this.id)) ?? { ...pendingMeta(this.id), name: this.#task ?? null };
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
    const meta = await this.meta();
    if (isPropagated(meta.state) || (isException(meta.state) && meta.result !== null)) {
      return decodeException(meta.result, meta.traceback);
    }
    const value = decodeValue(meta.result);
    const task = this.#task ?? meta.name;
    const schema = task === null ? undefined : this.#source.taskNamed(task)?.result;
    return schema && task && meta.state === 'SUCCESS' ? decodeResult(schema, value, task) : value;
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

  /** Deletes the result. */
  async forget(): Promise<void> {
    this.#final = undefined;
    const { reader } = await this.#source.connect();
    await reader.forget(this.id);
  }
}
