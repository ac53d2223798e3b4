import type { SQSEvent } from 'aws-lambda';

/** Which messages of a batch Lambda deletes, and which it leaves to be delivered again. */
export interface BatchVerdict {
  readonly deleted: readonly string[];
  readonly returned: readonly string[];
  /** Why the whole batch counts as failed, when it does. */
  readonly failure?: string;
}

/**
 * Reads a handler's answer as Lambda does with `ReportBatchItemFailures`: nothing, or an empty list, means that all
 * succeeded; an answer of another form, or an identifier that is empty, missing or unknown, fails the whole batch.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting
 */
export function readBatchAnswer(event: SQSEvent, answer: unknown): BatchVerdict {
  const all = event.Records.map((record) => record.messageId);
  const failures = reportedFailures(answer);
  if (failures === null) return wholeBatch(all, `expected { batchItemFailures: [...] }, got ${preview(answer)}`);
  const known = new Set(all);
  const returned = new Set<string>();
  for (const failure of failures) {
    const id = (failure as { itemIdentifier?: unknown } | null)?.itemIdentifier;
    if (typeof id !== 'string' || !known.has(id)) {
      return wholeBatch(all, `expected itemIdentifier to be a messageId of the batch, got ${preview(id)}`);
    }
    returned.add(id);
  }
  return { deleted: all.filter((id) => !returned.has(id)), returned: [...returned] };
}

/** What Lambda makes of a handler that threw or timed out. */
export function failedBatch(event: SQSEvent, failure: string): BatchVerdict {
  return wholeBatch(
    event.Records.map((record) => record.messageId),
    failure,
  );
}

function reportedFailures(answer: unknown): readonly unknown[] | null {
  if (answer === null || answer === undefined) return [];
  if (typeof answer !== 'object') return null;
  if (!('batchItemFailures' in answer)) return Object.keys(answer).length === 0 ? [] : null;
  const { batchItemFailures } = answer;
  if (batchItemFailures === null || batchItemFailures === undefined) return [];
  return Array.isArray(batchItemFailures) ? batchItemFailures : null;
}

function wholeBatch(all: readonly string[], failure: string): BatchVerdict {
  return { deleted: [], returned: all, failure };
}

function preview(value: unknown): string {
  return (JSON.stringify(value) ?? String(value)).slice(0, 100);
}
