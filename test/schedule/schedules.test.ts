import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ConfigurationError } from '../../sdk/errors/index.ts';
import { crontab } from '../../sdk/schedule/crontab.ts';
import { nextRuns } from '../../sdk/schedule/next-runs.ts';
import { readSchedule } from '../../sdk/schedule/read-schedule.ts';
import type { ScheduleJson } from '../../sdk/schedule/schedule.ts';
import { type ScheduleLike, toSchedule } from '../../sdk/schedule/to-schedule.ts';
import { solar } from '../../sdk/solar/index.ts';
import cases from './celery/runs.json' with { type: 'json' };

const isoOf = (like: ScheduleLike, n: number, from: string) =>
  nextRuns(like, n, { from: new Date(from) }).map((run) => run.toISOString());

test('an interval runs at its multiples since 1970, whoever asks and whenever', () => {
  expect(isoOf('45s', 3, '2026-01-01T00:00:10Z')).toEqual([
    '2026-01-01T00:00:45.000Z',
    '2026-01-01T00:01:30.000Z',
    '2026-01-01T00:02:15.000Z',
  ]);
  expect(isoOf(3_600, 2, '2026-01-01T10:00:00Z')).toEqual([
    '2026-01-01T11:00:00.000Z',
    '2026-01-01T12:00:00.000Z',
  ]);
  expect(isoOf('1w', 1, '2026-01-01T00:00:00Z')).toEqual(['2026-01-08T00:00:00.000Z']);
});

test('a date runs once', () => {
  const date = new Date('2026-12-24T18:00:00.250Z');

  expect(nextRuns(date, 3, { from: new Date('2026-12-24T18:00:00.249Z') })).toEqual([date]);
  expect(nextRuns(date, 3, { from: date })).toEqual([]);
});

test('what says no time is refused', () => {
  for (const like of [0, 0.5, 90.5, -1, '500ms', 'soon', Number.NaN, undefined, null, {}, new Date('never')])
    expect(() => toSchedule(like as ScheduleLike), String(like)).toThrow(ConfigurationError);
  expect(() => nextRuns(60, -1)).toThrow(ConfigurationError);
  expect(() => nextRuns(60, 1, { from: new Date('never') })).toThrow(ConfigurationError);
  expect(() => nextRuns(crontab(), 1, { timezone: 'Nowhere' })).toThrow(ConfigurationError);
});

test.for([
  [
    'a crontab',
    crontab({ minute: [0, 30], hour: '8-18/2', dayOfWeek: 'mon-Friday', dayOfMonth: new Set([1, '3-5']) }),
  ],
  ['a crontab with a zone', crontab({ monthOfYear: 'jan', timezone: 'Asia/Kolkata' })],
  ['an interval', toSchedule('90m')],
  ['a date', toSchedule(new Date('2026-12-24T18:00:00.250Z'))],
  ['the sun', solar('dusk_civil', -37.81753, 144.96715)],
] as const)('%s is read again as it was written', async ([, schedule]) => {
  const json: ScheduleJson = JSON.parse(JSON.stringify(schedule));
  const again = await readSchedule(json);
  const options = { from: new Date('2026-01-05T06:00:00Z'), timezone: 'America/New_York' };

  expect(again.toJSON()).toEqual(schedule.toJSON());
  expect(nextRuns(again, 20, options)).toEqual(nextRuns(schedule, 20, options));
  expect(nextRuns(again, 1, options)).toHaveLength(1);
});

test('a crontab is kept as it was written', () => {
  expect(crontab({ minute: [0, 30], dayOfWeek: 'mon-Fri', timezone: 'Asia/Kolkata' }).toJSON()).toEqual({
    crontab: {
      minute: '0,30',
      hour: '*',
      dayOfWeek: 'mon-Fri',
      dayOfMonth: '*',
      monthOfYear: '*',
      timezone: 'Asia/Kolkata',
    },
  });
});

test('whoever asks in a gap or an overlap sees the slots that others see', () => {
  const newYork = { timezone: 'America/New_York' };
  const next = (line: string, from: string) =>
    nextRuns(crontab.fromString(line), 1, { from: new Date(from), ...newYork })[0]?.toISOString();

  // 02:30 does not exist and runs at 03:30, also for one who asks at 03:10.
  expect(next('30 2 * * *', '2026-03-08T06:59:00Z')).toBe('2026-03-08T07:30:00.000Z');
  expect(next('30 2 * * *', '2026-03-08T07:10:00Z')).toBe('2026-03-08T07:30:00.000Z');
  expect(next('30 2 * * *', '2026-03-08T07:30:00Z')).toBe('2026-03-09T06:30:00.000Z');
  // Of several, the first one runs.
  expect(next('0,30 2 * * *', '2026-03-08T07:00:00Z')).toBe('2026-03-09T06:00:00.000Z');
  // 01:30 comes twice; it runs the first time, and nothing else runs in the second hour.
  expect(next('30 1 * * *', '2026-11-01T05:00:00Z')).toBe('2026-11-01T05:30:00.000Z');
  expect(next('30 1 * * *', '2026-11-01T05:30:00Z')).toBe('2026-11-02T06:30:00.000Z');
  expect(next('* * * * *', '2026-11-01T06:10:00Z')).toBe('2026-11-01T07:00:00.000Z');
});

test('slots do not depend on when one asks', () => {
  const line = fc.constantFrom(...cases);
  // Near the start of a case clocks are often changed.
  const offset = fc.oneof(
    fc.integer({ min: -100 * 86_400, max: 100 * 86_400 }),
    fc.integer({ min: -3_600, max: 5 * 3_600 }),
  );

  fc.assert(
    fc.property(
      line,
      offset,
      fc.integer({ min: 0, max: 90_000 }),
      ({ crontab: text, timezone, from }, start, later) => {
        const schedule = crontab.fromString(text);
        const asked = (from + start) * 1_000;
        const first = schedule.next(asked, timezone) ?? Number.NaN;
        const second = schedule.next(asked + later * 1_000, timezone) ?? Number.NaN;

        expect(first).toBeGreaterThan(asked);
        expect(first % 60_000).toBe(0);
        expect(second).toBeGreaterThanOrEqual(first);
        if (first > asked + later * 1_000) expect(second).toBe(first);
        expect(schedule.next(first - 1, timezone)).toBe(first);
      },
    ),
    { numRuns: 3_000 },
  );
});
