import { type SourceInPlan, sourcesIn } from '../plan/parts.ts';
import { isWithin, quotas } from '../quotas.ts';
import type { Breach, Rule } from '../rule.ts';
import { count, fromTo, time } from '../wording.ts';

/** A batch above 10 is collected over several receives, for which Lambda wants a window. */
export const batchSize: Rule = {
  name: 'batch-size',
  asks: 'Are batch size and window some that Lambda takes?',
  levels: ['error'],
  see: 'https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html',
  check: (plan) => sourcesIn(plan).flatMap(ofSource),
};

function ofSource({ queue, source, where }: SourceInPlan): readonly Breach[] {
  const { eventSource } = quotas;
  const place = { level: 'error' as const, subject: queue.name, where };
  const breaches: Breach[] = [];
  if (!isWithin(source.batchSize, eventSource.batchSize)) {
    breaches.push({
      ...place,
      found: `a batch size of ${count(source.batchSize)}`,
      wanted: fromTo(eventSource.batchSize),
      advice: "Correct batchSize of the app's queue.",
    });
  }
  if (!isWithin(source.batchWindowSeconds, eventSource.batchWindowSeconds)) {
    breaches.push({
      ...place,
      found: `a batch window of ${time(source.batchWindowSeconds)}`,
      wanted: fromTo(eventSource.batchWindowSeconds, time),
      advice: "Correct batchWindow of the app's queue.",
    });
  }
  if (source.batchSize > eventSource.batchSizeAtOnce && source.batchWindowSeconds < 1) {
    breaches.push({
      ...place,
      found: `a batch size of ${count(source.batchSize)} without a batch window`,
      wanted: `a window of at least 1 s for more than ${eventSource.batchSizeAtOnce} messages`,
      advice: "Give the app's queue batchWindow: '1s'.",
    });
  }
  return breaches;
}
