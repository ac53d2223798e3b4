import type { CallOptions } from '../call/call-options.ts';
import type { TaskContext } from '../engine/task-context.ts';
import type { AsyncResult } from '../result/async-result.ts';
import type { Schema } from './schema.ts';
import type { TaskDefinition } from './task-definition.ts';
import type { TaskOptions } from './task-options.ts';

/**
 * A task: still a function, and besides something that can be called elsewhere and later.
 *
 * Mirrors {@link https://docs.celeryq.dev/en/stable/userguide/calling.html Celery's calling API}.
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
 * console.log(add(2, 3)); // 5, here and now
 * const result = await add.applyAsync([2, 3], { countdown: '10m' });
 * console.log(await result.get()); // 5, ten minutes later by the clock of the memory cloud
 * ```
 */
export interface Task<P extends readonly unknown[], R> {
  /** Runs the function here: no message, no result. */
  (...parameters: P): R;
  readonly name: string;
  readonly definition: TaskDefinition;
  /**
   * Sends a call with the default options.
   *
   * @throws ArgumentsError (ARGUMENTS), EncodeError (ENCODE), PayloadTooLargeError (PAYLOAD_TOO_LARGE) before anything is
   * sent; OperationalError (OPERATIONAL) when the queue does not take it.
   */
  delay(...parameters: P): Promise<AsyncResult<Awaited<R>>>;
  /** The same, with options. */
  applyAsync(parameters: P, options?: CallOptions): Promise<AsyncResult<Awaited<R>>>;
}

/** The parameters that a function must take by the schemas of its options. */
export type ParametersOf<O extends TaskOptions> = [...Positional<O>, ...Keyword<O>];

/** Where a schema says the parameters, exactly these: a function that takes less than the schema lets through would be called with more. */
export type Exact<O extends TaskOptions, P extends readonly unknown[]> = O extends
  | { args: object }
  | { kwargs: object }
  ? ParametersOf<O>
  : P;

/** Without a schema the function's own types say it; beside keyword arguments TypeScript could not tell which are which. */
type Positional<O> = O extends { args: Schema<infer A extends readonly unknown[], readonly unknown[]> }
  ? A
  : O extends { kwargs: object }
    ? []
    : unknown[];
type Keyword<O> = O extends { kwargs: Schema<infer K, object> } ? [K] : [];

/** What a function must return by the result schema of its options. */
export type ReturnOf<O extends TaskOptions> = O extends { result: Schema<infer R> }
  ? R | Promise<R>
  : unknown;

/** A task's function as it is written. */
export type UnboundRun<P extends readonly unknown[], R> = (...parameters: P) => R;
export type BoundRun<P extends readonly unknown[], R> = (self: TaskContext, ...parameters: P) => R;
