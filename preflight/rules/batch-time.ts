import { functionsIn } from '../plan/parts.ts';
import type { Rule } from '../rule.ts';
import { time } from '../wording.ts';

/**
 * A batch runs all at once, so it takes as long as its longest task and the time to store what came of it. A function that is killed before
 * that has stored nothing: the whole batch comes again.
 */
export const batchTime: Rule = {
  name: 'batch-time',
  asks: 'Has every function the time that the longest task of a batch may take?',
  levels: ['error'],
  see: 'https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html',
  check: (plan) =>
    functionsIn(plan).flatMap(({ queue, function: { timeoutSeconds }, where }) => {
      if (timeoutSeconds >= queue.neededSeconds) return [];
      return [
        {
          level: 'error',
          subject: queue.name,
          where,
          found: `a timeout of ${time(timeoutSeconds)}, for tasks of up to ${time(queue.timeLimitSeconds)}`,
          wanted: `at least ${time(queue.neededSeconds)}: Lambda would kill it before the time limit is met and the outcome is stored`,
          advice: `Lower timeLimit of the app's queue '${queue.name}', or leave the timeout to the app.`,
        },
      ];
    }),
};
