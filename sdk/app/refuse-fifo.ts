import { ConfigurationError } from '../errors/index.ts';

/**
 * SQS's FIFO queues delay no single message, which ETAs and retries need.
 *
 * @throws ConfigurationError that says so and what to use instead, if the name is one of a FIFO queue
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-timers.html
 */
export function refuseFifo(what: string, queue: unknown): void {
  if (typeof queue !== 'string' || !queue.endsWith('.fifo')) return;
  throw new ConfigurationError(
    `Expected ${what} to be a standard queue, got '${queue}'. FIFO queues delay no single message, so that neither countdown and eta nor retries would work. To run one at a time for each key, give the task a concurrency limit with a key; to share a queue fairly, give calls a fairnessKey.`,
  );
}
