import fc from 'fast-check';
import { Tallo } from 'tallo';
import { memoryCloud } from 'tallo/testing';
import { expect, test } from 'vitest';
import { queueTopology } from '../../sdk/app/queue-topology.ts';
import { ringsAt } from '../../sdk/call/rings-at.ts';
import { timerName } from '../../sdk/wire/keys.ts';
import { begin, day } from './world.ts';

const lateMs = 60_000;

test('a timer rings so early that a delay reaches the rest, and so late that nothing is past when it is set', () => {
  const windows = fc.integer({ min: 0, max: 300 });
  fc.assert(
    fc.property(
      fc.string(),
      windows,
      fc.integer({ min: 900_001, max: 1e11 }),
      (id, batchWindow, distance) => {
        const queue = queueTopology('app', 'default', { batchWindow });
        const rings = ringsAt(id, begin + distance, queue);

        expect(begin + distance - rings).toBeLessThanOrEqual(900_000);
        expect(begin + distance - rings).toBeGreaterThanOrEqual(lateMs + batchWindow * 1_000 + 30_000);
        expect(rings).toBeGreaterThan(begin);
      },
    ),
  );
});

test("a worker of Celery's is given its message in the last minute: it keeps it until then", () => {
  const queue = queueTopology('app', 'python', { runOn: 'celery', batchWindow: 300 });

  expect(ringsAt('id', begin + 1e9, queue)).toBe(begin + 1e9 - lateMs);
});

test('timers of many calls that are due together ring apart: Scheduler starts a thousand a second', async () => {
  const app = new Tallo('app');
  await using cloud = memoryCloud(app, { handler: false });
  const task = app.task('t', () => 1);
  const eta = new Date(begin + 30 * day * 1_000);

  const results = await Promise.all(Array.from({ length: 10_000 }, () => task.applyAsync([], { eta })));

  const perSecond = new Map<number, number>();
  for (const { id } of results) {
    const timer = await cloud.timers.find(timerName(id));
    const second = timer?.at ?? 0;
    perSecond.set(second, (perSecond.get(second) ?? 0) + 1);
  }
  expect(Math.max(...perSecond.values())).toBeLessThan(100);
});
