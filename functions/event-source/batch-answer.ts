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
 * succeeded; an answer that is not JSON or of another form, or an identifier that is empty, null, missing or unknown,
 * fails the whole batch.
 *
 * AWS does not say what becomes of an object without `batchItemFailures` (such as a misspelt key); it is said to take
 * it for success and to delete failed messages with it. Here it fails the batch, so that the mistake is seen at home.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting
 */
export function readBatchAnswer(event: SQSEvent, answer: unknown): BatchVerdict {
  const all = event.Records.map((record) => record.messageId);
  const read = throughJson(answer);
  if (!read.ok) return wholeBatch(all, `expected an answer that can be written as JSON: ${read.reason}`);
  const failures = reportedFailures(read.value);
  if (failures === null) {
    return wholeBatch(all, `expected { batchItemFailures: [...] }, got ${preview(read.value)}`);
  }
  const known = new Set<unknown>(all);
  const identifiers = failures.map(itemIdentifier);
  const stranger = identifiers.findIndex((identifier) => identifier === '' || !known.has(identifier));
  if (stranger >= 0) {
    const got = preview(failures[stranger]);
    return wholeBatch(all, `expected itemIdentifier to be a messageId of the batch, got ${got}`);
  }
  const returned = new Set(identifiers);
  return {
    deleted: all.filter((id) => !returned.has(id)),
    returned: all.filter((id) => returned.has(id)),
  };
}

/** What Lambda makes of a handler that threw or timed out. */
export function failedBatch(event: SQSEvent, failure: string): BatchVerdict {
  return wholeBatch(
    event.Records.map((record) => record.messageId),
    failure,
  );
}

type JsonReading =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly reason: string };

/** Lambda sees the answer as JSON, and nothing (`undefined`) as null. */
function throughJson(answer: unknown): JsonReading {
  try {
    return { ok: true, value: JSON.parse(JSON.stringify(answer) ?? 'null') };
  } catch (error) {
    return { ok: false, reason: String(error) };
  }
}

/** The list, or null when the answer has another form. Empty answers of any kind count as an empty list. */
function reportedFailures(answer: unknown): readonly unknown[] | null {
  // Recorded on AWS for stream sources, documented for none: '' and [] are empty answers too.
  if (answer === null || answer === '') return [];
  if (typeof answer !== 'object') return null;
  if (!('batchItemFailures' in answer)) return Object.keys(answer).length === 0 ? [] : null;
  const { batchItemFailures } = answer;
  if (batchItemFailures === null) return [];
  return Array.isArray(batchItemFailures) ? batchItemFailures : null;
}

function itemIdentifier(failure: unknown): unknown {
  return typeof failure === 'object' && failure !== null && 'itemIdentifier' in failure
    ? failure.itemIdentifier
    : undefined;
}

function wholeBatch(all: readonly string[], failure: string): BatchVerdict {
  return { deleted: [], returned: all, failure };
}

function preview(value: unknown): string {
  return JSON.stringify(value).slice(0, 100);
}
