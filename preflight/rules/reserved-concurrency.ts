import { type FunctionInPlan, functionsIn, mostBatches } from '../plan/parts.ts';
import type { Plan } from '../plan/plan.ts';
import { quotas } from '../quotas.ts';
import type { Breach, Rule } from '../rule.ts';
import { count } from '../wording.ts';

/**
 * Lambda's pollers do not know of a reserved concurrency: what they receive beyond it is throttled, comes again after the visibility timeout,
 * and its receives are counted.
 */
export const reservedConcurrency: Rule = {
  name: 'reserved-concurrency',
  asks: 'Is the reserved concurrency of a function enough for its event sources, and can the account spare it?',
  levels: ['error', 'warning'],
  see: 'https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html',
  check: (plan) => functionsIn(plan).flatMap((placed) => [...tooMuch(plan, placed), ...tooLittle(placed)]),
};

function tooMuch(
  { accountConcurrency }: Plan,
  { queue, function: { reservedConcurrency }, where }: FunctionInPlan,
) {
  const most = accountConcurrency - quotas.functions.unreservedConcurrency;
  if (reservedConcurrency === null || reservedConcurrency <= Math.max(0, most)) return [];
  const breach: Breach = {
    level: 'error',
    subject: queue.name,
    where,
    found: `a reserved concurrency of ${count(reservedConcurrency)}, in an account with ${count(accountConcurrency)}`,
    wanted: `at most ${count(Math.max(0, most))}: Lambda keeps ${quotas.functions.unreservedConcurrency} for functions without one`,
    advice: "Use the queue's concurrency instead, or have the account's quota raised.",
  };
  return [breach];
}

function tooLittle({ queue, function: { reservedConcurrency }, where }: FunctionInPlan) {
  const { firstBatches, batchesPerPoller } = quotas.eventSource;
  const batches = queue.lanes.map(
    ({ source }) => (source && mostBatches(source, batchesPerPoller)) ?? firstBatches,
  );
  const wanted = batches.reduce((sum, most) => sum + most, 0);
  if (reservedConcurrency === null || reservedConcurrency >= wanted) return [];
  const breach: Breach = {
    level: 'warning',
    subject: queue.name,
    where,
    found: `a reserved concurrency of ${count(reservedConcurrency)}, and up to ${count(wanted)} batches at once`,
    wanted: `at least ${count(wanted)}: what is received beyond it is throttled, waits for the visibility timeout and counts as received`,
    advice: "Set the queue's concurrency, which its event source obeys, instead of the function's reserve.",
  };
  return [breach];
}
