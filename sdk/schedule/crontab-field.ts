import { ConfigurationError } from '../errors/index.ts';

/** One field of a crontab: a number, a pattern, or several of these. */
export type CrontabField = number | string | readonly (number | string)[] | ReadonlySet<number | string>;

interface Range {
  readonly min: number;
  readonly max: number;
  /** The numbers' names, from the least on, by their first three letters. */
  readonly names: readonly string[];
}

/** What may stand in each field. */
export const crontabRanges = {
  minute: { min: 0, max: 59, names: [] },
  hour: { min: 0, max: 23, names: [] },
  dayOfWeek: { min: 0, max: 6, names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] },
  dayOfMonth: { min: 1, max: 31, names: [] },
  monthOfYear: {
    min: 1,
    max: 12,
    names: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
  },
} as const satisfies Record<string, Range>;

export type CrontabFieldName = keyof typeof crontabRanges;

/**
 * The numbers that a field names.
 *
 * @throws ConfigurationError when it is not what the field takes
 */
export function parseField(name: CrontabFieldName, field: CrontabField): ReadonlySet<number> {
  const range: Range = crontabRanges[name];
  const parts = writeField(field).split(',');
  const numbers = parts.map((part) => parsePart(part, range));
  if (numbers.some((found) => found === undefined)) throw refusal(name, field);
  return new Set(numbers.flatMap((found) => found ?? []));
}

/** The field as text, which is read as the same numbers. */
export function writeField(field: CrontabField): string {
  return typeof field === 'object' ? [...field].join(',') : String(field);
}

const star = /^\*(?:\/(\d+))?$/;
const fromTo = /^(\w+)-(\w+)(?:\/(\d+))?\s*$/;

function parsePart(part: string, range: Range): readonly number[] | undefined {
  const [isStar, starStep] = star.exec(part) ?? [];
  if (isStar) return everyNth(numbersFrom(range.min, range.max, range), starStep);
  const [isRange, from = '', to = '', step] = fromTo.exec(part) ?? [];
  const first = parseNumber(isRange ? from : part, range);
  const last = isRange ? parseNumber(to, range) : first;
  if (first === undefined || last === undefined) return undefined;
  return everyNth(numbersFrom(first, last, range), step);
}

/** A range whose end is before its start goes on at the field's least number. */
function numbersFrom(first: number, last: number, { min, max }: Range): readonly number[] {
  const count = last >= first ? last - first + 1 : last - first + 1 + (max - min + 1);
  return Array.from({ length: count }, (_, i) => (first + i > max ? first + i - max + min - 1 : first + i));
}

/** Steps count along the range, not by what the numbers are divisible by. */
function everyNth(numbers: readonly number[], step = '1'): readonly number[] | undefined {
  return Number(step) === 0 ? undefined : numbers.filter((_, i) => i % Number(step) === 0);
}

function parseNumber(text: string, { min, max, names }: Range): number | undefined {
  const isName = /^[a-z]{3,}\s*$/i.test(text);
  const index = isName ? names.indexOf(text.slice(0, 3).toLowerCase()) : -1;
  if (index !== -1) return min + index;
  // Celery, too, forgives spaces around a plain number: '0, 30'.
  const number = /^\s*\d+\s*$/.test(text) ? Number(text) : Number.NaN;
  return number >= min && number <= max ? number : undefined;
}

function refusal(name: CrontabFieldName, field: CrontabField): ConfigurationError {
  const { min, max, names }: Range = crontabRanges[name];
  const example = `${min + 1}-${min + 5}`;
  const named = names.length > 0 ? ` or names such as '${names[1]}'` : '';
  const sunday = name === 'dayOfWeek' ? ' Sunday is 0.' : '';
  const got =
    typeof field === 'object'
      ? `[${[...field].map((part) => JSON.stringify(part)).join(', ')}]`
      : JSON.stringify(field);
  return new ConfigurationError(
    `Expected ${name} of a crontab to be numbers from ${min} to ${max}${named}: one, a list, '*', '${example}', '*/2' or '${example}/2'; got ${got}.${sunday}`,
  );
}
