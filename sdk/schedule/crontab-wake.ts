import { awsCron } from './aws-cron.ts';
import type { CrontabTimes } from './crontab-times.ts';
import type { Wake } from './schedule.ts';
import { type ClockChange, zoneOf } from './time-zone.ts';

const fiveYears = 5 * 366 * 86_400_000;

/** How AWS says a crontab, or something that wakes a little more often. */
export function crontabWake(times: CrontabTimes, timezone: string, now: number): Wake {
  const zone = zoneOf(timezone);
  const changes = zone.changes(now, now + fiveYears);
  if (changes.some((change) => isMet(change, times))) {
    const offsets = new Set(changes.flatMap(({ before, after }) => [before, after]));
    return { ...inUtc(times, offsets), timezone: 'UTC', isExact: false, aheadSeconds: 0, isOnce: false };
  }
  return { ...inZone(times), timezone, aheadSeconds: 0, isOnce: false };
}

const minute = 60_000;

/**
 * Whether a time that the crontab names can fall into a gap or an overlap: AWS leaves out what falls into a gap, and says of an
 * overlap no more than that it runs once. Days are not looked at, since the date of the change is another one every year.
 */
function isMet({ at, before, after }: ClockChange, times: CrontabTimes): boolean {
  const first = Math.ceil((at + Math.min(before, after)) / minute);
  const count = Math.min(Math.abs(after - before) / minute, 1_440);
  return Array.from({ length: count }, (_, i) => (first + i) % 1_440).some(
    (time) => times.hour.has(Math.floor(time / 60)) && times.minute.has(time % 60),
  );
}

/** The times of day in UTC that the crontab's are, by any of the zone's offsets, on every day: cheaper than a tick of every minute. */
function inUtc({ minute: minutes, hour }: CrontabTimes, offsets: Iterable<number>): Pick<Wake, 'expression'> {
  const times = [...offsets].flatMap((offset) =>
    [...hour].flatMap((h) => [...minutes].map((m) => (h * 60 + m - offset / minute + 2 * 1_440) % 1_440)),
  );
  return {
    expression: awsCron({
      minutes: times.map((time) => time % 60),
      hours: times.map((time) => Math.floor(time / 60)),
    }),
  };
}

/** AWS cannot restrict both kinds of days; the one that leaves more days is left to the guard. */
function inZone(times: CrontabTimes): Pick<Wake, 'expression' | 'isExact'> {
  const { minute: minutes, hour: hours, monthOfYear: months, dayOfMonth, dayOfWeek } = times;
  const isBoth = dayOfMonth.size < 31 && dayOfWeek.size < 7;
  const byWeek = dayOfWeek.size < 7 && (!isBoth || dayOfWeek.size / 7 < dayOfMonth.size / 31);
  const days = byWeek
    ? { daysOfWeek: [...dayOfWeek].map((sundayIs0) => sundayIs0 + 1) }
    : { daysOfMonth: dayOfMonth };
  return { expression: awsCron({ minutes, hours, months, ...days }), isExact: !isBoth };
}
