import { lanesIn } from '../plan/parts.ts';
import type { Rule } from '../rule.ts';
import { time } from '../wording.ts';

/** A process keeps what it runs hidden by renewing it; one renewal that fails must not double a message. */
export const visibilityRenewal: Rule = {
  name: 'visibility-renewal',
  asks: 'Does a message that a process runs stay hidden when one renewal fails?',
  levels: ['error'],
  see: 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html',
  check: (plan) =>
    lanesIn(plan).flatMap(({ queue, lane, where }) => {
      const every = queue.renewalSeconds;
      if (every === null || lane.visibilitySeconds >= 2 * every) return [];
      return [
        {
          level: 'error',
          subject: queue.name,
          where,
          found: `a visibility timeout of ${time(lane.visibilitySeconds)}, which its processes renew every ${time(every)}`,
          wanted: `at least ${time(2 * every)}: with less, another worker gets the message while it runs`,
          advice:
            "Set the app's option visibilityTimeout, which the processes know of, and not the queue's own.",
        },
      ];
    }),
};
