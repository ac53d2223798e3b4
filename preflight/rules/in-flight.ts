import { mostBatches, sourcesIn } from '../plan/parts.ts';
import { quotas } from '../quotas.ts';
import type { Rule } from '../rule.ts';
import { count } from '../wording.ts';

/** Beyond its quota SQS hands out no more messages until some are deleted: what was asked for cannot be reached. */
export const inFlight: Rule = {
  name: 'in-flight',
  asks: 'May as many messages be in flight as batches at once can hold?',
  levels: ['warning'],
  see: 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html',
  check: (plan) =>
    sourcesIn(plan).flatMap(({ queue, source, where }) => {
      const batches = mostBatches(source, quotas.eventSource.batchesPerPoller);
      if (batches === null || batches * source.batchSize <= quotas.sqs.inFlight) return [];
      return [
        {
          level: 'warning',
          subject: queue.name,
          where,
          found: `up to ${count(batches)} batches of ${count(source.batchSize)} messages, ${count(batches * source.batchSize)} at once`,
          wanted: `at most ${count(quotas.sqs.inFlight)}: SQS hands out no more before some are deleted`,
          advice: 'Lower batchSize or concurrency, or divide the work among several queues.',
        },
      ];
    }),
};
