import type { QueueTopology } from '../app/topology.ts';
import type { OutgoingMessage } from '../ports/queues.ts';
import type { Envelope } from '../wire/envelope.ts';
import { groupOf } from '../wire/fair-group.ts';
import { checkEnvelopeSize, maxEnvelopeBytes, sqsLimitBytes } from '../wire/size.ts';
import { writeEnvelope } from '../wire/write-envelope.ts';

/**
 * The longest delay of a message.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-timers.html
 */
export const maxDelaySeconds = 900;

/** When a message leaves, and when it is to arrive: epoch milliseconds. */
export interface Departure {
  /** null: at once. */
  readonly at: number | null;
  readonly now: number;
  /** It was sent before: what was kept free in it may be used. @default false */
  readonly isAgain?: boolean;
}

/**
 * The message that carries an envelope, delayed until it is to arrive, or for as long as can be.
 *
 * @throws PayloadTooLargeError
 */
export function toMessage(
  envelope: Envelope,
  queue: Pick<QueueTopology, 'base64'>,
  { at, now, isAgain = false }: Departure,
): OutgoingMessage {
  const body = writeEnvelope(envelope, { base64: queue.base64 });
  checkEnvelopeSize(body, envelope.task, isAgain ? sqsLimitBytes : maxEnvelopeBytes);
  const groupId = groupOf(envelope);
  const message = { body, ...(groupId !== undefined && { groupId }) };
  if (at === null || at <= now) return message;
  return { ...message, delaySeconds: Math.min(maxDelaySeconds, Math.ceil((at - now) / 1_000)) };
}
