import { lanesIn } from '../plan/parts.ts';
import type { Rule } from '../rule.ts';

/** The worker itself buries what it gives up. The redrive policy is for messages that end every worker before it can. */
export const deadLetterQueue: Rule = {
  name: 'dead-letter-queue',
  asks: 'Has every queue a dead-letter queue, and a redrive policy that leads there?',
  levels: ['error'],
  see: 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html',
  check: (plan) =>
    lanesIn(plan).flatMap(({ queue, lane, where }) => {
      if (queue.deadLetters && lane.maxReceives !== null) return [];
      return [
        {
          level: 'error',
          subject: queue.name,
          where,
          found: queue.deadLetters ? 'no redrive policy' : 'no dead-letter queue',
          wanted:
            'one: otherwise a message that ends its worker comes again until it is deleted, and nobody learns of it',
          advice: 'Take back what removed it.',
        },
      ];
    }),
};
