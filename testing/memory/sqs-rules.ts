import { messageSize } from '../../sdk/outbox/send-outbox.ts';
import type { Answer, OutgoingMessage } from '../../sdk/ports/queues.ts';
import { sqsLimitBytes } from '../../sdk/wire/size.ts';

/**
 * What SQS refuses of a batch as a whole.
 *
 * @throws Error with SQS's own code
 */
export function checkBatch(messages: readonly OutgoingMessage[]): void {
  if (messages.length === 0) throw new Error('EmptyBatchRequest: expected 1 to 10 messages, got none.');
  if (messages.length > 10)
    throw new Error(`TooManyEntriesInBatchRequest: expected at most 10 messages, got ${messages.length}.`);
  const size = messages.reduce((sum, message) => sum + messageSize(message), 0);
  if (size > sqsLimitBytes)
    throw new Error(`BatchRequestTooLong: expected at most ${sqsLimitBytes} bytes, got ${size}.`);
}

/** What SQS refuses of a single message; undefined if it takes it. */
export function refusalOf({ body, delaySeconds = 0, attributes = {} }: OutgoingMessage): Answer | undefined {
  if (body === '') return refused('MissingParameter', 'the message has no body');
  if (outsideXml.test(body)) return refused('InvalidMessageContents', 'a character outside XML 1.0');
  if (!Number.isInteger(delaySeconds) || delaySeconds < 0 || delaySeconds > 900) {
    return refused('InvalidParameterValue', `expected DelaySeconds from 0 to 900, got ${delaySeconds}`);
  }
  if (Object.keys(attributes).length > 10) return refused('InvalidParameterValue', 'more than 10 attributes');
  return undefined;
}

const outsideXml = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

function refused(code: string, message: string): Answer {
  return { ok: false, code, message, retryable: false };
}
