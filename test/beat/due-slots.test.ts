import fc from 'fast-check';
import { crontab, type MissedPolicy, type Schedule } from 'tallo';
import { describe, expect, test } from 'vitest';
import { dueSlots, fingerprint, type Waking } from '../../sdk/beat/due-slots.ts';
import { toSchedule } from '../../sdk/schedule/to-schedule.ts';
import { wakeAfter } from '../../testing/memory/wake-after.ts';

const timezone = 'Europe/Madrid';
const start = Date.parse('2026-03-01T00:00:00Z');
const day = 86_400_000;

const schedules: readonly Schedule[] = [
  crontab({ minute: 0 }),
  crontab({ hour: 2, minute: 30 }),
  crontab({ hour: 9, minute: '*/20', dayOfWeek: 'mon-fri' }),
  crontab({ dayOfMonth: '1-15', dayOfWeek: 'fri', hour: 3, minute: 15 }),
  ...([7, 45, 90, '7m', '45m', '6h'] as const).map((every) => toSchedule(every)),
];

function slotsBetween(schedule: Schedule, from: number, to: number): number[] {
  const slots: number[] = [];
  for (
    let slot = schedule.next(from, timezone);
    slot !== undefined && slot <= to;
    slot = schedule.next(slot, timezone)
  )
    slots.push(slot);
  return slots;
}

/** Carries wakes out, one after the other, as the guard's row does: each with its lateness. */
function fire(schedule: Schedule, wakes: readonly { at: number; late: number }[], missed: MissedPolicy) {
  let before: Waking['before'];
  const sent: { slot: number; at: number }[] = [];
  for (const { at, late } of wakes) {
    const now = at + late;
    const since = undefined;
    const due = dueSlots({ schedule, timezone, missed, scheduledAt: at, now, before, since });
    sent.push(...due.slots.map((slot) => ({ slot, at: now })));
    before = { last: due.last, schedule: fingerprint({ schedule, timezone }) };
  }
  return { sent, last: before?.last ?? 0 };
}

function wakesOf(schedule: Schedule, count: number): number[] {
  const wakes = [start];
  while (wakes.length <= count)
    wakes.push(wakeAfter({ schedule, timezone }, wakes.at(-1) ?? 0, { hasFailed: true }) ?? 0);
  return wakes.slice(1);
}

describe('wakes that come up to a minute late, twice, in any order', () => {
  test('send each slot once, and those ahead before their time', () => {
    const disorder = fc.array(
      fc.record({ late: fc.integer({ min: 0, max: 59_999 }), copies: fc.integer({ min: 1, max: 3 }) }),
      {
        minLength: 50,
        maxLength: 50,
      },
    );
    fc.assert(
      fc.property(fc.constantFrom(...schedules), disorder, (schedule, troubles) => {
        const aheadMs = schedule.wake(timezone, start).aheadSeconds * 1_000;
        const wakes = wakesOf(schedule, 50);
        const arrivals = wakes
          .flatMap((at, i) =>
            Array.from({ length: troubles[i]?.copies ?? 1 }, () => ({ at, late: troubles[i]?.late ?? 0 })),
          )
          .toSorted((one, other) => one.at + one.late - other.at - other.late);

        const { sent } = fire(schedule, arrivals, 'all');

        const first = (wakes[0] ?? 0) + aheadMs / 2 - 1;
        const last = (wakes.at(-1) ?? 0) + aheadMs;
        const inTime = sent.filter(({ slot }) => slot <= last);
        expect(inTime.map(({ slot }) => slot)).toEqual(slotsBetween(schedule, first, last));
        for (const { slot, at } of sent) expect(at - slot).toBeLessThan(aheadMs > 0 ? 1 : 60_000);
      }),
      { numRuns: 200 },
    );
  });
});

describe('after an outage of any length', () => {
  const outages = fc.record({
    schedule: fc.constantFrom(...schedules),
    lastWake: fc.integer({ min: 0, max: 20 }),
    hours: fc.integer({ min: 0, max: 24 * 30 }),
    late: fc.integer({ min: 0, max: 59_999 }),
  });

  function resume(
    {
      schedule,
      lastWake,
      hours,
      late,
    }: { schedule: Schedule; lastWake: number; hours: number; late: number },
    missed: MissedPolicy,
  ) {
    const before = wakesOf(schedule, lastWake + 1);
    const at =
      wakeAfter({ schedule, timezone }, (before.at(-1) ?? start) + hours * 3_600_000, { hasFailed: true }) ??
      0;
    const old = fire(
      schedule,
      before.map((wake) => ({ at: wake, late: 0 })),
      missed,
    );
    const all = fire(
      schedule,
      [...before, at].map((wake) => ({ at: wake, late: wake === at ? late : 0 })),
      missed,
    );
    return {
      fresh: all.sent.slice(old.sent.length).map(({ slot }) => slot),
      now: at + late,
      last: old.last,
    };
  }

  test('`skip` sends nothing that is more than two minutes old', () => {
    fc.assert(
      fc.property(outages, (outage) => {
        const { fresh, now } = resume(outage, 'skip');
        expect(fresh.filter((slot) => slot < now - 120_000)).toEqual([]);
      }),
    );
  });

  test('`latest` sends the newest of them, and only if no later one is due', () => {
    fc.assert(
      fc.property(outages, (outage) => {
        const { fresh, now } = resume(outage, 'latest');
        const skipped = resume(outage, 'skip').fresh;
        const { fresh: all } = resume(outage, 'all');
        const newest = all.filter((slot) => slot < now - 120_000).slice(-1);
        expect(fresh).toEqual(skipped.length > 0 ? skipped : newest);
      }),
    );
  });

  test('`all` sends the newest 1,000', () => {
    fc.assert(
      fc.property(outages, (outage) => {
        const { fresh, now, last } = resume(outage, 'all');
        const missed = slotsBetween(outage.schedule, last, now - 120_001);
        expect(fresh.filter((slot) => slot < now - 120_000)).toEqual(missed.slice(-1_000));
      }),
      { numRuns: 40 },
    );
  });
});

describe('a schedule that was changed', () => {
  const hourly = crontab({ minute: 0 });
  const waking = {
    schedule: hourly,
    timezone,
    missed: 'all',
    scheduledAt: start + 5 * 3_600_000,
    now: start + 5 * 3_600_000 + 10_000,
    since: undefined,
  } as const;

  test('has missed nothing of what was before', () => {
    const before = { last: start, schedule: 'another one' };

    expect(dueSlots({ ...waking, before }).slots).toEqual([waking.scheduledAt]);
    const same = { last: start, schedule: fingerprint(waking) };
    expect(dueSlots({ ...waking, before: same }).slots.length).toBe(5);
  });

  test('is not held up by what the one before it had sent ahead', () => {
    const before = { last: waking.now + 7_200_000, schedule: 'by the sun' };

    const due = dueSlots({ ...waking, before });

    expect(due.slots).toEqual([waking.scheduledAt]);
    expect(due.last).toBe(waking.now);
  });

  test('does not repeat what the one before it has done', () => {
    const before = { last: waking.scheduledAt, schedule: 'another one' };

    expect(dueSlots({ ...waking, before }).slots).toEqual([]);
  });
});

test('slots before an entry was made are not its own', () => {
  const schedule = crontab({ minute: 0 });
  const scheduledAt = start + 3_600_000;
  const waking = {
    schedule,
    timezone,
    missed: 'all',
    scheduledAt,
    now: scheduledAt + 30_000,
    before: undefined,
  } as const;

  expect(dueSlots({ ...waking, since: scheduledAt - 1 }).slots).toEqual([scheduledAt]);
  expect(dueSlots({ ...waking, since: scheduledAt }).slots).toEqual([]);
});

test('an outage of years of a schedule of every second is no long search', () => {
  let asked = 0;
  const everySecond = toSchedule(1);
  const schedule: Schedule = {
    ...everySecond,
    next: (after, zone) => {
      asked += 1;
      return everySecond.next(after, zone);
    },
  };
  const scheduledAt = start + 1_000 * day;
  const before = { last: start, schedule: fingerprint({ schedule, timezone }) };

  const due = dueSlots({
    schedule,
    timezone,
    missed: 'all',
    scheduledAt,
    now: scheduledAt,
    before,
    since: undefined,
  });

  expect(due.isCut).toBe(true);
  expect(due.slots.length).toBe(1_000 + 241);
  expect(asked).toBeLessThan(10_000);
});

describe('a wake that Lambda tries again', () => {
  const schedule = toSchedule('1h');
  const eight = Date.parse('2026-03-02T08:00:00Z');
  const before = { last: eight - 3_600_000, schedule: fingerprint({ schedule, timezone }) };
  const dueAfter = (seconds: number) =>
    dueSlots({
      ...{ schedule, timezone, before, since: undefined },
      ...{ missed: 'skip', scheduledAt: eight, now: eight + seconds * 1_000 },
    }).slots;

  test('still sends its own slot, as late as it may be by then', () => {
    // A minute late, killed after half a minute, tried again after a minute, killed, and tried again after two.
    expect(dueAfter(59 + 30 + 60 + 30 + 120)).toEqual([eight]);
  });

  test('has missed it after an outage', () => {
    expect(dueAfter(301)).toEqual([]);
  });
});
