import type { ScheduleTopology } from '../app/topology.ts';
import { beatKey } from '../wire/keys.ts';
import type { CheckedEntry } from './checked-entry.ts';
import { definitionOf, type EntryDefinition, writeInput } from './definition.ts';

/** The schedules that wake beat for the entries of an app's code. */
export function schedulesOfEntries(entries: Iterable<CheckedEntry>, date: Date): readonly ScheduleTopology[] {
  const now = date.getTime();
  return [...entries].flatMap((entry) => {
    if (entry.schedule.next(now, entry.timezone) !== undefined)
      return [scheduleOf(entry, { definition: definitionOf(entry) }, now)];
    process.emitWarning(`Beat entry '${entry.name}' is left out: its date is over. Delete it from the code.`);
    return [];
  });
}

/** The schedule that wakes beat for an entry. */
export function scheduleOf(
  { name, schedule, timezone, isEnabled }: Pick<CheckedEntry, 'name' | 'schedule' | 'timezone' | 'isEnabled'>,
  told: { readonly definition: EntryDefinition; readonly since?: number },
  now: number,
): ScheduleTopology {
  const wake = schedule.wake(timezone, now);
  return {
    name: beatKey(name),
    expression: wake.expression,
    timezone: wake.timezone,
    isEnabled,
    isOnce: wake.isOnce,
    input: writeInput({ name, ...told }),
  };
}
