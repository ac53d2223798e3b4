import type { CheckedEntry } from '../../sdk/beat/checked-entry.ts';

/** When beat has been silent for so many periods in a row, something is wrong. */
export interface Silence {
  readonly periodSeconds: number;
  readonly periods: number;
}

/**
 * The periods that CloudWatch can look back on, and how many of each: in all one day, or seven with periods of an hour.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
 */
const looks = [
  { periodSeconds: 60, most: 120 },
  { periodSeconds: 300, most: 288 },
  { periodSeconds: 3_600, most: 168 },
];

/** Scheduler is up to a minute late, Lambda tries a throttled wake again, metrics arrive minutes later. */
const slackSeconds = 900;

/**
 * How long beat may be silent.
 *
 * @param gapSeconds the longest time between two wakes
 * @returns undefined if that is longer than CloudWatch can look back: a weekly entry
 */
export function silenceAfter(gapSeconds: number): Silence | undefined {
  for (const { periodSeconds, most } of looks) {
    // The first and the last period are not whole ones.
    const periods = Math.ceil((gapSeconds + slackSeconds) / periodSeconds) + 1;
    if (periods <= most) return { periodSeconds, periods };
  }
  return undefined;
}

type Entry = Pick<CheckedEntry, 'schedule' | 'timezone' | 'isEnabled'>;

/**
 * The longest time between two wakes of beat, seconds: no longer than between those of its busiest entry. Infinity: nothing wakes it for
 * certain.
 */
export function longestGap(entries: Iterable<Entry>): number {
  let least = Number.POSITIVE_INFINITY;
  for (const entry of entries) {
    if (entry.isEnabled) least = Math.min(least, gapOf(entry, least));
  }
  return least;
}

/** One year for all, whenever a template is made: it would change with the day otherwise. */
const yearStart = Date.UTC(2026, 0, 1);
const yearEnd = Date.UTC(2027, 0, 1);
const hour = 3_600_000;
/** So many slots are looked at one by one. */
const fewSlots = 2_000;

/** Seconds, as long as they are fewer than `enough`. */
function gapOf({ schedule, timezone }: Entry, enough: number): number {
  const wake = schedule.wake(timezone, yearStart);
  // A tick sees to two of its periods.
  if (wake.aheadSeconds > 0) return wake.aheadSeconds / 2;
  // Where the clocks of a zone are a difficulty, wakes go by UTC.
  return slotGap((after) => schedule.next(after, wake.timezone), enough * 1_000) / 1_000;
}

/** Where slots are many, an hour is passed over after each, and longer gaps are found all the same: less exactly, by that hour. */
function slotGap(next: (after: number) => number | undefined, enough: number): number {
  let longest = 0;
  let seen = 0;
  for (let at = yearStart; at < yearEnd && longest < enough; seen += 1) {
    const isExact = seen < fewSlots;
    const slot = next(at) ?? Number.POSITIVE_INFINITY;
    const gap = slot - at;
    if (gap > longest) longest = isExact ? gap : gap + hour;
    at = isExact ? slot : slot + hour;
  }
  return longest;
}
