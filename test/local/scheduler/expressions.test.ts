import { describe, expect, test } from 'vitest';
import { parseExpression } from '../../../local/endpoint/scheduler/expressions/expression.ts';
import { firstFire, nextFire } from '../../../local/endpoint/scheduler/expressions/next-fire.ts';

interface Zone {
  readonly timezone?: string;
  /** ISO 8601 in UTC. */
  readonly after?: string;
}

/** The next times at which an expression fires, in UTC. */
function fires(text: string, count: number, { timezone = 'UTC', after = '2026-01-01T00:00:00Z' }: Zone = {}) {
  const expression = parseExpression(text);
  if (!expression) throw new Error(`${text} was refused.`);
  const times: string[] = [];
  for (let last = Date.parse(after); times.length < count; ) {
    const next = nextFire(expression, timezone, last);
    if (next === undefined) break;
    times.push(new Date(next).toISOString().slice(0, 16));
    last = next;
  }
  return times;
}

describe('cron', () => {
  test.for<[expression: string, ...times: string[]]>([
    // The examples of AWS's own pages.
    ['cron(15 10 * * ? *)', '2026-01-01T10:15', '2026-01-02T10:15'],
    ['cron(0 18 ? * MON-FRI *)', '2026-01-01T18:00', '2026-01-02T18:00', '2026-01-05T18:00'],
    ['cron(0 8 1 * ? *)', '2026-01-01T08:00', '2026-02-01T08:00'],
    ['cron(0/10 * ? * MON-FRI *)', '2026-01-01T00:10', '2026-01-01T00:20'],
    ['cron(0/5 8-17 ? * MON-FRI *)', '2026-01-01T08:00', '2026-01-01T08:05'],
    ['cron(15 10 ? * 6L 2026-2027)', '2026-01-30T10:15', '2026-02-27T10:15', '2026-03-27T10:15'],
    ['cron(0 9 ? * 2#1 *)', '2026-01-05T09:00', '2026-02-02T09:00', '2026-03-02T09:00'],
    // Lists, ranges, steps and names.
    ['cron(1/10 0 * * ? *)', '2026-01-01T00:01', '2026-01-01T00:11', '2026-01-01T00:21'],
    ['cron(0 0 1 jan,MAR-may ? *)', '2026-03-01T00:00', '2026-04-01T00:00', '2026-05-01T00:00'],
    [
      'cron(0-15/5 0 * * ? *)',
      '2026-01-01T00:05',
      '2026-01-01T00:10',
      '2026-01-01T00:15',
      '2026-01-02T00:00',
    ],
    ['cron(30-30 13-13 ? * 2,4,6 *)', '2026-01-02T13:30', '2026-01-05T13:30', '2026-01-07T13:30'],
    ['cron(0 0 */10 2 ? *)', '2026-02-01T00:00', '2026-02-11T00:00', '2026-02-21T00:00', '2027-02-01T00:00'],
    ['cron(0 0 1 1/6 ? *)', '2026-07-01T00:00', '2027-01-01T00:00'],
    ['cron( 5   4  3 2  ?  2030 )', '2030-02-03T04:05'],
    // Sunday is 1, Saturday is 7; L alone is the last day of the week, or of the month.
    ['cron(0 12 ? * 1 *)', '2026-01-04T12:00', '2026-01-11T12:00'],
    ['cron(0 12 ? * L *)', '2026-01-03T12:00', '2026-01-10T12:00'],
    ['cron(0 12 L * ? *)', '2026-01-31T12:00', '2026-02-28T12:00', '2026-03-31T12:00'],
    ['cron(0 12 ? * SUNL *)', '2026-01-25T12:00', '2026-02-22T12:00'],
    // A fifth Friday is rare.
    ['cron(0 12 ? * FRI#5 *)', '2026-01-30T12:00', '2026-05-29T12:00'],
    // The nearest weekday stays in its month: 1 February 2026 is a Sunday, 1 August a Saturday, 31 May a Sunday.
    ['cron(0 6 1W 2,8 ? *)', '2026-02-02T06:00', '2026-08-03T06:00'],
    ['cron(0 6 31W * ? *)', '2026-01-30T06:00', '2026-03-31T06:00', '2026-05-29T06:00'],
    ['cron(0 6 10W * ? *)', '2026-01-09T06:00', '2026-02-10T06:00'],
    ['cron(0 6 15W 2,3 ? *)', '2026-02-16T06:00', '2026-03-16T06:00'],
    // Months without that day are left out, and years without that date.
    ['cron(0 0 31 * ? *)', '2026-01-31T00:00', '2026-03-31T00:00', '2026-05-31T00:00'],
    ['cron(0 0 29 2 ? *)', '2028-02-29T00:00', '2032-02-29T00:00'],
    ['cron(0 0 29 2 ? 2026/1)', '2028-02-29T00:00'],
    ['cron(59 23 31 12 ? 2199)', '2199-12-31T23:59'],
  ])('%s', ([expression, ...times]) => {
    expect(fires(expression, times.length)).toEqual(times);
  });

  test('ends with the last year', () => {
    expect(fires('cron(0 0 1 1 ? 2027-2028)', 5)).toEqual(['2027-01-01T00:00', '2028-01-01T00:00']);
    expect(fires('cron(0 0 30 2 ? *)', 1)).toEqual([]);
  });

  test('is read on the clock on the wall', () => {
    const tokyo = fires('cron(0 8 * * ? *)', 2, { timezone: 'Asia/Tokyo' });
    const nepal = fires('cron(0 8 * * ? *)', 1, { timezone: 'Asia/Kathmandu' });

    expect(tokyo).toEqual(['2026-01-01T23:00', '2026-01-02T23:00']);
    expect(nepal).toEqual(['2026-01-01T02:15']);
  });
});

describe('daylight saving', () => {
  test.for<[zone: string, expression: string, after: string, ...times: string[]]>([
    // 29 March 2026, 2:00 to 3:00 does not exist in Berlin; 8 March in New York.
    ['Europe/Berlin', '30 2 * * ? *', '2026-03-27T12:00Z', '2026-03-28T01:30', '2026-03-30T00:30'],
    ['Europe/Berlin', '0/30 1-3 * * ? *', '2026-03-29T00:00Z', '2026-03-29T00:30', '2026-03-29T01:00'],
    ['America/New_York', '0 2 * * ? *', '2026-03-07T00:00Z', '2026-03-07T07:00', '2026-03-09T06:00'],
    // 25 October 2026, 2:00 to 3:00 is there twice in Berlin; 1 November, 1:00 to 2:00, in New York.
    ['Europe/Berlin', '30 2 * * ? *', '2026-10-24T12:00Z', '2026-10-25T00:30', '2026-10-26T01:30'],
    ['Europe/Berlin', '0/30 1-3 * * ? *', '2026-10-25T00:00Z', '2026-10-25T00:30', '2026-10-25T02:00'],
    ['Europe/Berlin', '30 2 * * ? *', '2026-10-25T01:10Z', '2026-10-26T01:30'],
    ['America/New_York', '30 1 * * ? *', '2026-11-01T00:00Z', '2026-11-01T05:30', '2026-11-02T06:30'],
    // Half an hour in Lord Howe; a whole day that Samoa left out.
    ['Australia/Lord_Howe', '15 2 * * ? *', '2026-10-02T20:00Z', '2026-10-04T15:15'],
    ['Pacific/Apia', '0 12 * * ? *', '2011-12-28T23:00Z', '2011-12-29T22:00', '2011-12-30T22:00'],
  ])('%s cron(%s) after %s', ([timezone, expression, after, ...times]) => {
    expect(fires(`cron(${expression})`, times.length, { timezone, after })).toEqual(times);
  });
});

describe('at', () => {
  test('comes once, on the clock on the wall', () => {
    const at = 'at(2026-07-01T08:00:30)';

    expect(fires(at, 2)).toEqual(['2026-07-01T08:00']);
    expect(fires(at, 1, { timezone: 'America/New_York' })).toEqual(['2026-07-01T12:00']);
    expect(fires(at, 1, { after: '2026-07-01T08:00:30Z' })).toEqual([]);
  });

  test('fires first at its time, even if that has passed', () => {
    const expression = parseExpression('at(2020-01-01T00:00:00)') ?? expect.fail();

    expect(firstFire(expression, 'UTC', { now: Date.parse('2026-01-01') })).toBe(Date.parse('2020-01-01'));
  });

  test('never comes in the hour that does not exist', () => {
    expect(fires('at(2026-03-29T02:30:00)', 1, { timezone: 'Europe/Berlin' })).toEqual([]);
  });
});

describe('rate', () => {
  const now = Date.parse('2026-01-01T00:00:10Z');
  const first = (startAt?: number) =>
    new Date(firstFire(parseExpression('rate(5 minutes)') ?? expect.fail(), 'UTC', { now, startAt }) ?? 0);

  test('is so long, whatever the clock on the wall does', () => {
    const berlin = { timezone: 'Europe/Berlin', after: '2026-03-28T12:00:00Z' };

    expect(fires('rate(1 day)', 2, berlin)).toEqual(['2026-03-29T12:00', '2026-03-30T12:00']);
    expect(fires('rate(1 minute)', 2)).toEqual(['2026-01-01T00:01', '2026-01-01T00:02']);
    expect(fires('rate(36 hours)', 1)).toEqual(['2026-01-02T12:00']);
  });

  test('begins at once, or at its start', () => {
    expect(first().toISOString()).toBe('2026-01-01T00:00:10.000Z');
    expect(first(Date.parse('2026-01-02')).toISOString()).toBe('2026-01-02T00:00:00.000Z');
  });

  test('keeps to a start that has passed', () => {
    expect(first(Date.parse('2025-12-31T23:58:00Z')).toISOString()).toBe('2026-01-01T00:03:00.000Z');
  });
});

test.for([
  'at(2026-02-30T00:00:00)',
  'at(2026-01-01)',
  'at(2026-01-01T00:00:00Z)',
  'rate(0 minutes)',
  'rate(5 seconds)',
  'rate(1.5 hours)',
  'rate(5)',
  'every day',
  '',
  'cron()',
  'cron(0 12 * * ?)',
  'cron(0 0 12 * * ? *)',
  'cron(0 12 * * * *)',
  'cron(0 12 ? * ? *)',
  'cron(0 12 1 * MON *)',
  'cron(60 12 * * ? *)',
  'cron(0 24 * * ? *)',
  'cron(0 12 0 * ? *)',
  'cron(0 12 32 * ? *)',
  'cron(0 12 * 13 ? *)',
  'cron(0 12 ? * 0 *)',
  'cron(0 12 ? * 8 *)',
  'cron(0 12 * * ? 1969)',
  'cron(0 12 * * ? 2200)',
  'cron(30-10 12 * * ? *)',
  'cron(0/0 12 * * ? *)',
  'cron(0, 12 * * ? *)',
  'cron(0 12 ? * MON/2 *)',
  'cron(0 12 ? * 2#6 *)',
  'cron(0 12 ? * 2#1,3#1 *)',
  'cron(0 12 ? * XXL *)',
  'cron(0 12 0W * ? *)',
  'cron(0 12 1,15W * ? *)',
  'cron(0 12 * FOO ? *)',
])('refuses %s', (text) => {
  expect(parseExpression(text)).toBeUndefined();
});
