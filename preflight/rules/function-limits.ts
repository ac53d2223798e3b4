import { type FunctionInPlan, functionsIn } from '../plan/parts.ts';
import { isWithin, quotas } from '../quotas.ts';
import type { Breach, Rule } from '../rule.ts';
import { count, fromTo, time } from '../wording.ts';

/** Lambda ends every invocation after 15 minutes, whatever a task's limit says. */
export const functionLimits: Rule = {
  name: 'function-limits',
  asks: 'Are timeout and memory of every function some that Lambda takes?',
  levels: ['error'],
  see: 'https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html',
  check: (plan) => functionsIn(plan).flatMap(ofFunction),
};

function ofFunction({
  queue,
  function: { timeoutSeconds, memoryMiB },
  where,
}: FunctionInPlan): readonly Breach[] {
  const place = { level: 'error' as const, subject: queue.name, where };
  const breaches: Breach[] = [];
  if (!isWithin(timeoutSeconds, quotas.functions.timeoutSeconds)) {
    breaches.push({
      ...place,
      found: `a timeout of ${time(timeoutSeconds)}`,
      wanted: fromTo(quotas.functions.timeoutSeconds, time),
      advice: "Send longer tasks to a queue with runOn: 'fargate'.",
    });
  }
  if (!isWithin(memoryMiB, quotas.functions.memoryMiB)) {
    breaches.push({
      ...place,
      found: `${count(memoryMiB)} MiB of memory`,
      wanted: fromTo(quotas.functions.memoryMiB),
      advice: "Correct memoryMiB of the app's queue.",
    });
  }
  return breaches;
}
