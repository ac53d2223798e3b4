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

/** How far a schedule has come. Instants are epoch milliseconds. */
interface Progress {
  /** When its rhythm began: it was created then, or its times changed. */
  readonly since: number;
  /** The time for which it fired last. */
  readonly last: number | undefined;
}

interface Entry extends Progress {
  readonly schedule: Schedule;
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

  /** Takes a schedule in, new or changed. One whose times stay as they were keeps its rhythm, and what is due and still late. */
  set(schedule: Schedule): void {
    const known = this.#entries.get(keyOf(schedule));
    known?.cancel();
    const isKept = known && isSameRhythm(known.schedule, schedule);
    this.#wait(schedule, isKept ? known : { since: this.#parts.clock.now(), last: undefined });
  }

  delete(key: ScheduleKey): void {
    this.#entries.get(keyOf(key))?.cancel();
    this.#entries.delete(keyOf(key));
  }

  stop(): void {
    for (const { cancel } of this.#entries.values()) cancel();
    this.#entries.clear();
  }

  #wait(schedule: Schedule, { since, last }: Progress): void {
    const { clock, chance, lateness, complete } = this.#parts;
    const next = schedule.state === 'ENABLED' ? this.#after(schedule, { since, last }) : undefined;
    const entry = { schedule, since, last, cancel: () => {} };
    this.#entries.set(keyOf(schedule), entry);
    if (next !== undefined) {
      const due = next + chance.random() * schedule.windowMinutes * 60_000 + lateness();
      entry.cancel = ringAt(clock, due, () => this.#fire(schedule, { since, last: next }));
    } else if (schedule.state === 'ENABLED') complete(schedule);
  }

  #fire(schedule: Schedule, progress: Progress & { readonly last: number }): void {
    this.#wait(schedule, progress);
    this.#parts.fire(schedule, progress.last);
  }

  #after({ timing, timezone, startAt, endAt }: Schedule, { since, last }: Progress): number | undefined {
    const now = Math.max(last ?? since, this.#parts.clock.now() - longestLateMs);
    if (last === undefined) {
      return within(timing.kind === 'at' ? undefined : endAt, firstFire(timing, timezone, { now, startAt }));
    }
    const next =
      timing.kind === 'rate'
        ? firstFire(timing, timezone, { now, startAt: last + timing.everyMs })
        : nextFire(timing, timezone, now);
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
