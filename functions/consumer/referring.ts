import type { SQSRecord } from 'aws-lambda';
import type { PlacedLane } from '../../sdk/app/lanes.ts';
import type { QueueTopology } from '../../sdk/app/topology.ts';
import { DecodeError } from '../../sdk/errors/index.ts';
import { fetchPayload } from '../../sdk/payloads/fetch-payload.ts';
import { type PayloadReference, readReference, writeReference } from '../../sdk/payloads/reference.ts';
import type { Need } from './by-room.ts';
import { type Opened, openRecord, unreadableRecord } from './open-record.ts';
import type { Worker } from './scene.ts';

/** A record whose payload lies in the bucket. */
export interface Referring {
  readonly record: SQSRecord;
  readonly place: PlacedLane;
  readonly reference: PayloadReference;
}

/** Undefined for a record that holds its message itself, as nearly all do. */
export function referringRecord(record: SQSRecord, place: PlacedLane): Referring | undefined {
  const reference = readReference(record.body, attributesOf(record));
  return reference && { record, place, reference };
}

/**
 * Fetches the payload and opens the record with it. What goes to the dead-letter queue of it is the reference, so that it can be sent back.
 *
 * @throws Error if the payload cannot be had now: the message must come again.
 */
export async function openReferring(
  { record, place, reference }: Referring,
  { connection }: Pick<Worker, 'connection'>,
): Promise<Opened> {
  const body = writeReference(reference);
  try {
    const text = await fetchPayload(reference, connection.payloads);
    return openRecord(record, place, { text, body });
  } catch (error) {
    if (error instanceof DecodeError) return unreadableRecord(record, place, { body, error, owner: error });
    throw error;
  }
}

/** A message is held several times over while it is read and run: as bytes, as text, as its parts. */
const copies = 16;
const mebibyte = 1_048_576;

/** The room that a payload needs, of what a worker has for payloads. One that does not tell its size may be of any. */
export function needOf({ reference }: Referring, { memoryMiB }: Pick<QueueTopology, 'memoryMiB'>): Need {
  const room = (memoryMiB * mebibyte) / copies;
  return { room, size: reference.size ?? room };
}

function attributesOf({ messageAttributes = {} }: SQSRecord): Readonly<Record<string, string | undefined>> {
  const named = Object.entries(messageAttributes);
  return named.length === 0
    ? {}
    : Object.fromEntries(named.map(([name, attribute]) => [name, attribute?.stringValue]));
}
