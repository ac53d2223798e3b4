import { PayloadTooLargeError } from '../errors/index.ts';
import type { OutgoingMessage } from '../ports/queues.ts';

/**
 * The most that SQS takes: one message, and all messages of one batch, attributes included.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
 */
export const sqsLimitBytes = 1_048_576;

/** Kept free in every message, so that one that was accepted can always be sent again with a retry count or a reason. */
export const reservedBytes = 4_096;

/** The largest envelope that we send. */
export const maxEnvelopeBytes = sqsLimitBytes - reservedBytes;

/** The largest envelope that travels through a bucket: a worker holds it several times over while it reads it. */
export const maxPayloadBytes = 100 * sqsLimitBytes;

/**
 * The largest result that we store: DynamoDB takes 400 KB per item, names and other attributes included.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
 */
export const maxResultBytes = 400_000;

/** The size of a text as it travels: UTF-8. */
export function byteLength(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}

/**
 * What SQS counts of a message: the body, and name, type and value of each attribute.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html
 */
export function messageSize({ body, attributes = {} }: OutgoingMessage): number {
  const named = Object.entries(attributes);
  return named.reduce((sum, [name, value]) => sum + byteLength(`${name}String${value}`), byteLength(body));
}

/** Says of messages that SQS refuses together how large they are. */
export function batchTooLarge(messages: readonly OutgoingMessage[]): PayloadTooLargeError {
  const size = messages.reduce((sum, message) => sum + messageSize(message), 0);
  const what = messages.length === 1 ? 'a message' : `a batch of ${messages.length} messages`;
  const advice = 'Send less at once, or store the data elsewhere (S3, a table) and send its address.';
  return PayloadTooLargeError.of(what, { size, limit: sqsLimitBytes, advice });
}
