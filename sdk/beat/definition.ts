import { ConfigurationError } from '../errors/index.ts';
import type { ScheduleJson } from '../schedule/schedule.ts';
import { isJsonObject, type Json } from '../wire/json.ts';
import { readSignature, type SignatureJson } from '../wire/signature.ts';
import type { MissedPolicy } from './beat-entry.ts';
import type { CheckedEntry } from './checked-entry.ts';

/** What a schedule tells the beat function, and whoever lists it, of its entry. */
export interface EntryDefinition {
  /** What it starts. Of an entry in the app's code only the name: its arguments and options come with the code. */
  readonly task: string | SignatureJson;
  readonly schedule: ScheduleJson;
  /** IANA name. */
  readonly timezone: string;
  readonly missed: MissedPolicy;
}

/** What beat is woken with. */
export interface BeatEvent {
  /** Of the entry. */
  readonly name: string;
  /** When the wake was set for: ISO 8601, UTC. */
  readonly time: string;
  readonly definition: EntryDefinition;
  /** No slot up to then is this entry's: it was made, changed or resumed then. Epoch milliseconds. */
  readonly since?: number;
}

/** Scheduler puts in the time that a wake was set for. */
export const scheduledTime = '<aws.scheduler.scheduled-time>';

/** Describes an entry; with its signature if it is to be found in no code. */
export function definitionOf(
  { part, schedule, timezone, missed }: CheckedEntry,
  signature?: SignatureJson,
): EntryDefinition {
  return { task: signature ?? part.json.task, schedule: schedule.toJSON(), timezone, missed };
}

/**
 * The Input of an entry's schedule. Scheduler replaces its own words wherever they stand: in an argument they are written as an escape.
 *
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
 */
export function writeInput({ name, definition, since }: Omit<BeatEvent, 'time'>): string {
  const told = JSON.stringify({ definition, ...(since !== undefined && { since }) });
  const escaped = told.replaceAll('<aws.scheduler', '\\u003caws.scheduler');
  return `{"name":${JSON.stringify(name)},"time":"${scheduledTime}",${escaped.slice(1)}`;
}

/**
 * Reads what a schedule says of its entry.
 *
 * @throws ConfigurationError if beat did not write it
 */
export function readInput(input: unknown): BeatEvent {
  const event = typeof input === 'string' ? parsed(input) : (input as Json);
  if (!isJsonObject(event) || typeof event.name !== 'string' || typeof event.time !== 'string')
    throw notOurs(input);
  const { name, time, since, definition } = event;
  if (!isJsonObject(definition) || !isJsonObject(definition.schedule)) throw notOurs(input);
  const { task, schedule, timezone, missed } = definition;
  if (typeof timezone !== 'string' || typeof missed !== 'string') throw notOurs(input);
  return {
    name,
    time,
    definition: {
      task: typeof task === 'string' ? task : readSignature(task, `what beat entry '${name}' starts`),
      // Who reads the schedule refuses what is none.
      schedule: schedule as unknown as ScheduleJson,
      timezone,
      missed: missed as MissedPolicy,
    },
    ...(typeof since === 'number' && { since }),
  };
}

function parsed(input: string): Json {
  try {
    return JSON.parse(input);
  } catch {
    return null;
  }
}

function notOurs(input: unknown): ConfigurationError {
  const got = typeof input === 'string' ? input : JSON.stringify(input);
  return new ConfigurationError(
    `Expected what a schedule of beat says, { name, time, definition }, got ${got?.slice(0, 200)}.`,
  );
}
