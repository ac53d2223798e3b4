import { chain, chord, type RateLimitOptions, type RateLimitText, Tallo } from 'tallo';
import { memoryCloud } from 'tallo/testing';
import { describe, expect, test } from 'vitest';
import { mostStarts, times, type WorldOptions, world } from './world.ts';

/** Calls a task under a limit so often, and tells when it started and what that took. */
async function run(
  count: number,
  rateLimit: RateLimitText | RateLimitOptions | null,
  options: WorldOptions & { readonly work?: () => unknown } = {},
) {
  const { work = () => undefined, ...others } = options;
  const starts: number[] = [];
  const define = (app: Tallo, cloud: () => ReturnType<typeof memoryCloud>) =>
    app.task('t', { rateLimit }, () => {
      starts.push(cloud().clock.now());
      return work();
    });
  const it = world((app, { cloud }) => void define(app, cloud), others);
  await Promise.all(times(count, () => it.client.sendTask('t')));
  await it.cloud.untilIdle();
  const requests = it.requests();
  await it.client.close();
  return { starts, requests, length: Math.max(...starts) - Math.min(...starts) };
}

describe('a thousand tasks at 100/s over four consumers', () => {
  test.each([10, 40, 100])('keep to the limit and use it, with %i batches at once', async (concurrency) => {
    const options = { workers: 4, concurrency };
    const free = await run(1_000, null, options);

    const { starts, requests, length } = await run(1_000, '100/s', options);

    expect(starts).toHaveLength(1_000);
    // A quarter of a second may be made up for.
    expect(mostStarts(starts, 1_000)).toBeLessThanOrEqual(125);
    const throughput = 1_000 / (length / 1_000);
    expect(throughput).toBeGreaterThan(95);
    expect(throughput).toBeLessThan(105);
    expect((requests - free.requests) / 1_000).toBeLessThanOrEqual(0.7);
  });

  test('keep to it although every second message comes twice', async () => {
    const { starts } = await run(1_000, '100/s', { workers: 4, duplicates: 0.5 });

    expect(starts.length).toBeGreaterThan(1_000);
    expect(mostStarts(starts, 1_000)).toBeLessThanOrEqual(125);
  });

  test.each([
    ['a second', 1_000],
    ['a minute', 60_000],
  ])(
    'exceed it by what the clocks of workers are apart by, such as %s, and no more',
    async (_what, apart) => {
      const { starts } = await run(1_000, '10/s', { workers: 4, ahead: (worker) => (worker * apart) / 3 });

      expect(starts).toHaveLength(1_000);
      expect(mostStarts(starts, 1_000)).toBeLessThanOrEqual(10 + 2 + apart / 100);
      expect(mostStarts(starts, 120_000)).toBeLessThanOrEqual(1_200 + 2 + apart / 100);
    },
  );
});

describe('a rate limit', () => {
  test('of ten a minute lets ten thousand start one by one, for most of a day', async () => {
    const { starts, length } = await run(10_000, '10/m');

    expect(starts).toHaveLength(10_000);
    expect(mostStarts(starts, 60_000)).toBeLessThanOrEqual(11);
    expect(length / 60_000).toBeGreaterThan(999);
    expect(length / 60_000).toBeLessThan(1_002);
  }, 120_000);

  test('by key holds for each key on its own', async () => {
    const starts = new Map<string, number[]>();
    await using it = world((app, { cloud }) => {
      const key = (address: string) => new URL(address).host;
      app.task('fetch', { rateLimit: { limit: 10, per: '1m', key } }, (address: string) => {
        const { host } = new URL(address);
        starts.set(host, [...(starts.get(host) ?? []), cloud().clock.now()]);
      });
    });

    const long = `${'x'.repeat(60)}.`.repeat(4);
    const hosts = ['a.com', 'b.com', `${long}a.com`, `${long}b.com`];
    await Promise.all(
      hosts.flatMap((host) => times(30, (i) => it.client.sendTask('fetch', [`https://${host}/${i}`]))),
    );
    await it.cloud.untilIdle();

    for (const host of hosts) {
      const those = starts.get(host) ?? [];
      expect(those).toHaveLength(30);
      expect(mostStarts(those, 60_000)).toBeLessThanOrEqual(11);
      expect((Math.max(...those) - Math.min(...those)) / 60_000).toBeLessThan(3.1);
    }
  });

  test('lets as many start at once after an idle time as the burst says', async () => {
    const starts: number[] = [];
    await using it = world((app, { cloud }) => {
      app.task('t', { rateLimit: { limit: 10, per: '1s', burst: 20 } }, () => {
        starts.push(cloud().clock.now());
      });
    });

    for (let round = 0; round < 3; round += 1) {
      const began = it.cloud.clock.now();
      await Promise.all(times(50, () => it.client.sendTask('t')));
      await it.cloud.untilIdle();
      expect(starts.filter((at) => at === began)).toHaveLength(20);
      await it.cloud.advance('1h');
    }

    expect(mostStarts(starts, 1_000)).toBeLessThanOrEqual(30);
  });

  test('holds although a worker is frozen for a while: calls that have missed their slots reserve others', async () => {
    const thaw = Date.UTC(2026, 0, 1, 0, 0, 6);
    const isFrozenAt = (at: number) => at > thaw - 3_000 && at < thaw;

    const { starts } = await run(200, '10/s', { wakesAt: (at) => (isFrozenAt(at) ? thaw : at) });

    expect(starts).toHaveLength(200);
    expect(starts.some(isFrozenAt)).toBe(false);
    expect(mostStarts(starts, 1_000)).toBeLessThanOrEqual(12);
  });

  test('counts each attempt of a task that is retried', async () => {
    const starts: number[] = [];
    await using it = world((app, { cloud }) => {
      app.task('t', { bind: true, rateLimit: '2/s', ignoreResult: true }, (self) => {
        starts.push(cloud().clock.now());
        if (self.request.retries < 2) self.retry({ countdown: 1 });
      });
    });

    await Promise.all(times(20, () => it.client.sendTask('t')));
    await it.cloud.untilIdle();

    expect(starts).toHaveLength(60);
    expect(mostStarts(starts, 1_000)).toBeLessThanOrEqual(3);
  });

  test('does not keep a chord from its end', async () => {
    const app = new Tallo('chords');
    const starts: number[] = [];
    const square = app.task('square', { rateLimit: '10/m' }, (x: number) => {
      starts.push(cloud.clock.now());
      return x * x;
    });
    const sum = app.task('sum', (numbers: number[]) => numbers.reduce((a, b) => a + b, 0));
    await using cloud = memoryCloud(app, { duplicates: 0.3 });

    const result = await chord(
      times(30, (i) => square.s(i)),
      sum.s(),
    ).delay();

    expect(await result.get({ timeout: '1d' })).toBe(8_555);
    expect(mostStarts(starts, 60_000)).toBeLessThanOrEqual(11);
  });

  test('does not let a chain go on twice if a message comes twice and the copy has to wait', async () => {
    const app = new Tallo('chains');
    const runs: string[] = [];
    const first = app.task('first', { rateLimit: '2/h' }, () => void runs.push('first'));
    const next = app.task('next', () => void runs.push('next'));
    await using cloud = memoryCloud(app);
    const queue = cloud.queues.named('chains-default');
    const add = queue.add.bind(queue);
    let copies = 4;
    queue.add = (message) => {
      for (; copies > 0; copies -= 1) add(message);
      add(message);
    };

    await chain(first.si(), next.si()).delay();
    await cloud.untilIdle();

    expect(runs.filter((name) => name === 'first').length).toBeGreaterThan(2);
    expect(runs.filter((name) => name === 'next')).toHaveLength(1);
  });
});
