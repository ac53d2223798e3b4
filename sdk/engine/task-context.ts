import type { Logger } from '../log/logger.ts';
import type { State } from '../result/states.ts';
import type { Duration } from '../time/duration.ts';
import type { SignatureJson } from '../wire/signature.ts';
import type { TaskRequest } from './request.ts';

/** How a task asks to be run again. */
export interface RetryOptions {
  /** Wait that long. @default the task's `defaultRetryDelay` */
  readonly countdown?: Duration;
  /** Wait until then, instead of `countdown`. */
  readonly eta?: Date;
  /** Why; it is thrown instead of MaxRetriesExceededError when no retries are left. */
  readonly exc?: unknown;
  /** For this retry; null: without end. @default the task's `maxRetries` */
  readonly maxRetries?: number | null;
  /** From now on; 0 to 9, the most urgent. @default the call's */
  readonly priority?: number;
  /** From now on. @default the call's */
  readonly queue?: string;
}

/**
 * The running task: the first parameter of a task with `bind: true`.
 *
 * Mirrors {@link https://docs.celeryq.dev/en/stable/userguide/tasks.html#bound-tasks Celery's bound tasks}.
 */
export interface TaskContext {
  readonly name: string;
  readonly request: TaskRequest;
  /**
   * Aborts at the soft time limit (reason: SoftTimeLimitExceeded), at the hard one, and when the call is revoked with `terminate`
   * (TaskRevokedError). In a queue with runOn 'fargate' or 'server' also when the worker stops, or has lost the message (Interrupted): then
   * what the task throws counts no more and the message runs again, and what it returns is its result. Hand it to `fetch` and others.
   */
  readonly signal: AbortSignal;
  /** Knows the task's name, its id and the attempt. */
  readonly log: Logger;
  /**
   * Sends the task again and ends this run: the call never returns.
   *
   * @throws Retry, which must pass; `exc` or MaxRetriesExceededError when no retries are left; ConfigurationError (CONFIGURATION) for an
   * option that is not as it must be.
   */
  retry(options?: RetryOptions): never;
  /**
   * Puts another call, or a workflow, in the place of this one and ends this run: the call never returns. The result is
   * found under this task's id, and what follows the task follows the replacement.
   *
   * @throws Replaced, which must pass; ConfigurationError (CONFIGURATION) for an empty chain.
   * Mirrors {@link https://docs.celeryq.dev/en/stable/reference/celery.app.task.html#celery.app.task.Task.replace Task.replace}.
   */
  replace(signature: Signed): never;
  /**
   * Adds a member to the chord whose header this task belongs to: the body waits for it too and is given its result after this
   * task's. It starts when this run has ended well.
   *
   * @throws ConfigurationError (CONFIGURATION) if the task is no member of a chord that Tallo joins.
   */
  addToChord(signature: Signed): void;
  /** Stores a state of the task's own, with data that `AsyncResult.info` returns. Waiting for it is not necessary. */
  updateState(state: State, meta?: unknown): Promise<void>;
}

/** Anything that can be written as a signature: what `task.s()`, `chain`, `group` and `chord` make. */
export interface Signed {
  toJSON(): SignatureJson;
}
