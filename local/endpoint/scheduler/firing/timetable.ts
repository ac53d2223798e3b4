import type { Chance } from '../../../../sdk/ports/chance.ts';
import type { Clock } from '../../../../sdk/ports/clock.ts';
import { firstFire, nextFire } from '../expressions/next-fire.ts';
import { keyOf, type Schedule, type ScheduleKey } from '../store/schedule.ts';
import { ringAt } from './ring-at.ts';

export interface TimetableParts {
  readonly clock: Clock;
  readonly chance: Chance;
  /** How much later than it should each one fires, milliseconds. */
  readonly lateness: () => number;
  readonly fire: (schedule: Schedule, scheduledAt: number) => void;
  /** It will not fire again. */
  readonly complete: (schedule: Schedule) => void;
}

interface Entry {
  readonly schedule: Schedule;
  /** The time for which it fired last. */
  readonly last: number | undefined;
  readonly cancel: () => void;
}

/** What a sleeping computer has missed longer ago than this is left out: AWS itself keeps an event for a day at most. */
const longestLateMs = 86_400_000;

/** When each schedule fires next, and the timers that wait for it. */
export class Timetable {
  readonly #parts: TimetableParts;
  readonly #entries = new Map<string, Entry>();

  constructor(parts: TimetableParts) {
    this.#parts = parts;
  }

  /** Takes a schedule in, new or changed. One whose times stay as they were keeps its rhythm. */
  set(schedule: Schedule): void {
    const known = this.#entries.get(keyOf(schedule));
    known?.cancel();
    this.#wait(schedule, known && isSameRhythm(known.schedule, schedule) ? known.last : undefined);
  }

  delete(key: ScheduleKey): void {
    this.#entries.get(keyOf(key))?.cancel();
    this.#entries.delete(keyOf(key));
  }

  stop(): void {
    for (const { cancel } of this.#entries.values()) cancel();
    this.#entries.clear();
  }

  #wait(schedule: Schedule, last: number | undefined): void {
    const { clock, chance, lateness, complete } = this.#parts;
    const next = schedule.state === 'ENABLED' ? this.#after(schedule, last) : undefined;
    const entry = { schedule, last, cancel: () => {} };
    this.#entries.set(keyOf(schedule), entry);
    if (next !== undefined) {
      const due = next + chance.random() * schedule.windowMinutes * 60_000 + lateness();
      entry.cancel = ringAt(clock, due, () => this.#fire(schedule, next));
    } else if (schedule.state === 'ENABLED') complete(schedule);
  }

  #fire(schedule: Schedule, scheduledAt: number): void {
    this.#wait(schedule, scheduledAt);
    this.#parts.fire(schedule, scheduledAt);
  }

  #after({ timing, timezone, startAt, endAt }: Schedule, last: number | undefined): number | undefined {
    const now = this.#parts.clock.now();
    if (last === undefined) {
      return within(timing.kind === 'at' ? undefined : endAt, firstFire(timing, timezone, { now, startAt }));
    }
    const since = Math.max(last, now - longestLateMs);
    const next =
      timing.kind === 'rate'
        ? firstFire(timing, timezone, { now: since, startAt: last + timing.everyMs })
        : nextFire(timing, timezone, since);
    return within(endAt, next);
  }
}

function within(endAt: number | undefined, instant: number | undefined): number | undefined {
  return endAt !== undefined && instant !== undefined && instant > endAt ? undefined : instant;
}

/** A rate that was paused does not make up for what it missed; a time that has come does not come again. */
function isSameRhythm(one: Schedule, other: Schedule): boolean {
  const isSameTime =
    one.expression === other.expression && one.timezone === other.timezone && one.startAt === other.startAt;
  return isSameTime && (one.state === other.state || other.timing.kind === 'at');
}
