import { crontab, Tallo } from 'tallo';
import { memoryCloud } from 'tallo/testing';
import { describe, expect, test } from 'vitest';
import { solar } from '../../sdk/solar/index.ts';

const from = new Date('2026-01-01T00:00:00Z');

describe('the memory cloud', () => {
  test('has no beat unless it is wished', async () => {
    const app = new Tallo('memory');
    let runs = 0;
    const task = app.task('t', () => {
      runs += 1;
    });
    app.beat({ entry: { task, schedule: '1m' } });
    await using cloud = memoryCloud(app);

    await cloud.advance('1h');

    expect(runs).toBe(0);
    expect(await cloud.schedules.get('beat-entry')).toBeUndefined();
  });

  test.for(['1s', '45s', '1m'] as const)(
    'comes to rest although beat never ends: every %s',
    async (schedule) => {
      const app = new Tallo('memory');
      let runs = 0;
      // Each run takes longer than it takes until the next one is due.
      const task = app.task('t', { bind: true }, (self) => {
        runs += 1;
        if (self.request.retries === 0) self.retry({ countdown: '3m' });
      });
      app.beat({ entry: { task, schedule } });
      await using cloud = memoryCloud(app, { beat: true, now: from });
      await cloud.advance('5m');

      await cloud.untilIdle();

      expect(cloud.queues.named('memory-default').size).toBe(0);
      expect(cloud.clock.now() - from.getTime()).toBeLessThan(15 * 60_000);
      const before = runs;
      await cloud.advance('10m');
      expect(runs).toBeGreaterThan(before);
    },
  );

  test('lets a task be waited for while beat goes on', async () => {
    const app = new Tallo('memory');
    const ticks: number[] = [];
    const tick = app.task('tick', () => void ticks.push(cloud.clock.now()));
    const slow = app.task('slow', { bind: true }, (self) =>
      self.request.retries < 2 ? self.retry({ countdown: '2h' }) : 'at last',
    );
    app.beat({ entry: { task: tick, schedule: crontab({ minute: 0 }) } });
    await using cloud = memoryCloud(app, { beat: true, now: from });

    expect(await (await slow.delay()).get({ timeout: '1d' })).toBe('at last');

    // Those of the first three hours, and that of the fourth if it was not late.
    expect(ticks.length).toBeGreaterThanOrEqual(3);
    expect(ticks.length).toBeLessThanOrEqual(4);
  });

  test('sees a year of sunsets and of Fridays the 13th without a year of ticks', async () => {
    const app = new Tallo('memory');
    const runs = { sunset: 0, friday: 0 };
    const count = app.task('count', (what: keyof typeof runs) => {
      runs[what] += 1;
    });
    let wakes = 0;
    app.beat({
      sunset: { task: count, args: ['sunset'], schedule: solar('sunset', -32.89, -68.84) },
      friday: {
        task: count,
        args: ['friday'],
        schedule: crontab({ dayOfMonth: 13, dayOfWeek: 'fri', hour: 0, minute: 0 }),
      },
    });
    await using cloud = memoryCloud(app, { beat: true, now: from });
    const change = cloud.table.change.bind(cloud.table);
    cloud.table.change = (id, ...others) => {
      wakes += id.startsWith('beat-') ? 0.5 : 0;
      return change(id, ...others);
    };

    await cloud.advance('365d');
    await cloud.untilIdle();

    // In 2026: February, March and November.
    expect(runs).toEqual({ sunset: 365, friday: 3 });
    // One tick for each sunset, and a wake for each 13th.
    expect(wakes).toBeLessThan(365 + 12 + 20);
  });

  test('is woken in the same way by the same seed', async () => {
    const run = async (seed: number) => {
      const app = new Tallo('memory');
      const runs: number[] = [];
      const task = app.task('t', () => void runs.push(cloud.clock.now()));
      app.beat({ entry: { task, schedule: '10m' } });
      await using cloud = memoryCloud(app, { beat: true, now: from, seed });
      await cloud.advance('5h');
      return runs;
    };

    const [one, again, other] = await Promise.all([run(7), run(7), run(8)]);

    expect(again).toEqual(one);
    expect(other).not.toEqual(one);
  });

  test('wakes nobody any more once it is stopped', async () => {
    const app = new Tallo('memory');
    let wakes = 0;
    app.beat({ entry: { task: 'elsewhere', schedule: '1m' } });
    const cloud = memoryCloud(app, {
      now: from,
      beat: async () => {
        wakes += 1;
      },
    });
    await cloud.advance('5m');
    const before = wakes;

    await cloud.stop();
    await cloud.advance('5m');

    expect(before).toBeGreaterThan(3);
    expect(wakes).toBe(before);
  });
});
