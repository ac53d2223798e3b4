import type { TaskDefinition } from '../../sdk/task/task-definition.ts';
import type { PlannedTask } from './plan.ts';
import type { Destination } from './routes.ts';

const microsecondsPerDay = 86_400_000_000;

/** Describes a task whose calls go there. */
export function plannedTask(definition: TaskDefinition, { queue, queueBy }: Destination): PlannedTask {
  const { name, timeLimit, softTimeLimit, circuitBreaker, rateLimit } = definition;
  return {
    name,
    queue,
    queueBy,
    timeLimitSeconds: timeLimit,
    softTimeLimitSeconds: softTimeLimit,
    retryDelaySeconds: longestRetryDelay(definition),
    cooldownSeconds: circuitBreaker ? circuitBreaker.cooldownMs / 1_000 : null,
    startsPerDay: rateLimit && !rateLimit.key ? microsecondsPerDay / rateLimit.spacing : null,
  };
}

/** Of the delay of retries that the task asks for, and of the automatic ones. */
function longestRetryDelay({ maxRetries, defaultRetryDelay, ...backOff }: TaskDefinition): number {
  if (maxRetries === 0) return 0;
  const { autoretryFor, retryBackoff, retryBackoffMax } = backOff;
  if (retryBackoff === null || autoretryFor.length === 0) return defaultRetryDelay;
  const last = maxRetries === null ? Number.POSITIVE_INFINITY : retryBackoff * 2 ** (maxRetries - 1);
  return Math.max(defaultRetryDelay, Math.min(retryBackoffMax, last));
}
