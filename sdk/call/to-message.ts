import type { QueueTopology } from '../app/topology.ts';
import type { OutgoingMessage } from '../ports/queues.ts';
import type { Envelope } from '../wire/envelope.ts';
import { groupOf } from '../wire/fair-group.ts';
import { maxEnvelopeBytes, sqsLimitBytes } from '../wire/size.ts';
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
}

/** The largest body that goes to a queue as it is. What was sent before may use what was kept free in it. */
export function queueLimit(isAgain: boolean): number {
  return isAgain ? sqsLimitBytes : maxEnvelopeBytes;
}

/** The message that carries an envelope, however large, delayed until it is to arrive, or for as long as can be. */
export function toMessage(
  envelope: Envelope,
  queue: Pick<QueueTopology, 'base64'>,
  { at, now }: Departure,
): OutgoingMessage {
  const body = writeEnvelope(envelope, { base64: queue.base64 });
  const groupId = groupOf(envelope);
  const message = { body, ...(groupId !== undefined && { groupId }) };
  if (at === null || at <= now) return message;
  return { ...message, delaySeconds: Math.min(maxDelaySeconds, Math.ceil((at - now) / 1_000)) };
}
