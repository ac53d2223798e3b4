import { type FieldRange, parseField, parseNumber } from './cron-field.ts';

/** The days of a month (1 to 12) on which a cron expression fires, ascending. */
export type DaysOf = (year: number, month: number) => readonly number[];

const daysOfMonth: FieldRange = { least: 1, most: 31 };
const daysOfWeek: FieldRange = {
  least: 1,
  most: 7,
  names: ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'],
  hasSteps: false,
};

const sunday = 1;
const saturday = 7;

/** Reads the two fields of days, of which exactly one must be `?`; none if they are not as they must be. */
export function parseDays(dayOfMonth: string, dayOfWeek: string): DaysOf | undefined {
  if ((dayOfMonth === '?') === (dayOfWeek === '?')) return undefined;
  return dayOfWeek === '?' ? parseDayOfMonth(dayOfMonth) : parseDayOfWeek(dayOfWeek);
}

function parseDayOfMonth(text: string): DaysOf | undefined {
  if (text === 'L') return (year, month) => [lengthOf(year, month)];
  if (text.endsWith('W')) {
    const wanted = parseNumber(text.slice(0, -1), daysOfMonth);
    return wanted === undefined ? undefined : (year, month) => nearestWeekday(year, month, wanted);
  }
  const days = parseField(text, daysOfMonth);
  return days && ((year, month) => days.filter((day) => day <= lengthOf(year, month)));
}

function parseDayOfWeek(text: string): DaysOf | undefined {
  const [named = '', turn = ''] = text.split('#');
  const wanted = parseNumber(text.includes('#') ? named : text.slice(0, -1), daysOfWeek);
  if (text.includes('#')) {
    if (wanted === undefined || !/^[1-5]$/.test(turn)) return undefined;
    return (year, month) => allOf(year, month, [wanted]).slice(Number(turn) - 1, Number(turn));
  }
  if (text.endsWith('L') && text !== 'L') {
    return wanted === undefined ? undefined : (year, month) => allOf(year, month, [wanted]).slice(-1);
  }
  // `L` alone is the last day of the week.
  const days = text === 'L' ? [saturday] : parseField(text, daysOfWeek);
  return days && ((year, month) => allOf(year, month, days));
}

function allOf(year: number, month: number, weekdays: readonly number[]): readonly number[] {
  const days = Array.from({ length: lengthOf(year, month) }, (_, index) => index + 1);
  return days.filter((day) => weekdays.includes(weekdayOf(year, month, day)));
}

/** Never in another month: a Saturday that is the first moves to Monday, a Sunday that is the last to Friday. */
function nearestWeekday(year: number, month: number, day: number): readonly number[] {
  const last = lengthOf(year, month);
  if (day > last) return [];
  const weekday = weekdayOf(year, month, day);
  if (weekday === saturday) return [day === 1 ? 3 : day - 1];
  if (weekday === sunday) return [day === last ? day - 2 : day + 1];
  return [day];
}

function weekdayOf(year: number, month: number, day: number): number {
  return new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 1;
}

function lengthOf(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}
