import { sourcesIn } from '../plan/parts.ts';
import type { Rule } from '../rule.ts';

/** The worker answers which messages are to come again. Without this setting Lambda does not read the answer. */
export const batchFailures: Rule = {
  name: 'batch-failures',
  asks: 'Does every event source report failures message by message?',
  levels: ['error'],
  see: 'https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting',
  check: (plan) =>
    sourcesIn(plan)
      .filter(({ source }) => !source.reportsBatchItemFailures)
      .map(({ queue, where }) => ({
        level: 'error',
        subject: queue.name,
        where,
        found: 'an event source without ReportBatchItemFailures',
        wanted:
          'that function response type: without it, messages that were to come again are deleted with their batch',
        advice: 'Take back what removed it.',
      })),
};
