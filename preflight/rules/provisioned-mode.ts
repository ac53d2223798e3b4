import { type SourceInPlan, sourcesIn } from '../plan/parts.ts';
import { isWithin, quotas } from '../quotas.ts';
import type { Breach, Rule } from '../rule.ts';
import { count, fromTo } from '../wording.ts';

/** Provisioned mode has pollers of its own, which MaximumConcurrency does not govern: Lambda refuses both together. */
export const provisionedMode: Rule = {
  name: 'provisioned-mode',
  asks: 'Is provisioned mode used without MaximumConcurrency, and with numbers that Lambda takes?',
  levels: ['error'],
  see: 'https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html',
  check: (plan) => sourcesIn(plan).flatMap(ofSource),
};

function ofSource({ queue, source, where }: SourceInPlan): readonly Breach[] {
  const { provisioned, maximumConcurrency } = source;
  if (!provisioned) return [];
  const { minimum, maximum } = provisioned;
  const { minimumPollers, maximumPollers, batchesPerPoller } = quotas.eventSource;
  const place = { level: 'error' as const, subject: queue.name, where };
  const breaches: Breach[] = [];
  if (maximumConcurrency !== null) {
    breaches.push({
      ...place,
      found: `provisioned pollers beside a MaximumConcurrency of ${maximumConcurrency}`,
      wanted: 'one of the two: Lambda takes either',
      advice: `Leave out concurrency of the app's queue: each poller has at most ${batchesPerPoller} batches at once.`,
    });
  }
  if (!isWithin(minimum, minimumPollers) || !isWithin(maximum, maximumPollers) || minimum > maximum) {
    breaches.push({
      ...place,
      found: `${count(minimum)} to ${count(maximum)} provisioned pollers`,
      wanted: `a minimum ${fromTo(minimumPollers)}, a maximum ${fromTo(maximumPollers)}, and no less than the minimum`,
      advice: 'Correct provisionedPollers of the construct.',
    });
  }
  return breaches;
}
