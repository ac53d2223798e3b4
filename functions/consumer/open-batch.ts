import type { SQSEvent } from 'aws-lambda';
import type { AppCore } from '../../sdk/app/app-core.ts';
import { ConfigurationError } from '../../sdk/errors/index.ts';
import { laneOfRecord, type Opened, openRecord } from './open-record.ts';
import { type Referring, referringRecord } from './referring.ts';

/** The records of an event: those that hold their message, opened, and those that only say where it lies. */
export interface Batch {
  readonly opened: readonly Opened[];
  readonly referring: readonly Referring[];
}

/** @throws ConfigurationError if it is no event of SQS, or not from a queue of this app. */
export function openBatch(event: SQSEvent, app: AppCore): Batch {
  const records: unknown = event?.Records;
  if (!Array.isArray(records)) {
    throw new ConfigurationError(
      `Expected an SQS event with Records, got ${JSON.stringify(event)?.slice(0, 200)}.`,
    );
  }
  const opened: Opened[] = [];
  const referring: Referring[] = [];
  for (const record of event.Records) {
    const place = laneOfRecord(app, record);
    const entry = referringRecord(record, place);
    if (entry) referring.push(entry);
    else opened.push(openRecord(record, place));
  }
  return { opened, referring };
}
