import type { QueueTopology } from '../app/topology.ts';
import type { OutgoingMessage } from '../ports/queues.ts';
import type { Envelope } from '../wire/envelope.ts';
import { checkEnvelopeSize } from '../wire/size.ts';
import { writeEnvelope } from '../wire/write-envelope.ts';

/**
 * The longest delay of a message.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-timers.html
 */
export const maxDelaySeconds = 900;

/**
 * The message that carries an envelope, delayed until it is to arrive, or for as long as can be.
 *
 * @throws PayloadTooLargeError
 */
export function toMessage(
  envelope: Envelope,
  queue: Pick<QueueTopology, 'base64'>,
  { at, now }: { readonly at: number | null; readonly now: number },
): OutgoingMessage {
  const body = writeEnvelope(envelope, { base64: queue.base64 });
  checkEnvelopeSize(body, envelope.task);
  if (at === null || at <= now) return { body };
  return { body, delaySeconds: Math.min(maxDelaySeconds, Math.ceil((at - now) / 1_000)) };
}
