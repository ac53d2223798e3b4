import fc from 'fast-check';
import { expect, test } from 'vitest';
import { awsCron } from '../../sdk/schedule/aws-cron.ts';
import { crontab } from '../../sdk/schedule/crontab.ts';
import { nextRuns } from '../../sdk/schedule/next-runs.ts';
import type { Schedule } from '../../sdk/schedule/schedule.ts';
import { toSchedule } from '../../sdk/schedule/to-schedule.ts';
import { solar } from '../../sdk/solar/index.ts';
import { awsWakes, quarter, readCron } from './aws-expression.ts';
import cases from './celery/runs.json' with { type: 'json' };

const limit = 1_500;
const day = 86_400_000;

/** The slots and the wakes of a schedule, both from a full quarter of an hour on, as far as both are known. */
function compare(schedule: Schedule, timezone: string, start: number) {
  const from = Math.floor(start / quarter) * quarter;
  const wake = schedule.wake(timezone, start);
  const wakes = awsWakes(wake.expression, wake.timezone, [from, limit]);
  const end = wakes.length < limit ? from + 400 * day : (wakes.at(-1) ?? 0) + 1;
  const slots: number[] = [];
  let slot = schedule.next(from - 1, timezone);
  // One more than all wakes is enough to differ.
  while (slot !== undefined && slot < end && slots.length <= wakes.length) {
    slots.push(slot);
    slot = schedule.next(slot, timezone);
  }
  return { wake, wakes, slots };
}

const exact = cases.filter(
  ({ crontab: line, timezone, from }) => crontab.fromString(line).wake(timezone, from * 1_000).isExact,
);
const inexact = cases.filter((one) => !exact.includes(one));

test('there are enough of both kinds', () => {
  expect(exact.length).toBeGreaterThan(150);
  expect(inexact.length).toBeGreaterThan(150);
});

test.for(exact.map((one) => [`${one.crontab} in ${one.timezone} from ${one.from}`, one] as const))(
  'AWS says the same: %s',
  ([, { crontab: line, timezone, from }]) => {
    const { wake, wakes, slots } = compare(crontab.fromString(line), timezone, from * 1_000);

    expect(wake).toMatchObject({ timezone, aheadSeconds: 0, isOnce: false });
    expect(wakes).toEqual(slots);
  },
);

test.for(inexact.map((one) => [`${one.crontab} in ${one.timezone} from ${one.from}`, one] as const))(
  'AWS wakes at least at the slots: %s',
  ([, { crontab: line, timezone, from }]) => {
    const { wake, wakes, slots } = compare(crontab.fromString(line), timezone, from * 1_000);
    const woken = new Set(wakes);

    expect(wake).toMatchObject({ aheadSeconds: 0, isOnce: false });
    expect(slots.filter((slot) => !woken.has(slot))).toEqual([]);
  },
);

test('wakes in the zone itself where no slot meets a change of clocks', () => {
  const wake = crontab({ hour: 9, minute: 30, dayOfWeek: 'mon-fri' }).wake('America/New_York', 0);

  expect(wake).toMatchObject({
    expression: 'cron(30 9 ? * 2-6 *)',
    timezone: 'America/New_York',
    isExact: true,
  });
});

test('wakes at all hours that a local time can be in UTC where a slot meets a change of clocks', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  const wakeOf = (line: string, zone: string) => crontab.fromString(line).wake(zone, now);

  expect(wakeOf('30 2 1 * *', 'America/New_York')).toMatchObject({
    expression: 'cron(30 6-7 * * ? *)',
    timezone: 'UTC',
    isExact: false,
  });
  expect(wakeOf('30 1 * * *', 'America/New_York').isExact).toBe(false);
  expect(wakeOf('0 3 * * *', 'America/New_York').isExact).toBe(true);
  expect(wakeOf('45 1 * * *', 'Australia/Lord_Howe')).toMatchObject({
    expression: 'cron(15,45 14-15 * * ? *)',
  });
  expect(wakeOf('30 2 * * *', 'Asia/Kolkata').isExact).toBe(true);
});

test('where both days are restricted, AWS is told of those that leave fewer', () => {
  const wakeOf = (line: string) => crontab.fromString(line).wake('UTC', 0);

  expect(wakeOf('0 9 13 * fri')).toMatchObject({ expression: 'cron(0 9 13 * ? *)', isExact: false });
  expect(wakeOf('0 9 1-15 * mon')).toMatchObject({ expression: 'cron(0 9 ? * 2 *)', isExact: false });
});

test.for([
  [1, 'cron(* * * * ? *)', true],
  [5, 'cron(0,5,10,15,20,25,30,35,40,45,50,55 * * * ? *)', true],
  [60, 'cron(0 * * * ? *)', true],
  [120, 'cron(0 0,2,4,6,8,10,12,14,16,18,20,22 * * ? *)', true],
  [1_440, 'cron(0 0 * * ? *)', true],
  [90, 'cron(0,30 0-1,3-4,6-7,9-10,12-13,15-16,18-19,21-22 * * ? *)', false],
  [420, 'cron(0 * * * ? *)', false],
  [2_880, 'cron(0 0 * * ? *)', false],
  [10_080, 'cron(0 0 * * ? *)', false],
] as const)('an interval of %i minutes wakes by %s', ([minutes, expression, isExact]) => {
  const { wake, wakes, slots } = compare(toSchedule(minutes * 60), 'UTC', Date.parse('2026-03-01T00:00:00Z'));
  const woken = new Set(wakes);

  expect(wake).toEqual({ expression, timezone: 'UTC', isExact, aheadSeconds: 0, isOnce: false });
  expect(slots.filter((slot) => !woken.has(slot))).toEqual([]);
  if (isExact) expect(wakes).toEqual(slots);
});

test.for([1, 7, 30, 45, 90, 420, 3_601])(
  'an interval of %i s wakes every minute, one minute ahead',
  (seconds) => {
    expect(toSchedule(seconds).wake('UTC', 0)).toEqual({
      expression: 'cron(* * * * ? *)',
      timezone: 'UTC',
      isExact: false,
      aheadSeconds: 120,
      isOnce: false,
    });
  },
);

test('a date wakes once, and what is below its second is sent ahead', () => {
  expect(toSchedule(new Date('2026-12-24T18:00:30Z')).wake('Europe/Madrid', 0)).toEqual({
    expression: 'at(2026-12-24T18:00:30)',
    timezone: 'UTC',
    isExact: true,
    aheadSeconds: 0,
    isOnce: true,
  });
  expect(toSchedule(new Date('2026-12-24T18:00:30.250Z')).wake('UTC', 0)).toMatchObject({
    expression: 'at(2026-12-24T18:00:30)',
    isExact: false,
    aheadSeconds: 1,
  });
});

test('the sun wakes every hour, one hour ahead', () => {
  const { expression, ...rest } = solar('sunset', 40, -3).wake('UTC', 0);

  expect(readCron(expression).hours.size).toBe(24);
  expect(rest).toEqual({ timezone: 'UTC', isExact: false, aheadSeconds: 7_200, isOnce: false });
});

test('no expression is too long for AWS, or refused', () => {
  const someOf = (count: number, min: number) =>
    fc.uniqueArray(fc.integer({ min, max: min + count - 1 }), { minLength: 1, maxLength: count });
  const all = {
    minutes: someOf(60, 0),
    hours: someOf(24, 0),
    daysOfMonth: someOf(31, 1),
    months: someOf(12, 1),
  };
  const check = (cron: Record<keyof typeof all, readonly number[]>) => {
    const read = readCron(awsCron(cron));
    expect([...read.minutes]).toEqual(cron.minutes.toSorted((a, b) => a - b));
    expect([...read.days]).toEqual(cron.daysOfMonth.toSorted((a, b) => a - b));
  };

  fc.assert(fc.property(fc.record(all), check));
  // Two of three everywhere: lists and ranges are longest.
  const twoOfThree = (count: number, min: number) =>
    Array.from({ length: count }, (_, i) => min + i).filter((_, i) => i % 3 !== 2);
  check({
    minutes: twoOfThree(60, 0),
    hours: twoOfThree(24, 0),
    daysOfMonth: twoOfThree(31, 1),
    months: twoOfThree(12, 1),
  });
});

test('nextRuns and wake agree on a zone of its own', () => {
  const own = crontab({ hour: 12, minute: 0, timezone: 'Asia/Kathmandu' });

  expect(own.wake('America/New_York', 0)).toMatchObject({ timezone: 'Asia/Kathmandu', isExact: true });
  expect(nextRuns(own, 1, { from: new Date(0), timezone: 'America/New_York' })).toEqual([
    new Date('1970-01-01T06:30:00Z'),
  ]);
});
