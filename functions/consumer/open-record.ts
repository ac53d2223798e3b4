import type { SQSRecord } from 'aws-lambda';
import type { AppCore } from '../../sdk/app/app-core.ts';
import type { QueueTopology } from '../../sdk/app/topology.ts';
import type { Delivery } from '../../sdk/engine/delivery.ts';
import { ConfigurationError, DecodeError } from '../../sdk/errors/index.ts';
import { withBodyAsNext } from '../../sdk/flow/chord-unlock.ts';
import { readEnvelope } from '../../sdk/wire/read-envelope.ts';

/** A message that cannot be understood. */
export interface Unreadable extends Omit<Delivery, 'envelope'> {
  readonly error: DecodeError;
}

/** A record, opened: a delivery, or what is known of one that cannot be read. */
export type Opened = { readonly record: SQSRecord } & (
  | { readonly delivery: Delivery }
  | { readonly unreadable: Unreadable }
);

/** Opens one record of an SQS event. */
export function openRecord(record: SQSRecord, queue: QueueTopology): Opened {
  const { body, messageId } = record;
  const { ApproximateReceiveCount, SentTimestamp } = record.attributes;
  const facts = {
    body,
    messageId,
    queue,
    receives: Number(ApproximateReceiveCount),
    sentAt: Number(SentTimestamp),
  };
  try {
    return { record, delivery: { ...facts, envelope: withBodyAsNext(readEnvelope(body)) } };
  } catch (error) {
    const reason = error instanceof DecodeError ? error : new DecodeError(String(error), { cause: error });
    return { record, unreadable: { ...facts, error: reason } };
  }
}

/** @throws ConfigurationError if the record does not come from a queue of this app. */
export function queueOfRecord({ settings, name }: AppCore, record: SQSRecord): QueueTopology {
  const queueName = String(record?.eventSourceARN).split(':').at(-1);
  const queue = settings.topology.queues.find((candidate) => candidate.queueName === queueName);
  if (queue) return queue;
  const known = settings.topology.queues.map((candidate) => candidate.queueName).join(', ');
  throw new ConfigurationError(
    `Expected an SQS event from a queue of app '${name}' (${known}), got one from '${record?.eventSourceARN}'. Check the event source mapping.`,
  );
}
