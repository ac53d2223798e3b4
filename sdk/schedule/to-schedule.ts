import { ConfigurationError } from '../errors/index.ts';
import type { Duration } from '../time/duration.ts';
import { interval } from './interval.ts';
import { once } from './once.ts';
import type { Schedule } from './schedule.ts';

/**
 * Whatever says when: an interval in seconds or as text (`30`, `'90m'`), a `Date` for once, or a schedule.
 *
 * An interval is at least 1 second and whole seconds. Its slots are the multiples of the interval since 1970 in UTC: `'1h'` runs
 * at every full hour, `'45s'` at 00:00:00, 00:00:45, 00:01:30 and so on. Celery counts from the start of beat instead; here nothing
 * starts, and whoever asks comes to the same slots.
 */
export type ScheduleLike = Duration | Date | Schedule;

/**
 * Makes a schedule of whatever says when.
 *
 * @param what it is the schedule of, for errors
 * @throws ConfigurationError when it says nothing of the kind
 */
export function toSchedule(like: ScheduleLike, what = 'a schedule'): Schedule {
  if (like instanceof Date) return once(like);
  if (typeof like === 'string' && like.trim().split(/\s+/).length === 5) {
    throw new ConfigurationError(
      `Expected ${what} to be a length of time, got ${JSON.stringify(like)}. A line of a crontab is for crontab.fromString.`,
    );
  }
  if (typeof like === 'number' || typeof like === 'string') return interval(like, what);
  if (isSchedule(like)) return like;
  throw new ConfigurationError(
    `Expected ${what} to be seconds, text such as '30s' or '90m', a Date, crontab(...) or solar(...), got ${JSON.stringify(like)}.`,
  );
}

function isSchedule(like: unknown): like is Schedule {
  return typeof like === 'object' && like !== null && 'next' in like && 'wake' in like && 'toJSON' in like;
}
