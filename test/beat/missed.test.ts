import { type BeatEvent, crontab, type MissedPolicy, type ScheduleLike, silentLogger, Tallo } from 'tallo';
import { beat } from 'tallo/functions';
import { memoryCloud } from 'tallo/testing';
import { describe, expect, test } from 'vitest';

const from = new Date('2026-01-01T00:00:00Z');
const hour = 3_600_000;

interface Outage {
  readonly schedule: ScheduleLike;
  readonly missed?: MissedPolicy;
  /** Hours after the beginning. */
  readonly out: readonly [number, number];
  readonly hours: number;
  /** The function fails, or nobody calls it. @default 'fails' */
  readonly how?: 'fails' | 'is not called';
}

/** Runs an entry over an outage of beat: the slots that ran, as times of day, with when they ran where that was late. */
async function runsOver({ schedule, missed, out: [start, end], hours, how = 'fails' }: Outage) {
  const app = new Tallo('missed');
  const runs: string[] = [];
  const task = app.task('t', { bind: true }, ({ request: { eta } }) => {
    const [slot, now] = [Number(eta), cloud.clock.now()];
    runs.push(now - slot < 60_000 ? timeOf(slot) : `${timeOf(slot)} late`);
  });
  app.beat({ entry: { task, schedule, ...(missed && { missed }) } });
  const handle = beat(app, { log: silentLogger });
  const handler = async (event: BeatEvent) => {
    const now = cloud.clock.now() - from.getTime();
    if (now < start * hour || now >= end * hour) return handle(event);
    if (how === 'fails') throw new Error('out of order');
  };
  await using cloud = memoryCloud(app, { beat: handler, now: from });
  await cloud.advance(hours * 3_600);
  return runs;
}

function timeOf(instant: number): string {
  return new Date(instant).toISOString().slice(11, 16);
}

const hourly = crontab({ minute: 0 });
const range = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, i) => `${String(first + i).padStart(2, '0')}:00`);

describe('slots that were missed in an outage', () => {
  test.for(['fails', 'is not called'] as const)('all run where that is wished (beat %s)', async (how) => {
    const runs = await runsOver({ schedule: hourly, missed: 'all', out: [2.5, 6.5], hours: 9.5, how });

    expect(runs.toSorted()).toEqual([
      ...range(1, 2),
      ...range(3, 6).map((time) => `${time} late`),
      ...range(7, 9),
    ]);
  });

  test.for(['skip', 'latest'] as const)('do not run beside a later one: %s', async (missed) => {
    const runs = await runsOver({ schedule: hourly, missed, out: [2.5, 6.5], hours: 9.5 });

    expect(runs).toEqual([...range(1, 2), ...range(7, 9)]);
  });

  test.for([
    ['latest', ['00:45', '03:00 late', '03:45', '04:30']],
    ['skip', ['00:45', '03:45', '04:30']],
    ['all', ['00:45', '01:30 late', '02:15 late', '03:00 late', '03:45', '04:30']],
  ] as const)('are looked at as soon as a wake comes: %s', async ([missed, expected]) => {
    // Every 45 minutes: AWS can only say every 15, so that a wake comes before the next slot.
    const runs = await runsOver({ schedule: '45m', missed, out: [1.2, 3.2], hours: 5.2 });

    expect(runs.toSorted()).toEqual(expected);
  });

  test('by the second, too', async () => {
    const runs = await runsOver({ schedule: 2_707, out: [1.2, 3.2], hours: 4.6 });

    // Every 45:07, by the tick: 01:54 and 02:39 were missed.
    expect(runs).toEqual(['00:24', '01:09', '02:39 late', '03:24', '04:09']);
  });

  test('are those that a try of Lambda comes too late for', async () => {
    // The first try fails, the second one comes a minute later: nothing was missed.
    const runs = await runsOver({ schedule: hourly, missed: 'skip', out: [2.9, 3.018], hours: 4.5 });

    expect(runs).toEqual(expect.arrayContaining(['01:00', '02:00', '04:00']));
    expect(runs.filter((run) => run.startsWith('03:00')).length).toBe(1);
  });
});

test('more than 1,000 are too many: the older ones do not run, and the log says so', async () => {
  const app = new Tallo('missed');
  const task = app.task('t', () => undefined);
  app.beat({ entry: { task, schedule: '1m', missed: 'all' } });
  const warnings: unknown[] = [];
  const log = { ...silentLogger, warn: (message: string) => void warnings.push(message) };
  await using cloud = memoryCloud(app, { handler: false, now: from });
  const [schedule] = app.topology({ now: from }).schedules;
  const wake = (time: string): BeatEvent =>
    JSON.parse(schedule?.input.replace('<aws.scheduler.scheduled-time>', time) ?? '');
  const handle = beat(app, { log });
  await handle(wake('2026-01-01T00:00:00Z'));
  await cloud.advance('1d');
  expect(warnings).toEqual([]);

  await handle(wake('2026-01-02T00:00:00Z'));

  // 1,000 that were missed, and those of the last two minutes.
  expect(cloud.queues.messages.send).toBe(1 + 1_000 + 3);
  expect(warnings).toEqual(['too many slots were missed, the older ones will not run']);
});
