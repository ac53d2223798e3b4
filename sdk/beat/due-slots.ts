import type { Schedule, Wake } from '../schedule/schedule.ts';
import type { MissedPolicy } from './beat-entry.ts';

/** What is known when beat is woken for an entry. Instants are epoch milliseconds. */
export interface Waking {
  readonly schedule: Schedule;
  /** IANA name. */
  readonly timezone: string;
  readonly missed: MissedPolicy;
  /** The time that the wake was set for; it comes up to a minute later, or much later after an outage. */
  readonly scheduledAt: number;
  readonly now: number;
  /** Up to where slots were dealt with, and by which schedule; undefined: this is the first wake, or the row was forgotten. */
  readonly before: { readonly last: number; readonly schedule: string } | undefined;
  /** Slots up to then are none of ours: the entry was made, changed or resumed then. */
  readonly since: number | undefined;
}

/** What is due. */
export interface Due {
  /** Ascending. Those ahead are sent with a delay. */
  readonly slots: readonly number[];
  /** Up to where slots are dealt with now. */
  readonly last: number;
  /** Whether some that should run do not, since there are too many. */
  readonly isCut: boolean;
}

/** A slot that is longer ago was missed ... */
const missedAfterMs = 120_000;

/** ... but not while Lambda tries the slot's own wake again, which it does a minute and two minutes after it failed. */
const triedForMs = 300_000;

/** So many missed slots run at most. */
const maxMissed = 1_000;

/** Decides which slots of an entry are to be sent now. */
export function dueSlots(waking: Waking): Due {
  const { schedule, timezone, scheduledAt, now, before, missed } = waking;
  const wake = schedule.wake(timezone, now);
  const horizon = Math.max(scheduledAt + wake.aheadSeconds * 1_000, now);
  const from = firstOf(waking, wake, horizon);
  const missedFrom = Math.floor(now) - missedAfterMs;
  const cutoff = (now - scheduledAt > triedForMs ? missedFrom : Math.min(missedFrom, scheduledAt)) - 1;
  const due = slotsIn(waking, Math.max(from, cutoff), horizon);
  const wanted = missed === 'all' ? maxMissed : missed === 'latest' && due.length === 0 ? 1 : 0;
  const late = newest(waking, { from, to: cutoff, count: wanted });
  return {
    slots: [...late.slots, ...due],
    last: Math.max(horizon, before?.schedule === fingerprint(waking) ? before.last : 0),
    isCut: missed === 'all' && late.isCut,
  };
}

/** Tells one schedule from another, for the row. */
export function fingerprint({ schedule, timezone }: Pick<Waking, 'schedule' | 'timezone'>): string {
  return JSON.stringify([schedule.toJSON(), timezone]);
}

/** The slots that are dealt with come after this. */
function firstOf(waking: Waking, wake: Wake, horizon: number): number {
  const { before, since = 0, scheduledAt } = waking;
  // A tick sees to the second of the periods ahead; for the first of them a tick came before.
  const ahead = wake.isOnce ? 0 : (wake.aheadSeconds * 1_000) / 2;
  const first = scheduledAt + ahead - 1;
  if (before === undefined) return Math.max(first, since);
  if (before.schedule === fingerprint(waking)) return Math.max(before.last, since);
  // By another schedule: what it had missed is no slot of this one, and if it looked far ahead, it does not hold this one up.
  return Math.max(first, since, before.last <= horizon ? before.last : 0);
}

type Slots = Pick<Waking, 'schedule' | 'timezone'>;

/** After `from`, up to `to`. */
function slotsIn({ schedule, timezone }: Slots, from: number, to: number): number[] {
  const slots: number[] = [];
  let slot = schedule.next(from, timezone);
  while (slot !== undefined && slot <= to) {
    slots.push(slot);
    slot = schedule.next(slot, timezone);
  }
  return slots;
}

/** The last so many slots of a span: looked for from its end, since an outage may have been long and slots are many. */
function newest(
  slots: Slots,
  { from, to, count }: { readonly from: number; readonly to: number; readonly count: number },
): Pick<Due, 'slots' | 'isCut'> {
  if (count === 0 || to <= from) return { slots: [], isCut: false };
  for (let span = 60_000; ; span *= 4) {
    const start = Math.max(from, to - span);
    const found = slotsIn(slots, start, to);
    if (found.length <= count && start > from) continue;
    return { slots: found.slice(-count), isCut: found.length > count };
  }
}
