import { lanesIn } from '../plan/parts.ts';
import type { Rule } from '../rule.ts';

/** AWS's advice for deliveries that are only throttled, and those that the worker counts itself before it buries a message as worker-lost. */
const fewest = 5 + 4;

/** Every delivery counts, also one that was throttled and never begun: with few of them good messages are buried without a reason. */
export const maxReceives: Rule = {
  name: 'max-receives',
  asks: 'Is the redrive policy patient enough for throttled deliveries?',
  levels: ['warning'],
  see: 'https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html',
  check: (plan) =>
    lanesIn(plan).flatMap(({ queue, lane, where }) => {
      if (lane.maxReceives === null || lane.maxReceives >= fewest) return [];
      return [
        {
          level: 'warning',
          subject: queue.name,
          where,
          found: `a maxReceiveCount of ${lane.maxReceives}`,
          wanted: `at least ${fewest}: 5 for deliveries that are only throttled, and 4 after which the worker itself buries a message and says why`,
          advice: 'Leave it to the app: 100, as the last resort.',
        },
      ];
    }),
};
