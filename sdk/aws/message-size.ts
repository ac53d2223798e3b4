import { PayloadTooLargeError } from '../errors/index.ts';
import type { OutgoingMessage } from '../ports/queues.ts';
import { byteLength, sqsLimitBytes } from '../wire/size.ts';

/** Says of a batch that SQS refused how large it was. */
export function payloadTooLarge(messages: readonly OutgoingMessage[], cause: Error): PayloadTooLargeError {
  const size = messages.reduce((sum, message) => sum + messageSize(message), 0);
  const what = messages.length === 1 ? 'a message' : `a batch of ${messages.length} messages`;
  const advice = 'Send less at once, or store the data elsewhere (S3, a table) and send its address.';
  const error = new PayloadTooLargeError(what, { size, limit: sqsLimitBytes, advice });
  error.cause = cause;
  return error;
}

/**
 * The bytes that SQS counts: the body, and for each attribute its name, its type and its value.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html
 */
function messageSize({ body, attributes = {} }: OutgoingMessage): number {
  const named = Object.entries(attributes);
  return named.reduce((sum, [name, value]) => sum + byteLength(`${name}String${value}`), byteLength(body));
}
