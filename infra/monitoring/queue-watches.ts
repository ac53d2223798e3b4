import { Duration } from 'aws-cdk-lib';
import { ConfigurationError } from '../../sdk/errors/index.ts';
import type { QueueTopology } from '../../sdk/index.ts';
import type { TaskQueue } from '../queues/task-queue.ts';
import { oneMinute, type Watch } from './watch.ts';

/** The longest that SQS delays a message: retries and calls with a countdown wait in the queue itself. */
const longestDelaySeconds = 900;
const roundedToSeconds = 300;
const leastSeconds = 60;
const mostSeconds = 14 * 86_400;

/** What is looked at of a queue, whoever serves it. `oldestMessage`: undefined: as its numbers say. */
export function queueWatches(queue: TaskQueue, oldestMessage: Duration | undefined): readonly Watch[] {
  const { topology, deadLetterQueue, lanes } = queue;
  const seconds = oldestMessage ? checkedAge(oldestMessage, topology.name) : usualAge(topology);
  const days = topology.deadLetterRetentionSeconds / 86_400;
  return [
    {
      chapter: 'dead-letters',
      of: topology.queueName,
      says: `Calls lie in the dead-letter queue ${topology.deadLetterQueueName}. Each says why; after ${days} days they are deleted.`,
      metric: deadLetterQueue.metricApproximateNumberOfMessagesVisible({
        statistic: 'Maximum',
        period: oneMinute,
      }),
    },
    ...lanes.map(
      ({ queue: lane, topology: { queueName } }): Watch => ({
        chapter: 'oldest-message',
        of: queueName,
        says: `The oldest call in ${queueName} has been there for more than ${Duration.seconds(seconds).toHumanString()}: nothing takes calls from the queue, or too slowly.`,
        metric: lane.metricApproximateAgeOfOldestMessage({ statistic: 'Maximum', period: oneMinute }),
        from: seconds,
        periods: 3,
      }),
    ),
  ];
}

/** So old a call may become without anything being wrong, seconds. */
export function usualAge({
  batchWindowSeconds,
  timeoutSeconds,
  visibilitySeconds,
}: Pick<QueueTopology, 'batchWindowSeconds' | 'timeoutSeconds' | 'visibilitySeconds'>): number {
  const age = longestDelaySeconds + batchWindowSeconds + timeoutSeconds + visibilitySeconds;
  return Math.ceil(age / roundedToSeconds) * roundedToSeconds;
}

function checkedAge(age: Duration, queue: string): number {
  const seconds = age.toSeconds();
  if (seconds >= leastSeconds && seconds <= mostSeconds) return seconds;
  throw new ConfigurationError(
    `Expected oldestMessage of queue '${queue}' to be from 1 minute to 14 days, got ${age.toHumanString()}. Older calls are deleted by SQS.`,
  );
}
