import { addEntries } from '../beat/add-entries.ts';
import type { BeatEntries, BeatTask } from '../beat/beat-entry.ts';
import { BeatSchedules } from '../beat/beat-schedules.ts';
import type { CheckedEntry } from '../beat/checked-entry.ts';
import { schedulesOfEntries } from '../beat/schedule-of-entry.ts';
import type { CallOptions } from '../call/call-options.ts';
import { resultSource } from '../call/result-source.ts';
import { sendCall } from '../call/send-call.ts';
import { encodeKeyword } from '../canvas/prepend.ts';
import { Signature, type UntypedSignature } from '../canvas/signature.ts';
import type { SignatureOptions } from '../canvas/signature-options.ts';
import { namedTask, type TaskSignature } from '../canvas/task-signature.ts';
import { Control } from '../control/control.ts';
import { ConfigurationError } from '../errors/index.ts';
import type { Cloud } from '../ports/cloud.ts';
import { AsyncResult } from '../result/async-result.ts';
import { GroupResult } from '../result/group-result.ts';
import type { Result } from '../result/result.ts';
import { ResultSet, type ValueOf } from '../result/result-set.ts';
import { restoredGroup } from '../result/saved-group.ts';
import { decodeArguments } from '../task/arguments.ts';
import { createTask } from '../task/create-task.ts';
import type { BoundRun, Exact, ParametersOf, ReturnOf, Task, UnboundRun } from '../task/task.ts';
import { defineTask, type TaskDefinition, type TaskFunction } from '../task/task-definition.ts';
import type { TaskOptions } from '../task/task-options.ts';
import type { SignatureJson } from '../wire/signature.ts';
import { encodeValue } from '../wire/values.ts';
import type { AppCore } from './app-core.ts';
import { type Connection, closedError, connect } from './connection.ts';
import type { AppOptions } from './options.ts';
import { readOptions, type Settings } from './settings.ts';
import { stageOfEnvironment } from './stage.ts';
import { namesIn, type Topology, type TopologyOptions } from './topology.ts';

/** By this the command line knows an app, also one of another copy of this package. */
export const appBrand: unique symbol = Symbol.for('tallo.app');

/**
 * An app: its tasks, its queues and where calls go. The back end, the worker and the deployment read the same one.
 *
 * Mirrors {@link https://docs.celeryq.dev/en/stable/reference/celery.html#celery.Celery the Celery class}.
 *
 * @example
 * ```ts
 * import { Tallo } from 'tallo';
 *
 * const app = new Tallo('store', {
 *   queues: { default: {}, emails: { concurrency: 10 }, heavy: { memoryMiB: 2048, timeLimit: '10m' } },
 *   routes: { 'emails.*': 'emails', 'video.*': 'heavy' },
 * });
 * const greet = app.task('emails.greet', (name: string) => `Hello ${name}`);
 * console.log(greet('Ada')); // Hello Ada
 * ```
 */
export class Tallo implements AppCore {
  readonly [appBrand] = true;
  readonly name: string;
  readonly settings: Settings;
  /** Revokes calls. */
  readonly control: Control;
  /** The entries of beat as they are in the cloud, to be made and changed at run time. */
  readonly schedules: BeatSchedules;
  readonly #options: AppOptions;
  readonly #definitions = new Map<string, TaskDefinition>();
  readonly #beatEntries = new Map<string, CheckedEntry>();
  #connection: Promise<Connection> | undefined;

  /** @throws ConfigurationError (CONFIGURATION) that names the option, what was expected and what came. */
  constructor(name: string, options: AppOptions = {}) {
    this.name = name;
    this.#options = options;
    this.settings = readOptions(name, options, stageOfEnvironment());
    this.control = new Control(this);
    this.schedules = new BeatSchedules(this);
  }

  /**
   * Defines a task. The name is what travels: keep it when the function moves or is renamed. Write the type of each
   * parameter, of those with a default too (TypeScript takes `depth = 1` for unknown here), or give a schema. A parameter that
   * may be left out needs a default: `depth?: number` cannot be told from a required one at run time.
   *
   * @throws ConfigurationError (CONFIGURATION) for a name that is taken or an option that is not as it must be.
   */
  task<P extends readonly unknown[], R>(name: string, run: UnboundRun<P, R>): Task<P, R>;
  task<const O extends TaskOptions & { bind: true }, P extends ParametersOf<O>, R extends ReturnOf<O>>(
    name: string,
    options: O,
    run: BoundRun<Exact<O, P>, R>,
  ): Task<Exact<O, P>, R>;
  task<const O extends TaskOptions & { bind?: false }, P extends ParametersOf<O>, R extends ReturnOf<O>>(
    name: string,
    options: O,
    run: UnboundRun<Exact<O, P>, R>,
  ): Task<Exact<O, P>, R>;
  task(name: string, ...rest: readonly unknown[]): unknown {
    const [options, run] = rest.length === 1 ? [{}, rest[0]] : rest;
    if (typeof run !== 'function')
      throw new ConfigurationError(`Task '${name}': expected a function, got ${typeof run}.`);
    if (this.#definitions.has(name))
      throw new ConfigurationError(`Task '${name}' is defined twice. Give one of them another name.`);
    // The overloads say what came; defineTask refuses what plain JavaScript may have passed.
    const definition = defineTask(name, options as TaskOptions, {
      run: run as TaskFunction,
      defaults: this.settings.taskDefaults,
    });
    const task = createTask(this, definition);
    this.#definitions.set(name, definition);
    return task;
  }

  /**
   * Has tasks started again and again, or at a date: each entry by its name, of 1 to 50 letters, digits, `.`, `_` or `-`. Several calls
   * add up. A change takes effect with the next deployment, or the next start of the local cloud.
   *
   * @throws ConfigurationError (CONFIGURATION) for a name that is taken or an entry that is not as it must be; ArgumentsError (ARGUMENTS),
   * EncodeError (ENCODE).
   * Mirrors {@link https://docs.celeryq.dev/en/stable/userguide/periodic-tasks.html#entries beat_schedule}.
   */
  beat<const T extends Readonly<Record<string, BeatTask>>>(entries: BeatEntries<T>): void {
    addEntries(this, this.#beatEntries, entries);
  }

  /**
   * Calls a task by its name: one that lives elsewhere, in another service or in Python. Arguments are given as they
   * travel; if this app defines the task, they are checked as its worker will check them.
   *
   * @throws ArgumentsError (ARGUMENTS) and what `delay` throws.
   * Mirrors {@link https://docs.celeryq.dev/en/stable/reference/celery.html#celery.Celery.send_task send_task}.
   */
  async sendTask<R = unknown>(
    name: string,
    args: readonly unknown[] = [],
    options: CallOptions & { readonly kwargs?: Readonly<Record<string, unknown>> } = {},
  ): Promise<AsyncResult<R>> {
    const { kwargs = {}, ...callOptions } = options;
    const wire = {
      args: args.map((arg, i) => encodeValue(arg, `args[${i}]`)),
      kwargs: encodeKeyword(kwargs),
    };
    const definition = this.#definitions.get(name);
    if (definition) await decodeArguments(definition, wire);
    // What a task elsewhere returns only its caller knows.
    return (await sendCall(this, name, { wire, options: callOptions })) as AsyncResult<R>;
  }

  /**
   * A call that is made later: of a task that lives elsewhere, by its name and with arguments as they travel, or one that came as JSON.
   * Say what it misses and gives as `app.signature<[number], string>('math.spell')`; otherwise it fits everywhere.
   *
   * @throws ConfigurationError (CONFIGURATION) for what is no signature, EncodeError (ENCODE).
   * Mirrors {@link https://docs.celeryq.dev/en/stable/reference/celery.html#celery.signature signature}.
   */
  signature(json: SignatureJson): UntypedSignature;
  // Without type parameters of its own: TypeScript would guess them from where the signature is used.
  signature(name: string, args?: readonly unknown[], options?: SignatureOptions): TaskSignature;
  signature<In extends readonly unknown[], Out = unknown>(
    name: string,
    args?: readonly unknown[],
    options?: SignatureOptions,
  ): TaskSignature<In, Out>;
  signature(
    task: string | SignatureJson,
    given: readonly unknown[] = [],
    options: SignatureOptions = {},
  ): unknown {
    if (typeof task !== 'string') return Signature.fromJSON(this, task);
    return new Signature(namedTask(this, task, { given, options }));
  }

  /**
   * The handle on a result, from its id alone.
   *
   * @throws ConfigurationError (CONFIGURATION) for an empty id: nobody would ever have a result for it.
   */
  AsyncResult<R = unknown>(id: string): AsyncResult<R> {
    return new AsyncResult<R>(checkedId(id), resultSource(this));
  }

  /** A handle on several results under an id of your choice: save it, and restore it elsewhere. Throws as `AsyncResult` does. */
  GroupResult<T extends readonly unknown[] = unknown[]>(
    id: string,
    results: readonly Result[],
  ): GroupResult<T> {
    return new GroupResult<T>(checkedId(id), resultSource(this), { results });
  }

  /** The group that was saved under that id, here or in Python; null if there is none. Throws as `AsyncResult` does. */
  async restoreGroup<T extends readonly unknown[] = unknown[]>(id: string): Promise<GroupResult<T> | null> {
    return restoredGroup<T>(checkedId(id), resultSource(this));
  }

  /** Results to wait for together, whatever they come from. */
  ResultSet<H extends Result>(results: Iterable<H> = []): ResultSet<ValueOf<H>> {
    return new ResultSet<ValueOf<H>>(results, resultSource(this));
  }

  get definitions(): ReadonlyMap<string, TaskDefinition> {
    return this.#definitions;
  }

  get beatEntries(): ReadonlyMap<string, CheckedEntry> {
    return this.#beatEntries;
  }

  /** What the app needs in the cloud, as plain data. A date of beat that is over by `now` is left out, with a warning. */
  topology({ now = new Date(), stage }: TopologyOptions = {}): Topology {
    const settings = stage === undefined ? this.settings : readOptions(this.name, this.#options, stage);
    return { ...settings.topology, schedules: schedulesOfEntries(this.#beatEntries.values(), now) };
  }

  /** Uses that cloud from now on instead of AWS. */
  connect(cloud: Cloud): void {
    this.#connection = Promise.resolve(connect(cloud, this.settings));
  }

  connection(): Promise<Connection> {
    this.#connection ??= this.#connectToAws();
    return this.#connection;
  }

  /** Lets the connections go. Calls are refused from then on, until the app is connected again. */
  async close(): Promise<void> {
    const connection = this.#connection;
    // Not back to AWS: a call that comes too late for a local cloud must not reach a real one.
    this.#connection = Promise.reject(closedError(this.name));
    this.#connection.catch(() => undefined);
    await (await connection?.catch(() => undefined))?.cloud.close();
  }

  /** Loaded when it is needed: tests in memory and eager runs do not pay for the AWS clients. */
  async #connectToAws(): Promise<Connection> {
    const { awsCloud } = await import('../aws/aws-cloud.ts');
    return connect(awsCloud(namesIn(this.settings.topology)), this.settings);
  }
}

function checkedId(id: string): string {
  if (typeof id === 'string' && id !== '') return id;
  throw new ConfigurationError(`Expected the id of a result, a text, got ${JSON.stringify(id)}.`);
}
