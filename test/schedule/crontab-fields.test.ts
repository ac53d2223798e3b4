import { expect, test } from 'vitest';
import { ConfigurationError } from '../../sdk/errors/index.ts';
import { type CrontabFields, crontab } from '../../sdk/schedule/crontab.ts';
import { type CrontabFieldName, parseField } from '../../sdk/schedule/crontab-field.ts';
import { toSchedule } from '../../sdk/schedule/to-schedule.ts';
import fields from './celery/fields.json' with { type: 'json' };

type Field = string | number | number[];
// The file holds names of fields and what stands in them.
const accepted = fields.accepted as [CrontabFieldName, Field, string][];
const refused = fields.refused as [CrontabFieldName, Field][];

test('there is enough to compare', () => {
  expect(accepted.length).toBeGreaterThanOrEqual(40);
  expect(refused.length + fields.refusedLines.length).toBeGreaterThanOrEqual(60);
});

test.for(accepted)('%s %j names what it names for Celery: %s', ([name, field, numbers]) => {
  const ours = [...parseField(name, field)].sort((a, b) => a - b);

  expect(ours.join(' ')).toBe(numbers);
});

test.for(refused)('%s %j is refused as Celery refuses it', ([name, field]) => {
  expect(() => crontab({ [name]: field })).toThrow(ConfigurationError);
});

test.for(fields.refusedLines)('the line %j is refused as Celery refuses it', (line) => {
  expect(() => crontab.fromString(line)).toThrow(ConfigurationError);
});

test.for([
  ['minute', '1-5-7'],
  ['minute', '*/2-3'],
  ['minute', '1-5 or so'],
  ['minute', '1_0'],
  ['minute', 'tue'],
  ['dayOfWeek', 'mar'],
  ['dayOfWeek', 'mon#2'],
  ['dayOfWeek', 'mon1'],
  ['monthOfYear', 'mon'],
  ['minute', []],
  ['minute', new Set<number>()],
] satisfies [CrontabFieldName, CrontabFields[CrontabFieldName]][])(
  '%s %j is refused, though Celery reads something else in it',
  ([name, field]) => {
    expect(() => crontab({ [name]: field })).toThrow(ConfigurationError);
  },
);

test('arrays and Sets may hold text as well', () => {
  const numbers = parseField('dayOfWeek', ['mon-tue', 'Friday', 0]);

  expect([...numbers].sort()).toEqual([0, 1, 2, 5]);
  expect([...parseField('hour', new Set([8, 20]))]).toEqual([8, 20]);
});

test('a refusal says the field, what it takes and what it got', () => {
  expect(() => crontab({ dayOfWeek: 7 })).toThrow(
    "Expected dayOfWeek of a crontab to be numbers from 0 to 6 or names such as 'mon': one, a list, '*', '1-5', '*/2' or '1-5/2'; got 7. Sunday is 0.",
  );
  expect(() => crontab({ minute: [0, 60] })).toThrow(
    /^Expected minute .* from 0 to 59: .*; got \[0, 60\]\.$/,
  );
  expect(() => crontab.fromString('* * * *')).toThrow(/five fields .* got "\* \* \* \*"\.$/);
});

test('a line where fields or a length of time belong is told its place', () => {
  expect(() => crontab('0 8 * * *' as never)).toThrow(
    /^Expected a crontab to be fields .*, got "0 8 \* \* \*"\. A line is for crontab\.fromString\.$/,
  );
  expect(() => toSchedule('0 8 * * *' as never)).toThrow(
    /^Expected a schedule .* for crontab\.fromString\.$/,
  );
  expect(() => toSchedule('8 hours' as never)).toThrow(/or text such as .*; got "8 hours"\.$/);
});

test('a date that never comes is refused at once, one that comes seldom is not', () => {
  expect(() => crontab({ dayOfMonth: 31, monthOfYear: 'apr,jun' })).toThrow(
    "Expected a crontab to name a date that exists, got dayOfMonth '31' in monthOfYear 'apr,jun'.",
  );
  expect(() => crontab({ dayOfMonth: 29, monthOfYear: 2, dayOfWeek: 'mon' })).not.toThrow();
  expect(() => crontab({ dayOfMonth: 31, monthOfYear: [4, 5] })).not.toThrow();
});

test('fields by names of Celery in Python, and zones that do not exist, are refused', () => {
  // @ts-expect-error: the field is dayOfWeek
  expect(() => crontab({ day_of_week: 1 })).toThrow("unknown option 'day_of_week'");
  for (const timezone of ['Europe/Nowhere', '+05:30', 'europe/madrid', ''])
    expect(() => crontab({ timezone }), timezone).toThrow(/^Expected a time zone to be an IANA name/);
});
