import type { Connection } from '../app/connection.ts';
import type { QueueTopology } from '../app/topology.ts';
import { PayloadTooLargeError } from '../errors/index.ts';
import type { PublishRetryPolicy } from '../outbox/publish-policy.ts';
import { latestDays, lifetimeFor } from '../payloads/lifetimes.ts';
import { referenceAttributes, writeReference } from '../payloads/reference.ts';
import { storePayload } from '../payloads/store-payload.ts';
import type { OutgoingMessage } from '../ports/queues.ts';
import type { Envelope } from '../wire/envelope.ts';
import { byteLength, maxPayloadBytes } from '../wire/size.ts';

/** What decides whether a message fits, and where its payload lies if it does not. */
export interface Fit {
  readonly envelope: Pick<Envelope, 'task' | 'id'>;
  readonly queue: Pick<QueueTopology, 'name' | 'runOn'>;
  /** What its carrier takes, bytes of the body. */
  readonly limit: number;
  /** When it is to arrive, epoch milliseconds; null: at once. */
  readonly at: number | null;
  readonly policy?: PublishRetryPolicy | false;
}

/** Workers in Python would not know what to do with a reference. */
export function mayRefer({ runOn }: Fit['queue'], { payloads }: Pick<Connection, 'payloads'>): boolean {
  return payloads !== undefined && runOn !== 'celery';
}

/**
 * A message that its carrier takes: as it is, or if that is too large, a reference to its payload, which lies in the app's bucket then.
 *
 * @throws PayloadTooLargeError before anything is stored; OperationalError and ConfigurationError, when nothing was sent yet
 */
export async function fitted(
  message: OutgoingMessage,
  fit: Fit,
  { cloud, payloads }: Pick<Connection, 'cloud' | 'payloads'>,
): Promise<OutgoingMessage> {
  const { body } = message;
  const size = byteLength(body);
  if (size <= fit.limit) return message;
  if (!payloads || !mayRefer(fit.queue, { payloads })) throw tooLarge(fit, { size, limit: fit.limit });
  if (size > maxPayloadBytes) throw tooLarge(fit, { size, limit: maxPayloadBytes });
  const lifetime = lifetimeFor(fit.at, cloud.clock.now());
  if (!lifetime) throw tooFar(fit, size);
  const { envelope, policy } = fit;
  const owner = { task: envelope.task, taskId: envelope.id };
  const payload = { text: body, owner, prefix: lifetime.prefix, ...(policy !== undefined && { policy }) };
  const reference = await storePayload(payload, { ...cloud, payloads });
  return { ...message, body: writeReference(reference), attributes: referenceAttributes(size) };
}

const elsewhere = 'Store the data elsewhere (S3, a table) and send its address';

function tooLarge(
  { envelope, queue, limit }: Fit,
  found: { readonly size: number; readonly limit: number },
): PayloadTooLargeError {
  const advice = found.limit > limit ? `${elsewhere}.` : adviceFor(queue);
  return PayloadTooLargeError.of(`the message of task '${envelope.task}'`, { ...found, advice });
}

function adviceFor({ name, runOn }: Fit['queue']): string {
  if (runOn === 'celery')
    return `${elsewhere}: queue '${name}' runs on Celery, whose workers read no payloads from a bucket.`;
  return `${elsewhere}, or give the app the option payloadBucket.`;
}

function tooFar({ envelope, limit }: Fit, size: number): PayloadTooLargeError {
  return PayloadTooLargeError.of(
    `the message of task '${envelope.task}', which is due in more than ${latestDays} days,`,
    {
      size,
      limit,
      advice: `No bucket keeps its payload for so long. ${elsewhere}, or call the task later.`,
    },
  );
}
