import type { CallOptions } from '../call/call-options.ts';
import type { SignatureOptions } from '../canvas/signature-options.ts';
import type { TaskSignature } from '../canvas/task-signature.ts';
import type { Group } from '../canvas/types/group.ts';
import type { FirstOf, Missing, Suffix } from '../canvas/types/missing.ts';
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
  /**
   * A call that is made later, as a part of a workflow or a callback. The arguments are the last ones: what is given when it is
   * called, such as the result of the step before, comes before them. Keyword arguments are the last parameter.
   *
   * A schema checks the arguments when they are complete and the signature is started; what a step before is to complete is sent as
   * without a schema, and its worker checks it.
   *
   * @throws EncodeError (ENCODE), ArgumentsError (ARGUMENTS) for more arguments than the schema has.
   */
  s<Given extends Suffix<P>>(...given: Given): TaskSignature<Missing<P, Given>, Awaited<R>>;
  /** The same with all its arguments: it leaves the result of a step before unused. */
  si(...parameters: P): TaskSignature<[], Awaited<R>, unknown>;
  /** The same as `s`, with options. */
  signature<Given extends Suffix<P>>(
    args: Given,
    options?: SignatureOptions,
  ): TaskSignature<Missing<P, Given>, Awaited<R>>;
  /** One call that runs the task with one item after the other, and gives the list of the results. */
  map(items: Iterable<FirstOf<P>>): TaskSignature<[], Awaited<R>[], unknown>;
  /** The same with the arguments of each run as a tuple. */
  starmap(tuples: Iterable<P>): TaskSignature<[], Awaited<R>[], unknown>;
  /** A group of starmaps, each over `size` tuples: few messages for many short runs. */
  chunks(tuples: Iterable<P>, size: number): Group<[], Awaited<R>[][], unknown>;
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
