import { type DaysOf, parseDays } from './cron-days.ts';
import { type FieldRange, parseField } from './cron-field.ts';

/** A cron expression, read. */
export interface Cron {
  /** Times of the day, milliseconds after midnight, ascending. */
  readonly times: readonly number[];
  /** 1 to 12, ascending. */
  readonly months: readonly number[];
  readonly years: readonly number[];
  readonly daysOf: DaysOf;
}

const minutes: FieldRange = { least: 0, most: 59 };
const hours: FieldRange = { least: 0, most: 23 };
const years: FieldRange = { least: 1970, most: 2199 };
const months: FieldRange = {
  least: 1,
  most: 12,
  names: ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'],
};

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/**
 * Reads six fields: minutes, hours, day of month, month, day of week, year. What AWS does not document is refused, so that
 * nothing runs here that may not run there.
 *
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based
 */
export function parseCron(text: string): Cron | undefined {
  const fields = text.trim().split(/\s+/);
  if (fields.length !== 6) return undefined;
  const [minute = '', hour = '', dayOfMonth = '', month = '', dayOfWeek = '', year = ''] = fields;
  const at = { minutes: parseField(minute, minutes), hours: parseField(hour, hours) };
  const when = { months: parseField(month, months), years: parseField(year, years) };
  const daysOf = parseDays(dayOfMonth, dayOfWeek);
  if (!at.minutes || !at.hours || !when.months || !when.years || !daysOf) return undefined;
  return { times: timesOf(at.hours, at.minutes), months: when.months, years: when.years, daysOf };
}

function timesOf(atHours: readonly number[], atMinutes: readonly number[]): readonly number[] {
  return atHours.flatMap((hour) => atMinutes.map((minute) => hour * hourMs + minute * minuteMs));
}

/** Every time on the clock on the wall at which it fires, ascending, from that one on. Both are written as if they were UTC. */
export function* wallTimes(cron: Cron, from: number): Generator<number> {
  for (const midnight of midnights(cron, from)) {
    for (const time of cron.times) {
      if (midnight + time >= from) yield midnight + time;
    }
  }
}

const dayMs = 24 * hourMs;

function* midnights({ years: inYears, months: inMonths, daysOf }: Cron, from: number): Generator<number> {
  for (const year of inYears) {
    for (const month of inMonths) {
      // The first midnight of the month after it.
      if (Date.UTC(year, month, 1) <= from) continue;
      yield* daysOf(year, month)
        .map((day) => Date.UTC(year, month - 1, day))
        .filter((midnight) => midnight + dayMs > from);
    }
  }
}
