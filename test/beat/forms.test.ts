import { chain, chord, crontab, nextRuns, type Schedule, type ScheduleLike, Tallo } from 'tallo';
import { memoryCloud } from 'tallo/testing';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { solar } from '../../sdk/solar/index.ts';

const timezone = 'America/Argentina/Mendoza';
/** 21:00 in Mendoza, on a Wednesday. */
const from = new Date('2026-01-01T00:00:00Z');

interface Run {
  /** By the task's own request. */
  readonly slot: string | null;
  readonly at: number;
}

/** Runs one entry for that long, and says when its task ran. */
async function runsOf(schedule: ScheduleLike, days: number, zone = timezone): Promise<readonly Run[]> {
  const app = new Tallo('forms', { timezone: zone });
  const runs: Run[] = [];
  const task = app.task('t', { bind: true }, (self) => {
    const { eta } = self.request;
    runs.push({ slot: eta === null ? null : new Date(eta).toISOString(), at: cloud.clock.now() });
  });
  app.beat({ entry: { task, schedule } });
  await using cloud = memoryCloud(app, { beat: true, now: from });
  await cloud.advance(days * 86_400);
  return runs;
}

const slotsOf = (runs: readonly Run[]) => runs.map(({ slot }) => slot);

function expected(schedule: ScheduleLike, days: number, zone = timezone): string[] {
  const end = from.getTime() + days * 86_400_000;
  const slots: string[] = [];
  for (let last = from; ; ) {
    const [next] = nextRuns(schedule, 1, { from: last, timezone: zone });
    if (!next || next.getTime() >= end) return slots;
    slots.push(next.toISOString());
    last = next;
  }
}

const forms: readonly (readonly [string, ScheduleLike, number, readonly string[]])[] = [
  [
    'daily at 02:00',
    crontab({ hour: 2, minute: 0 }),
    3,
    ['2026-01-01T05:00:00.000Z', '2026-01-02T05:00:00.000Z', '2026-01-03T05:00:00.000Z'],
  ],
  [
    'on Mondays at 09:00',
    crontab({ hour: 9, minute: 0, dayOfWeek: 'mon' }),
    21,
    ['2026-01-05T12:00:00.000Z', '2026-01-12T12:00:00.000Z', '2026-01-19T12:00:00.000Z'],
  ],
  [
    'hourly at minute 0',
    crontab({ minute: 0 }),
    0.2,
    ['01', '02', '03', '04'].map((hour) => `2026-01-01T${hour}:00:00.000Z`),
  ],
  [
    'on the first of each month at 00:00',
    crontab({ dayOfMonth: 1, hour: 0, minute: 0 }),
    60,
    ['2026-01-01T03:00:00.000Z', '2026-02-01T03:00:00.000Z', '2026-03-01T03:00:00.000Z'],
  ],
  [
    'on weekdays only',
    crontab({ hour: 8, minute: 30, dayOfWeek: 'mon-fri' }),
    6,
    ['01', '02', '05', '06'].map((day) => `2026-01-${day}T11:30:00.000Z`),
  ],
  [
    'every 6 hours',
    crontab({ hour: '*/6', minute: 0 }),
    1,
    ['03', '09', '15', '21'].map((hour) => `2026-01-01T${hour}:00:00.000Z`),
  ],
  [
    'every 6 hours, as a length of time',
    '6h',
    1.1,
    ['01T06', '01T12', '01T18', '02T00'].map((time) => `2026-01-${time}:00:00.000Z`),
  ],
  [
    'on Fridays the 13th, which AWS cannot say',
    crontab({ dayOfMonth: 13, dayOfWeek: 'fri', hour: 0, minute: 0 }),
    90,
    ['2026-02-13T03:00:00.000Z', '2026-03-13T03:00:00.000Z'],
  ],
];

describe('each slot runs once, within the minute', () => {
  test.for(forms)('%s', async ([, schedule, days, slots]) => {
    const runs = await runsOf(schedule, days);

    expect(slotsOf(runs)).toEqual(slots);
    for (const { slot, at } of runs) expect(Math.floor((at - Date.parse(slot ?? '')) / 60_000)).toBe(0);
  });
});

describe('below a minute each slot runs to the second', () => {
  test.for([7, 30, 45, 90] as const)('every %s s', async (seconds) => {
    const runs = await runsOf(seconds, 0.1);

    // The first tick comes after a minute at most, and sees to the minute that follows it.
    const all = expected(seconds, 0.1);
    const first = all.findIndex((slot) => slot >= '2026-01-01T00:02:00.000Z');
    expect(slotsOf(runs)).toEqual(all.slice(first));
    // A queue delays by whole seconds.
    for (const { slot, at } of runs) expect(Math.floor((at - Date.parse(slot ?? '')) / 1_000)).toBe(0);
  });
});

test('by the sun each slot runs to the second, though beat is woken by the hour', async () => {
  const sunset = solar('sunset', -32.89, -68.84);

  const runs = await runsOf(sunset, 10);

  expect(runs.length).toBe(10);
  expect(slotsOf(runs)).toEqual(expected(sunset, 10));
  for (const { slot, at } of runs) expect(Math.floor((at - Date.parse(slot ?? '')) / 1_000)).toBe(0);
});

describe('where clocks are changed', () => {
  const spring = { now: new Date('2026-03-28T12:00:00Z'), zone: 'Europe/Madrid' };

  async function slotsFrom(now: Date, schedule: Schedule, days: number) {
    const app = new Tallo('clocks', { timezone: spring.zone });
    const slots: string[] = [];
    const task = app.task('t', { bind: true }, ({ request }) => {
      slots.push(new Date(Number(request.eta)).toISOString());
    });
    app.beat({ entry: { task, schedule } });
    await using cloud = memoryCloud(app, { beat: true, now });
    await cloud.advance(days * 86_400);
    return slots;
  }

  test('a slot in the gap runs an hour later', async () => {
    const slots = await slotsFrom(spring.now, crontab({ hour: 2, minute: 30 }), 2);

    expect(slots).toEqual(['2026-03-29T01:30:00.000Z', '2026-03-30T00:30:00.000Z']);
  });

  test('a slot in the repeated hour runs once, the first time', async () => {
    const now = new Date('2026-10-24T12:00:00Z');

    const slots = await slotsFrom(now, crontab({ hour: 2, minute: 30 }), 2);

    expect(slots).toEqual(['2026-10-25T00:30:00.000Z', '2026-10-26T01:30:00.000Z']);
  });
});

test('an entry has a time zone of its own', async () => {
  const app = new Tallo('zones', { timezone: 'UTC' });
  const etas: unknown[] = [];
  const task = app.task('t', { bind: true }, ({ request }) => void etas.push(request.eta));
  app.beat({ entry: { task, schedule: crontab({ hour: 2, minute: 0 }), timezone: 'Asia/Kolkata' } });
  await using cloud = memoryCloud(app, { beat: true, now: from });

  await cloud.advance('1d');

  expect(etas).toEqual([Date.parse('2026-01-01T20:30:00Z')]);
});

describe('what an entry starts', () => {
  test('gets args and kwargs, options, and says which entry it is of', async () => {
    const app = new Tallo('arguments', { queues: { default: {}, reports: {} } });
    const seen: unknown[] = [];
    const report = app.task(
      'report',
      {
        bind: true,
        args: z.tuple([z.string()]),
        kwargs: z.object({ pages: z.int() }),
      },
      ({ request }, kind, { pages }) => {
        seen.push([kind, pages, request.headers, request.deliveryInfo.routingKey, request.id]);
      },
    );
    app.beat({
      sales: {
        task: report,
        schedule: crontab({ minute: 30 }),
        args: ['sales'],
        kwargs: { pages: 2 },
        options: { queue: 'reports', headers: { tenant: 'acme' } },
      },
    });
    await using cloud = memoryCloud(app, { beat: true });

    await cloud.advance('1h');
    await cloud.untilIdle();

    expect(seen).toEqual([
      ['sales', 2, { tenant: 'acme', periodic_task_name: 'sales' }, 'reports', 'beat-sales-20260101T003000Z'],
    ]);
  });

  test('may be a workflow, with the id of the slot for its result', async () => {
    const app = new Tallo('workflows');
    const add = app.task('add', (x: number, y: number) => x + y);
    const sum = app.task('sum', (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0));
    app.beat({
      chain: { task: chain(add.s(2, 2), add.s(4)), schedule: '1h' },
      chord: { task: chord([add.s(1, 1), add.s(2, 2), add.s(3, 3)], sum.s()), schedule: '1h' },
    });
    await using cloud = memoryCloud(app, { beat: true });

    await cloud.advance('61m');
    await cloud.untilIdle();

    expect(await app.AsyncResult('beat-chain-20260101T010000Z').get()).toBe(8);
    expect(await app.AsyncResult('beat-chord-20260101T010000Z').get()).toBe(12);
  });

  test('may live elsewhere', async () => {
    const app = new Tallo('names');
    app.beat({ there: { task: 'python.sum', args: [1, 2], kwargs: { scale: 3 }, schedule: '1h' } });
    await using cloud = memoryCloud(app, { beat: true, handler: false });

    await cloud.advance('61m');

    const [message] = cloud.queues.named('names-default').peek();
    const { headers } = JSON.parse(message?.body ?? '');
    expect(headers).toMatchObject({ task: 'python.sum', periodic_task_name: 'there' });
  });

  test('expires so long after its slot', async () => {
    const app = new Tallo('expiry');
    let runs = 0;
    const task = app.task('t', () => {
      runs += 1;
    });
    app.beat({ entry: { task, schedule: '30s', options: { expires: '25s' } } });
    await using cloud = memoryCloud(app, { beat: true });

    await cloud.advance('10m');

    // A message that is sent ahead would be out of date on arrival if its time were counted from then.
    expect(runs).toBe(16);
  });
});

test('a date runs once, and then its schedule is gone', async () => {
  const app = new Tallo('dates');
  const etas: unknown[] = [];
  const task = app.task('t', { bind: true }, ({ request }) => void etas.push(request.eta));
  app.beat({ once: { task, schedule: new Date('2026-01-03T12:00:00.500Z') } });
  await using cloud = memoryCloud(app, { beat: true });
  expect((await app.schedules.get('once'))?.enabled).toBe(true);

  await cloud.advance('30d');

  expect(etas).toEqual([Date.parse('2026-01-03T12:00:00.500Z')]);
  expect(await app.schedules.get('once')).toBeUndefined();
});
