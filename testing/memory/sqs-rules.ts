import type { Answer, OutgoingMessage } from '../../sdk/ports/queues.ts';
import { batchTooLarge, messageSize, sqsLimitBytes } from '../../sdk/wire/size.ts';

/** @throws Error with SQS's own code, if a batch has more entries than a request takes. */
export function checkCount(entries: readonly unknown[]): void {
  if (entries.length <= 10) return;
  throw new Error(`TooManyEntriesInBatchRequest: expected at most 10 entries, got ${entries.length}.`);
}

/** @throws PayloadTooLargeError if messages are too large together. */
export function checkSize(messages: readonly OutgoingMessage[]): void {
  const size = messages.reduce((sum, message) => sum + messageSize(message), 0);
  if (size > sqsLimitBytes) throw batchTooLarge(messages);
}

/** What SQS refuses of a single message; undefined if it takes it. */
export function refusalOf(message: OutgoingMessage): Answer | undefined {
  const { body, delaySeconds = 0, attributes = {}, groupId } = message;
  if (body === '') return refused('MissingParameter', 'the message has no body');
  if (outsideXml.test(body)) return refused('InvalidMessageContents', 'a character outside XML 1.0');
  if (!Number.isInteger(delaySeconds) || delaySeconds < 0 || delaySeconds > 900) {
    return refused('InvalidParameterValue', `expected DelaySeconds from 0 to 900, got ${delaySeconds}`);
  }
  if (Object.keys(attributes).length > 10) return refused('InvalidParameterValue', 'more than 10 attributes');
  if (groupId !== undefined && !/^[!-~]{1,128}$/.test(groupId))
    return refused(
      'InvalidParameterValue',
      `expected 1 to 128 ASCII letters, digits or marks, got '${groupId}'`,
    );
  return undefined;
}

const outsideXml = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

function refused(code: string, message: string): Answer {
  return { ok: false, code, message, retryable: false };
}
