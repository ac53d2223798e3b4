import type { TaskDefaults } from '../app/options.ts';
import type {
  CircuitBreakerOptions,
  ConcurrencyOptions,
  LimitKey,
  RateLimitOptions,
  RateLimitText,
} from '../limits/limit-options.ts';
import type { Duration } from '../time/duration.ts';
import type { ErrorMatcher } from './error-matcher.ts';
import type { Schema } from './schema.ts';

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
  /**
   * How urgent its calls are, from 0 to 9, the most urgent, where a call says nothing: see `lanes` of a queue. As in AMQP; Celery on Redis
   * has it the other way round. @default that of the task that calls, or 5
   */
  readonly priority?: number;
  /**
   * Whose call it is, by its arguments: see the call's option. Beginning with a result that its worker has yet to look up, such as the list
   * of a chord's body, a call has none. @default no key
   */
  readonly fairnessKey?: LimitKey;
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
  /**
   * How often it may start, over all workers together: Celery's `'10/s'`, `'100/m'`, `'5/h'`, a number of starts per second, or an object
   * for a limit per key. A call over the limit waits for its turn, and uses up no retry. null or 0: no limit.
   * See {@link https://docs.celeryq.dev/en/stable/reference/celery.app.task.html#celery.app.task.Task.rate_limit Task.rate_limit}, which
   * counts in each worker for itself. @default no limit
   */
  readonly rateLimit?: RateLimitText | number | RateLimitOptions | null;
  /** How many of its calls may run at once, over all workers together, of each key. @default no limit */
  readonly concurrency?: ConcurrencyOptions;
  /** When its calls are put off, without using up retries, since what they depend on is out of order. @default never */
  readonly circuitBreaker?: CircuitBreakerOptions;
  /**
   * Each run is claimed first, so that copies of a message do not run: once per attempt, unless a worker is lost. Costs about two
   * requests to the table per run. Celery's nearest is
   * {@link https://docs.celeryq.dev/en/stable/userguide/configuration.html#worker-deduplicate-successful-tasks worker_deduplicate_successful_tasks}.
   * @default false: a copy may run beside the first or after it
   */
  readonly dedupe?: boolean;
}

/** Every option's name, so that a slip of the pen is refused. */
export const taskOptionNames: ReadonlySet<string> = new Set<keyof TaskOptions>([
  'args',
  'autoretryFor',
  'bind',
  'circuitBreaker',
  'concurrency',
  'dedupe',
  'defaultRetryDelay',
  'dontAutoretryFor',
  'fairnessKey',
  'ignoreResult',
  'kwargs',
  'maxRetries',
  'priority',
  'queue',
  'rateLimit',
  'result',
  'retryBackoff',
  'retryBackoffMax',
  'retryJitter',
  'softTimeLimit',
  'storeErrorsEvenIfIgnored',
  'timeLimit',
  'trackStarted',
]);
