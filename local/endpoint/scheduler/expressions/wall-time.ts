import { zoneOf } from '../../../../sdk/schedule/time-zone.ts';

/** Offsets from UTC lie between these. */
const mostAheadMs = 15 * 3_600_000;
const mostBehindMs = 13 * 3_600_000;

/** Whether it is the name of a time zone in the IANA database. */
export function isTimeZone(name: string): boolean {
  try {
    zoneOf(name);
    return true;
  } catch {
    return false;
  }
}

/** What the clock on the wall shows there at an instant, both in milliseconds; a wall time is written as if it were UTC. */
export function wallTime(instant: number, timezone: string): number {
  return instant + zoneOf(timezone).offsetAt(instant);
}

/**
 * The instant at which the clock on the wall first shows that time; none if it never does, since it was put forward past it.
 * When it is put back, what it shows again does not count again: so says EventBridge Scheduler.
 *
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#daylist-savings-time
 */
export function instantOf(wall: number, timezone: string): number | undefined {
  const { offsetAt } = zoneOf(timezone);
  const instants = [offsetAt(wall - mostAheadMs), offsetAt(wall + mostBehindMs)]
    .map((offset) => wall - offset)
    .filter((instant) => wallTime(instant, timezone) === wall);
  return instants.length === 0 ? undefined : Math.min(...instants);
}
