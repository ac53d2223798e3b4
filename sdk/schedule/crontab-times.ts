import { toInstant, toWallClock, type Zone } from './time-zone.ts';

/** The numbers that a crontab's fields name, each set sorted upwards. */
export interface CrontabTimes {
  readonly minute: ReadonlySet<number>;
  readonly hour: ReadonlySet<number>;
  readonly dayOfWeek: ReadonlySet<number>;
  readonly dayOfMonth: ReadonlySet<number>;
  readonly monthOfYear: ReadonlySet<number>;
}

/**
 * The first slot strictly after that instant, as a beat of Celery comes to it that has run all the time: from each run it looks for
 * the next time that a clock shows. So a slot that falls into a gap runs as much later as clocks jump ahead, together with what the
 * fields name for that time; what lies between is left out. An overlap has its slots once, when clocks show the time first.
 */
export function nextSlot(after: number, times: CrontabTimes, zone: Zone): number | undefined {
  let slot: number | undefined = beforeGap(after, zone);
  do slot = fromRun(slot, times, zone);
  while (slot !== undefined && slot <= after);
  return slot;
}

const day = 86_400_000;

/** Slots of a gap come after it: just behind a gap, the search has to begin before it. */
function beforeGap(after: number, zone: Zone): number {
  const gap = zone
    .changes(after - day, after + 1)
    .find((change) => after < change.at + change.after - change.before);
  return gap ? gap.at - 1 : after;
}

function fromRun(run: number, times: CrontabTimes, zone: Zone): number | undefined {
  const wall = nextWallClock(toWallClock(run, zone), times);
  return wall === undefined ? undefined : toInstant(wall, zone);
}

/** A 29 February that is a certain day of the week comes again after 40 years at the latest. */
const horizon = 41 * 366 * day;

/** The next time, to the minute, that fits all fields. */
function nextWallClock(wall: number, times: CrontabTimes): number | undefined {
  const today = Math.floor(wall / day) * day;
  const minuteOfDay = Math.floor((wall - today) / 60_000);
  const time = fitsDay(new Date(today), times) ? nextTimeOfDay(minuteOfDay, times) : undefined;
  if (time !== undefined) return today + time * 60_000;
  const first = nextTimeOfDay(-1, times) ?? 0;
  for (let date = today + day; date < today + horizon; ) {
    const calendar = new Date(date);
    if (fitsDay(calendar, times)) return date + first * 60_000;
    const isMonth = times.monthOfYear.has(calendar.getUTCMonth() + 1);
    date = isMonth ? date + day : Date.UTC(calendar.getUTCFullYear(), calendar.getUTCMonth() + 1);
  }
  return undefined;
}

function fitsDay(date: Date, { monthOfYear, dayOfMonth, dayOfWeek }: CrontabTimes): boolean {
  return (
    monthOfYear.has(date.getUTCMonth() + 1) &&
    dayOfMonth.has(date.getUTCDate()) &&
    dayOfWeek.has(date.getUTCDay())
  );
}

/** The next time of day, minutes since midnight. */
function nextTimeOfDay(minuteOfDay: number, { minute, hour }: CrontabTimes): number | undefined {
  const nowHour = Math.floor(minuteOfDay / 60);
  for (const h of hour) {
    if (h < nowHour) continue;
    for (const m of minute) if (h * 60 + m > minuteOfDay) return h * 60 + m;
  }
  return undefined;
}
