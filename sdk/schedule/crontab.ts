import { ConfigurationError } from '../errors/index.ts';
import { refuseUnknown } from '../errors/refuse-unknown.ts';
import {
  type CrontabField,
  type CrontabFieldName,
  crontabRanges,
  parseField,
  writeField,
} from './crontab-field.ts';
import { type CrontabTimes, nextSlot } from './crontab-times.ts';
import { crontabWake } from './crontab-wake.ts';
import type { CrontabJson, Schedule } from './schedule.ts';
import { zoneOf } from './time-zone.ts';

/**
 * The fields of a crontab. Each is a number, text, or an array or a Set of these.
 *
 * Text is an asterisk, a number, a range (`'8-18'`; `'22-3'` and `'fri-mon'` go round), an asterisk or a range with a slash and a
 * step (`'8-18/2'`), or a list of such parts (`'0,30-45/5'`). Steps count along the range: every second `dayOfMonth` is 1, 3, 5 ...
 */
export interface CrontabFields {
  /** 0 to 59. @default '*' */
  readonly minute?: CrontabField;
  /** 0 to 23. @default '*' */
  readonly hour?: CrontabField;
  /** 0 (Sunday) to 6, or names, of which the first three letters count: `'mon'`, `'Monday'`. @default '*' */
  readonly dayOfWeek?: CrontabField;
  /** 1 to 31. @default '*' */
  readonly dayOfMonth?: CrontabField;
  /** 1 to 12, or names: `'jan'`, `'January'`. @default '*' */
  readonly monthOfYear?: CrontabField;
  /** IANA zone whose clocks the fields mean. @default the zone of the entry or the app */
  readonly timezone?: string;
}

/** Makes crontabs, from fields or from a line. */
export interface Crontab {
  (fields?: CrontabFields): Schedule;
  /**
   * Reads the five fields of a line: minute, hour, day of month, month and day of week, with one space between, such as
   * `'30 2 * * mon-fri'`.
   *
   * @throws ConfigurationError as `crontab` does, and when there are not five
   */
  fromString(line: string, options?: Pick<CrontabFields, 'timezone'>): Schedule;
}

/**
 * Runs when a clock shows what all the fields name: day of week *and* day of month *and* month must fit.
 *
 * Where clocks are changed, it does as Celery does. A slot in the hour that clocks skip runs as much later as they jump ahead
 * (02:30 at 03:30); if there are several, the first one counts. A slot in the hour that they show twice runs once, the first time.
 *
 * Mirrors {@link https://docs.celeryq.dev/en/stable/userguide/periodic-tasks.html#crontab-schedules Celery's crontab}, but is
 * stricter where Celery reads on in silence: text behind a part (`'1-5-7'`), and a name of the wrong kind (`dayOfWeek: 'mar'`).
 *
 * @throws ConfigurationError when a field is not as it must be, the zone is unknown, or no such date exists (31 April)
 *
 * @example
 * ```ts
 * import { crontab, nextRuns } from 'tallo';
 *
 * const officeHours = crontab({ minute: [0, 30], hour: '8-18', dayOfWeek: 'mon-fri', timezone: 'Europe/Madrid' });
 * const fridays13th = crontab.fromString('0 9 13 * fri');
 * const first = [officeHours, fridays13th].flatMap((when) => nextRuns(when, 1, { from: new Date('2026-07-04T00:00:00Z') }));
 *
 * console.log(first.map((run) => run.toISOString()).join(' ')); // 2026-07-06T06:00:00.000Z 2026-11-13T09:00:00.000Z
 * ```
 */
export const crontab: Crontab = Object.assign(fromFields, { fromString });

const known = new Set([...Object.keys(crontabRanges), 'timezone']);

function fromFields(fields: CrontabFields = {}): Schedule {
  if (typeof fields !== 'object' || fields === null) {
    throw new ConfigurationError(
      `Expected a crontab to be fields such as { hour: 8, minute: 0 }, got ${JSON.stringify(fields)}. A line is for crontab.fromString.`,
    );
  }
  refuseUnknown('crontab', fields, known);
  const { timezone } = fields;
  if (timezone !== undefined) zoneOf(timezone);
  const written = mapFields((name) => writeField(fields[name] ?? '*'));
  const times = mapFields((name) => sorted(parseField(name, fields[name] ?? '*')));
  refuseImpossible(times, written);
  const json: CrontabJson = timezone === undefined ? written : { ...written, timezone };
  return {
    next: (after, appTimezone) => nextSlot(after, times, zoneOf(timezone ?? appTimezone)),
    wake: (appTimezone, now) => crontabWake(times, timezone ?? appTimezone, now),
    toJSON: () => ({ crontab: json }),
  };
}

function fromString(line: string, options: Pick<CrontabFields, 'timezone'> = {}): Schedule {
  const fields = line.split(' ');
  const [minute = '', hour = '', dayOfMonth = '', monthOfYear = '', dayOfWeek = ''] = fields;
  if (fields.length === 5)
    return fromFields({ minute, hour, dayOfMonth, monthOfYear, dayOfWeek, ...options });
  throw new ConfigurationError(
    `Expected a crontab to be five fields with one space between, such as '30 2 * * mon-fri', got ${JSON.stringify(line)}.`,
  );
}

function mapFields<T>(make: (name: CrontabFieldName) => T): Record<CrontabFieldName, T> {
  return {
    minute: make('minute'),
    hour: make('hour'),
    dayOfWeek: make('dayOfWeek'),
    dayOfMonth: make('dayOfMonth'),
    monthOfYear: make('monthOfYear'),
  };
}

function sorted(numbers: ReadonlySet<number>): ReadonlySet<number> {
  return new Set([...numbers].sort((a, b) => a - b));
}

const daysOfMonths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function refuseImpossible(times: CrontabTimes, written: Record<CrontabFieldName, string>): void {
  const firstDay = Math.min(...times.dayOfMonth);
  if ([...times.monthOfYear].some((month) => firstDay <= (daysOfMonths[month - 1] ?? 0))) return;
  throw new ConfigurationError(
    `Expected a crontab to name a date that exists, got dayOfMonth '${written.dayOfMonth}' in monthOfYear '${written.monthOfYear}'.`,
  );
}
