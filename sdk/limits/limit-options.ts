import type { ErrorMatcher } from '../task/error-matcher.ts';
import type { Duration } from '../time/duration.ts';

/** Tells by a call's arguments whose limit it counts against. It gets what the task's function gets, without `self`. */
export type LimitKey = (...args: never[]) => string;

/** Celery's form of a rate: `'10/s'`, `'100/m'`, `'5/h'`; `'10'` is `'10/s'`. */
export type RateLimitText = `${number}` | `${number}/${'s' | 'm' | 'h'}`;

/**
 * How often a task may start, by all workers together.
 *
 * In any length of time `per` there are at most `limit` + `burst` starts, and over longer times `limit` per `per`. Mirrors, for all
 * workers instead of each, {@link https://docs.celeryq.dev/en/stable/reference/celery.app.task.html#celery.app.task.Task.rate_limit Celery's rate_limit}.
 */
export interface RateLimitOptions {
  /** Starts per `per`: above 0, and at most 1,000,000 a second. */
  readonly limit: number;
  readonly per: Duration;
  /** A limit of its own for each text that this returns. @default one limit for all calls of the task */
  readonly key?: LimitKey;
  /**
   * How many starts may be made up for at once, after an idle time or by a worker that is late: a whole number from 1, and as many as
   * fit into 50 ms, since no worker is more exact. @default as many as fit into a quarter of a second, at least 1
   */
  readonly burst?: number;
}

/**
 * How many calls of a task may run at once, on all workers together.
 *
 * Celery has nothing like it; its nearest is {@link https://docs.celeryq.dev/en/stable/tutorials/task-cookbook.html#ensuring-a-task-is-only-executed-one-at-a-time a lock in the task}.
 */
export interface ConcurrencyOptions {
  /** A whole number from 1 to 1,000. */
  readonly limit: number;
  /** A limit of its own for each text that this returns. @default one limit for all calls of the task */
  readonly key?: LimitKey;
}

/**
 * When calls of a task are put off since what they depend on is out of order. Those that wait use up no retries.
 *
 * Celery has nothing like it; its nearest are {@link https://docs.celeryq.dev/en/stable/userguide/tasks.html#retrying retries}.
 */
export interface CircuitBreakerOptions {
  /** The errors that count: classes, or questions about one. At least one. */
  readonly on: readonly ErrorMatcher[];
  /** So many of them in a row, on all workers together, open it: a whole number from 1. @default 5 */
  readonly failures?: number;
  /** How long calls are put off before one of them may try whether it works again: 1 second to 1 day. @default '1m' */
  readonly cooldown?: Duration;
  /** Tasks with one name share one breaker. @default the task's name */
  readonly name?: string;
}
