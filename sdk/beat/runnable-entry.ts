import type { AppCore } from '../app/app-core.ts';
import { completed } from '../canvas/complete.ts';
import { readSchedule } from '../schedule/read-schedule.ts';
import type { Schedule } from '../schedule/schedule.ts';
import type { SignatureJson } from '../wire/signature.ts';
import type { MissedPolicy } from './beat-entry.ts';
import type { CheckedEntry } from './checked-entry.ts';
import type { BeatEvent } from './definition.ts';

/** An entry that beat was woken for. */
export interface RunnableEntry {
  readonly name: string;
  readonly schedule: Schedule;
  /** IANA name. */
  readonly timezone: string;
  readonly missed: MissedPolicy;
  /**
   * What it starts, ready to be sent.
   *
   * @throws ArgumentsError
   */
  readonly signature: () => Promise<SignatureJson>;
}

/** The entry that a wake is for: as the code has it, or as the wake itself tells; undefined if the code has it no longer. */
export async function runnableEntry(
  app: AppCore,
  { name, definition }: Pick<BeatEvent, 'name' | 'definition'>,
): Promise<RunnableEntry | undefined> {
  const { task, schedule, timezone, missed } = definition;
  if (typeof task !== 'string')
    return { name, schedule: await readSchedule(schedule), timezone, missed, signature: async () => task };
  const entry = app.beatEntries.get(name);
  return entry && { ...entry, signature: () => signatureOf(app, entry) };
}

/** @throws ArgumentsError if a schema refuses its arguments */
export function signatureOf(app: AppCore, { part }: CheckedEntry): Promise<SignatureJson> {
  return completed(part.json, app);
}
