import type { CheckedEntry } from '../../sdk/beat/checked-entry.ts';
import {
  bodyOf,
  headerOf,
  kindOf,
  readSignatures,
  type SignatureJson,
  tasksOf,
} from '../../sdk/wire/signature.ts';
import type { PlannedCall, PlannedEntry } from './plan.ts';
import type { FindDestination } from './routes.ts';

const dayMs = 86_400_000;

/** Describes an entry of beat; `now` is when it is looked at, epoch milliseconds. */
export function plannedEntry(
  entry: CheckedEntry,
  { destinationOf, now }: { readonly destinationOf: FindDestination; readonly now: number },
): PlannedEntry {
  const { json } = entry.part;
  return {
    name: entry.name,
    runsPerDay: entry.isEnabled ? runsPerDay(entry, now) : 0,
    expires: (json.options.expires ?? null) !== null,
    calls: callsIn(json).map((call) => plannedCall(call, destinationOf)),
  };
}

/** Those of one day, or of four weeks where they are few. */
function runsPerDay(entry: CheckedEntry, now: number): number {
  const json = entry.schedule.toJSON();
  if ('every' in json) return dayMs / 1_000 / json.every;
  if ('at' in json) return 0;
  const today = runsWithin(entry, now, 1);
  return today > 24 ? today : runsWithin(entry, now, 28) / 28;
}

function runsWithin({ schedule, timezone }: CheckedEntry, now: number, days: number): number {
  let runs = 0;
  let slot = schedule.next(now, timezone);
  while (slot !== undefined && slot <= now + days * dayMs) {
    runs += 1;
    slot = schedule.next(slot, timezone);
  }
  return runs;
}

/** Every call that a signature makes in the end: its steps, members, body and callbacks. */
function callsIn(signature: SignatureJson): readonly SignatureJson[] {
  const { link, link_error } = signature.options;
  const parts = [...partsOf(signature), ...readSignatures(link), ...readSignatures(link_error)];
  const inner = parts.flatMap(callsIn);
  return kindOf(signature) === 'task' ? [signature, ...inner] : inner;
}

function partsOf(signature: SignatureJson): readonly SignatureJson[] {
  switch (kindOf(signature)) {
    case 'chain':
    case 'group':
      return tasksOf(signature);
    case 'chord':
      return [headerOf(signature), bodyOf(signature)];
    default:
      return [];
  }
}

function plannedCall({ task, options }: SignatureJson, destinationOf: FindDestination): PlannedCall {
  return typeof options.queue === 'string'
    ? { task, queue: options.queue, namesQueue: true }
    : { task, queue: destinationOf(task).queue, namesQueue: false };
}
