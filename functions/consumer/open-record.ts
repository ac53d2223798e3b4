import type { SQSRecord } from 'aws-lambda';
import type { AppCore } from '../../sdk/app/app-core.ts';
import { laneNamed, type PlacedLane } from '../../sdk/app/lanes.ts';
import type { Delivery } from '../../sdk/engine/delivery.ts';
import { lifeOf } from '../../sdk/engine/life-of-call.ts';
import { ConfigurationError, DecodeError, type WorkerLostError } from '../../sdk/errors/index.ts';
import { withBodyAsNext } from '../../sdk/flow/chord-unlock.ts';
import type { PayloadOwner } from '../../sdk/payloads/object-key.ts';
import { readMarks } from '../../sdk/wire/marks.ts';
import { readEnvelope } from '../../sdk/wire/read-envelope.ts';

/** What keeps a message from being opened. */
interface Obstacle {
  readonly error: DecodeError | WorkerLostError;
  /** Whose message it is, as far as that is known. */
  readonly owner: { readonly [Name in keyof PayloadOwner]?: string | undefined };
}

/** A message that cannot be understood, or kills whoever tries. */
export interface Unreadable extends Omit<Delivery, 'envelope'>, Obstacle {}

/** A record, opened: a delivery, or what is known of one that cannot be read. */
export type Opened = { readonly record: SQSRecord } & (
  | { readonly delivery: Delivery }
  | { readonly unreadable: Unreadable }
);

/** A message, and what of it goes to the dead-letter queue if it must: for most the same. */
export interface Message {
  readonly text: string;
  readonly body: string;
}

/** Opens one record of an SQS event. */
export function openRecord(
  record: SQSRecord,
  place: PlacedLane,
  { text, body }: Message = { text: record.body, body: record.body },
): Opened {
  const facts = factsOf(record, place, body);
  try {
    const envelope = withBodyAsNext(readEnvelope(text));
    const life = lifeOf(envelope, facts.sentAt);
    const { receives = 0 } = readMarks(life.envelope);
    return { record, delivery: { ...facts, ...life, receives: receives + facts.receives } };
  } catch (error) {
    const reason = error instanceof DecodeError ? error : new DecodeError(String(error), { cause: error });
    return unreadableRecord(record, place, { body, error: reason, owner: reason });
  }
}

/** What is known of a record that cannot be opened. */
export function unreadableRecord(
  record: SQSRecord,
  place: PlacedLane,
  { body, error, owner }: Obstacle & { readonly body: string },
): Opened {
  return { record, unreadable: { ...factsOf(record, place, body), error, owner } };
}

function factsOf({ messageId, attributes }: SQSRecord, place: PlacedLane, body: string) {
  const { ApproximateReceiveCount, SentTimestamp } = attributes;
  return {
    body,
    messageId,
    ...place,
    receives: Number(ApproximateReceiveCount),
    sentAt: Number(SentTimestamp),
  };
}

/** @throws ConfigurationError if the record does not come from a queue of this app. */
export function laneOfRecord({ settings, name }: AppCore, record: SQSRecord): PlacedLane {
  const queueName = String(record?.eventSourceARN).split(':').at(-1);
  const { queues } = settings.topology;
  const place = laneNamed(queues, queueName ?? '');
  if (place) return place;
  const known = queues.flatMap(({ lanes }) => lanes.map((lane) => lane.queueName)).join(', ');
  throw new ConfigurationError(
    `Expected an SQS event from a queue of app '${name}' (${known}), got one from '${record?.eventSourceARN}'. Check the event source mapping.`,
  );
}
