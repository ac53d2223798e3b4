import type { AppCore } from '../app/app-core.ts';
import { ConfigurationError } from '../errors/index.ts';
import type { BeatTiming } from './beat-entry.ts';
import { type CheckedEntry, checkedEntry } from './checked-entry.ts';
import type { EntryCall } from './entry-part.ts';

/**
 * Adds entries to those that an app has.
 *
 * @throws ConfigurationError for a name that is taken, and what `checkedEntry` throws; nothing is added then
 */
export function addEntries(app: AppCore, own: Map<string, CheckedEntry>, entries: object): void {
  // Each is what the type of `app.beat` says, or is refused.
  const given: readonly [string, BeatTiming & EntryCall][] = Object.entries(entries);
  const taken = given.find(([name]) => own.has(name));
  if (taken)
    throw new ConfigurationError(`Beat entry '${taken[0]}' is given twice. Give one of them another name.`);
  const checked = given.map(([name, entry]) => checkedEntry(app, name, entry));
  for (const entry of checked) own.set(entry.name, entry);
}
