import type { QueueTopology } from '../app/topology.ts';
import { ConfigurationError, Retry, type RetryChanges } from '../errors/index.ts';
import type { Clock } from '../ports/clock.ts';
import type { TaskDefinition } from '../task/task-definition.ts';
import { toSeconds } from '../time/duration.ts';
import type { Envelope } from '../wire/envelope.ts';
import { lastInstant } from '../wire/instant.ts';
import { isPriority } from '../wire/priority.ts';
import { mayRetry, retriesExceeded } from './retry-policy.ts';
import type { RetryOptions, TaskContext } from './task-context.ts';

/** What a retry is decided by beside the task. */
export interface RetryScene {
  readonly envelope: Envelope;
  readonly clock: Clock;
  readonly queues: ReadonlyMap<string, QueueTopology>;
}

/** The part of `self` by which a task asks to be run again. */
export function retryPart(
  task: TaskDefinition,
  { envelope, clock, queues }: RetryScene,
): Pick<TaskContext, 'retry'> {
  return {
    retry(options = {}) {
      const { countdown, eta, exc, maxRetries = task.maxRetries } = options;
      const changes = changesOf(options, queues);
      if (!mayRetry(envelope, maxRetries)) throw exc ?? retriesExceeded(envelope);
      const seconds = countdown === undefined ? task.defaultRetryDelay : toSeconds(countdown, 'countdown');
      const at = eta === undefined ? clock.now() + seconds * 1_000 : eta.getTime();
      if (at <= lastInstant) throw new Retry(at, exc, changes);
      throw new ConfigurationError(
        `Expected a retry at a valid time before the year 10000, got ${String(eta ?? countdown)}.`,
      );
    },
  };
}

function changesOf(
  { priority, queue }: RetryOptions,
  queues: ReadonlyMap<string, QueueTopology>,
): RetryChanges {
  if (priority !== undefined && !isPriority(priority)) {
    throw new ConfigurationError(
      `Expected priority of a retry to be a whole number from 0 to 9, got ${JSON.stringify(priority)}.`,
    );
  }
  const known = [...queues.values()].filter(({ runOn }) => runOn !== 'celery').map(({ name }) => name);
  if (queue !== undefined && !known.includes(queue)) {
    throw new ConfigurationError(
      `Expected queue of a retry to be one that the app serves (${known.join(', ')}), got ${JSON.stringify(queue)}.`,
    );
  }
  return { ...(priority !== undefined && { priority }), ...(queue !== undefined && { queue }) };
}
