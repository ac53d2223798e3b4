import { mostBatches, sourcesIn } from '../plan/parts.ts';
import { quotas } from '../quotas.ts';
import type { Rule } from '../rule.ts';
import { count } from '../wording.ts';

/**
 * All functions of an account share its concurrency. What the event sources ask for beyond it is throttled, and so is everything else in the
 * account. A source without a limit counts with the five batches that it begins with.
 */
export const accountConcurrency: Rule = {
  name: 'account-concurrency',
  asks: "Do all event sources together fit into the account's concurrency?",
  levels: ['warning'],
  see: 'https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html',
  check: (plan) => {
    const { firstBatches, batchesPerPoller } = quotas.eventSource;
    const sources = sourcesIn(plan);
    const batches = sources.map(({ source }) => mostBatches(source, batchesPerPoller) ?? firstBatches);
    const wanted = batches.reduce((sum, most) => sum + most, 0);
    if (wanted <= plan.accountConcurrency) return [];
    return [
      {
        level: 'warning',
        subject: plan.app,
        where: `app '${plan.app}'`,
        found: `up to ${count(wanted)} batches at once, of ${sources.map(({ where }, i) => `${where}: ${count(batches[i] ?? 0)}`).join('; ')}`,
        wanted: `at most ${count(plan.accountConcurrency)}, the concurrency of the account: beyond it every function of the account is throttled`,
        advice:
          "Lower concurrency of the app's queues, or have the account's quota raised and say so: accountConcurrency.",
      },
    ];
  },
};
