import { sourcesIn } from '../plan/parts.ts';
import { isWithin, quotas } from '../quotas.ts';
import type { Rule } from '../rule.ts';
import { count, fromTo } from '../wording.ts';

/** One at a time there is not: Lambda's least is two, in every lane. */
export const concurrencyLimits: Rule = {
  name: 'concurrency-limits',
  asks: 'Is MaximumConcurrency of every event source one that Lambda takes?',
  levels: ['error'],
  see: 'https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html#events-sqs-max-concurrency',
  check: (plan) =>
    sourcesIn(plan).flatMap(({ queue, source: { maximumConcurrency }, where }) => {
      const range = quotas.eventSource.maximumConcurrency;
      if (maximumConcurrency === null || isWithin(maximumConcurrency, range)) return [];
      return [
        {
          level: 'error',
          subject: queue.name,
          where,
          found: `a MaximumConcurrency of ${count(maximumConcurrency)}`,
          wanted: fromTo(range),
          advice:
            "Correct concurrency of the app's queue. For one at a time give the task concurrency: { limit: 1 }.",
        },
      ];
    }),
};
