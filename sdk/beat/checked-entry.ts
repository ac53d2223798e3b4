import type { AppCore } from '../app/app-core.ts';
import type { Part } from '../canvas/part.ts';
import { ConfigurationError } from '../errors/index.ts';
import { refuseUnknown } from '../errors/refuse-unknown.ts';
import type { Schedule } from '../schedule/schedule.ts';
import { zoneOf } from '../schedule/time-zone.ts';
import { toSchedule } from '../schedule/to-schedule.ts';
import type { BeatTiming, MissedPolicy } from './beat-entry.ts';
import { type EntryCall, entryPart } from './entry-part.ts';

/** An entry of beat, checked, with its defaults filled in. */
export interface CheckedEntry {
  readonly name: string;
  /** What it starts. Schemas encode the arguments when it is started. */
  readonly part: Part;
  readonly schedule: Schedule;
  /** IANA name. */
  readonly timezone: string;
  readonly missed: MissedPolicy;
  readonly isEnabled: boolean;
}

const names: ReadonlySet<string> = new Set<keyof BeatTiming | keyof EntryCall>([
  'args',
  'enabled',
  'kwargs',
  'missed',
  'options',
  'schedule',
  'task',
  'timezone',
]);

/**
 * Reads an entry as a program gives it.
 *
 * @throws ConfigurationError that names the entry, what was expected and what came; ArgumentsError, EncodeError
 */
export function checkedEntry(app: AppCore, name: string, entry: BeatTiming & EntryCall): CheckedEntry {
  const what = `Beat entry '${checkedName(name)}'`;
  if (typeof entry !== 'object' || entry === null)
    throw expected(what, 'an object { task, schedule }', entry);
  refuseUnknown(what, entry, names);
  const { missed = 'latest', enabled = true, timezone = app.settings.timezone } = entry;
  if (!['skip', 'latest', 'all'].includes(missed))
    throw expected(what, "missed to be 'skip', 'latest' or 'all'", missed);
  if (typeof enabled !== 'boolean') throw expected(what, 'enabled to be true or false', enabled);
  zoneOf(timezone);
  return {
    name,
    part: entryPart(app, name, entry),
    schedule: toSchedule(entry.schedule, `the schedule of beat entry '${name}'`),
    timezone,
    missed,
    isEnabled: enabled,
  };
}

/** Scheduler takes 64 characters; the name is `beat-<name>`, and ids of runs bear it too. */
const namePattern = /^[A-Za-z0-9._-]{1,50}$/;

/** @throws ConfigurationError */
export function checkedName(name: string): string {
  if (typeof name === 'string' && namePattern.test(name)) return name;
  throw new ConfigurationError(
    `Expected the name of a beat entry to be 1 to 50 letters, digits, '.', '_' or '-', got ${JSON.stringify(name)}.`,
  );
}

function expected(what: string, wish: string, got: unknown): ConfigurationError {
  return new ConfigurationError(`${what}: expected ${wish}, got ${JSON.stringify(got)}.`);
}
