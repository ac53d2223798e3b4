import { chord, Reject, Tallo, type TaskOptions } from 'tallo';
import { memoryCloud } from 'tallo/testing';
import { describe, expect, test } from 'vitest';
import { membersOf } from '../revoke/world.ts';
import { type Surroundings, times, type World, world } from './world.ts';

/** A task of which one call runs at a time, for ten seconds; the others wait in the worker. */
function slow(runs: string[]) {
  return (app: Tallo, { cloud }: Surroundings) =>
    app.task('slow', { concurrency: { limit: 1 }, timeLimit: 15 }, async (name: string) => {
      runs.push(name);
      await cloud().clock.sleep(10_000);
    });
}

/** Ends three calls of which only one can run: the names of those that ran, and how the others ended. */
async function story(runs: string[], it: World, stop: (ids: readonly string[]) => Promise<void>) {
  const ids = ['a', 'b', 'c'];
  await Promise.all(ids.map((id) => it.client.sendTask('slow', [id], { taskId: id, expires: 600 })));
  await it.cloud.advance('2s');
  const others = ids.filter((id) => !runs.includes(id));
  await stop(others);
  await it.cloud.untilIdle();
  return Promise.all(others.map((id) => it.client.AsyncResult(id).state()));
}

describe('a call that waits in a worker for others of its key', () => {
  test('does not run if it is revoked meanwhile', async () => {
    const runs: string[] = [];
    await using it = world((app, around) => void slow(runs)(app, around));

    const states = await story(runs, it, (ids) => it.client.control.revoke(ids));

    expect(runs).toHaveLength(1);
    expect(states).toEqual(['REVOKED', 'REVOKED']);
  });

  test('tells its chord', async () => {
    const runs: string[] = [];
    const app = new Tallo('chords');
    const task = slow(runs)(app, { cloud: () => cloud, worker: 0 });
    const count = app.task('count', (ends: unknown[]) => ends.length);
    await using cloud = memoryCloud(app);
    const header = ['a', 'b'].map((name) => task.si(name));
    const result = await chord(header, count.s()).delay();
    await cloud.advance('2s');
    const [waiting] = membersOf(result.parent).filter((_, i) => !runs.includes(['a', 'b'][i] ?? ''));

    await waiting?.revoke();

    await expect(result.get({ timeout: '1m' })).rejects.toMatchObject({ name: 'TaskRevokedError' });
    expect(await result.state()).toBe('FAILURE');
    expect(runs).toHaveLength(1);
  });

  test('does not run if it expires meanwhile', async () => {
    const runs: string[] = [];
    await using it = world((app, around) => void slow(runs)(app, around));
    const results = await Promise.all(times(3, (i) => it.client.sendTask('slow', [`${i}`], { expires: 5 })));
    await it.cloud.untilIdle();

    expect(runs).toHaveLength(1);
    const states = await Promise.all(results.map((result) => result.state()));
    expect(states.toSorted()).toEqual(['REVOKED', 'REVOKED', 'SUCCESS']);
  });
});

describe('a rate limit of one a second, with calls that come four times as often and expire after 20 seconds', () => {
  test('is used although most of them expire', async () => {
    let runs = 0;
    await using it = world(
      (app) => {
        app.task('t', { rateLimit: '1/s' }, () => {
          runs += 1;
        });
      },
      { workers: 2 },
    );

    for (let second = 0; second < 300; second += 1) {
      await Promise.all(times(4, () => it.client.sendTask('t', [], { expires: 20 })));
      await it.cloud.advance('1s');
    }

    expect(runs).toBeGreaterThan(270);
    expect(runs).toBeLessThan(303);
  });
});

describe('copies of messages do not become more and more', () => {
  const down = () => {
    throw new RangeError('down');
  };
  const tasks: [string, TaskOptions, () => unknown][] = [
    [
      'a circuit breaker is open',
      { circuitBreaker: { on: [RangeError], failures: 1, cooldown: '1m' } },
      down,
    ],
    [
      'the task puts them back',
      { timeLimit: 5 },
      () => {
        throw new Reject('later', { requeue: true });
      },
    ],
  ];

  test.each(tasks)('while %s', async (_what, options, work) => {
    await using it = world((app) => void app.task('t', options as TaskOptions & { bind?: false }, work), {
      duplicates: 0.05,
    });
    await Promise.all(times(10, () => it.client.sendTask('t')));

    const sizes: number[] = [];
    for (let i = 0; i < 30; i += 1) {
      await it.cloud.advance('5m');
      sizes.push(it.cloud.queues.named('limits-default').size);
    }

    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(10);
    expect(Math.max(...sizes)).toBeLessThan(25);
  });
});
