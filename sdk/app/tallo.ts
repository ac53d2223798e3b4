import type { CallOptions } from '../call/call-options.ts';
import { resultSource } from '../call/result-source.ts';
import { sendCall } from '../call/send-call.ts';
import { ConfigurationError } from '../errors/index.ts';
import type { Cloud } from '../ports/cloud.ts';
import { AsyncResult } from '../result/async-result.ts';
import { decodeArguments } from '../task/arguments.ts';
import { createTask } from '../task/create-task.ts';
import type { BoundRun, Exact, ParametersOf, ReturnOf, Task, UnboundRun } from '../task/task.ts';
import { defineTask, type TaskDefinition, type TaskFunction } from '../task/task-definition.ts';
import type { TaskOptions } from '../task/task-options.ts';
import { isJsonObject } from '../wire/json.ts';
import { encodeValue } from '../wire/values.ts';
import type { AppCore } from './app-core.ts';
import { type Connection, connect } from './connection.ts';
import type { AppOptions } from './options.ts';
import { readOptions, type Settings } from './settings.ts';
import type { Topology } from './topology.ts';

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
  readonly #definitions = new Map<string, TaskDefinition>();
  #connection: Promise<Connection> | undefined;

  /** @throws ConfigurationError (CONFIGURATION) that names the option, what was expected and what came. */
  constructor(name: string, options: AppOptions = {}) {
    this.name = name;
    this.settings = readOptions(name, options);
  }

  /**
   * Defines a task. The name is what travels: keep it when the function moves or is renamed. Write the type of each
   * parameter, of those with a default too (TypeScript takes `depth = 1` for unknown here), or give a schema.
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
    const wire = { args: args.map((arg, i) => encodeValue(arg, `args[${i}]`)), kwargs: encodeKwargs(kwargs) };
    const definition = this.#definitions.get(name);
    if (definition) await decodeArguments(definition, wire);
    // What a task elsewhere returns only its caller knows.
    return (await sendCall(this, name, { wire, options: callOptions })) as AsyncResult<R>;
  }

  /**
   * The handle on a result, from its id alone.
   *
   * @throws ConfigurationError (CONFIGURATION) for an empty id: nobody would ever have a result for it.
   */
  AsyncResult<R = unknown>(id: string): AsyncResult<R> {
    if (typeof id !== 'string' || id === '') {
      throw new ConfigurationError(`Expected the id of a result, a text, got ${JSON.stringify(id)}.`);
    }
    return new AsyncResult<R>(id, resultSource(this));
  }

  get definitions(): ReadonlyMap<string, TaskDefinition> {
    return this.#definitions;
  }

  /** What the app needs in the cloud, as plain data. */
  topology(): Topology {
    return this.settings.topology;
  }

  /** Uses that cloud from now on instead of AWS. */
  connect(cloud: Cloud): void {
    this.#connection = Promise.resolve(connect(cloud));
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
    return connect(awsCloud({ tableName: this.settings.topology.tableName }));
  }
}

function closedError(name: string): ConfigurationError {
  return new ConfigurationError(
    `App '${name}' was closed, or its cloud was stopped. Connect it again with app.connect(cloud).`,
  );
}

function encodeKwargs(kwargs: Readonly<Record<string, unknown>>) {
  const json = encodeValue(kwargs, 'kwargs');
  return isJsonObject(json) ? json : {};
}
