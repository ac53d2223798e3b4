import type { TaskDefaults } from '../app/options.ts';
import type { Duration } from '../time/duration.ts';
import type { Schema } from './schema.ts';

/** A class of errors, or a question about one. */
export type ErrorMatcher = (abstract new (...parameters: never[]) => Error) | ((error: unknown) => boolean);

/** The options of one task. */
export interface TaskOptions extends TaskDefaults {
  /** Give the function the running task as its first parameter. @default false */
  readonly bind?: boolean;
  /** Schema of the positional arguments, a tuple: checked when calling and again when running. */
  readonly args?: Schema<readonly unknown[], readonly unknown[]>;
  /**
   * Schema of the keyword arguments; the function gets them as one object, its last parameter. Positional arguments beside
   * them need a schema too. @default none are taken
   */
  readonly kwargs?: Schema<object, object>;
  /** Schema of what the function returns: encoded when it is stored, decoded by `get`. */
  readonly result?: Schema;
  /** The queue of its calls; routes do not apply then. */
  readonly queue?: string;
  /** Errors after which the task is retried by itself. @default none */
  readonly autoretryFor?: readonly ErrorMatcher[];
  /** Exceptions to `autoretryFor`. @default none */
  readonly dontAutoretryFor?: readonly ErrorMatcher[];
  /** Wait 1, 2, 4, 8 ... s between automatic retries; a number is the factor. @default false: `defaultRetryDelay` */
  readonly retryBackoff?: boolean | number;
  /** The longest wait. @default '10m' */
  readonly retryBackoffMax?: Duration;
  /** Wait a random time from 0 to the computed one, so that tasks that failed together do not come back together. @default true */
  readonly retryJitter?: boolean;
}

/** Every option's name, so that a slip of the pen is refused. */
export const taskOptionNames: ReadonlySet<string> = new Set<keyof TaskOptions>([
  'args',
  'autoretryFor',
  'bind',
  'defaultRetryDelay',
  'dontAutoretryFor',
  'ignoreResult',
  'kwargs',
  'maxRetries',
  'queue',
  'result',
  'retryBackoff',
  'retryBackoffMax',
  'retryJitter',
  'softTimeLimit',
  'storeErrorsEvenIfIgnored',
  'timeLimit',
  'trackStarted',
]);
