import { MaxRetriesExceededError } from '../errors/index.ts';
import { matchesAny } from '../task/error-matcher.ts';
import type { TaskDefinition } from '../task/task-definition.ts';
import type { Envelope } from '../wire/envelope.ts';

/** Whether another retry is allowed; `maxRetries: null` means without end. */
export function mayRetry(envelope: Envelope, maxRetries: number | null): boolean {
  return maxRetries === null || envelope.retries < maxRetries;
}

/** Whether the task is retried by itself after this error. */
export function isRetriedAutomatically(task: TaskDefinition, error: unknown): boolean {
  return matchesAny(task.autoretryFor, error) && !matchesAny(task.dontAutoretryFor, error);
}

/**
 * Seconds until automatic retry number `retries` (0 is the first).
 *
 * Mirrors {@link https://docs.celeryq.dev/en/stable/userguide/tasks.html#automatic-retry-for-known-exceptions Celery's back-off}:
 * factor * 2^retries up to the cap; with jitter a whole number from 0 to that.
 */
export function automaticDelay(task: TaskDefinition, retries: number, random: () => number): number {
  if (task.retryBackoff === null) return task.defaultRetryDelay;
  const delay = Math.min(task.retryBackoffMax, task.retryBackoff * 2 ** retries);
  return task.retryJitter ? Math.floor(random() * (delay + 1)) : delay;
}

/** The error of a task that wants another retry and has none left. */
export function retriesExceeded({ task, id, args, kwargs }: Envelope): MaxRetriesExceededError {
  const given = `args:${JSON.stringify(args)} kwargs:${JSON.stringify(kwargs)}`;
  return new MaxRetriesExceededError(`Can't retry ${task}[${id}] ${given.slice(0, 1_000)}`);
}
