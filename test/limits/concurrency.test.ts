import { silentLogger, Tallo } from 'tallo';
import { consumer } from 'tallo/functions';
import { type MemoryCloud, memoryCloud } from 'tallo/testing';
import { describe, expect, test } from 'vitest';
import { leaseKey } from '../../sdk/wire/keys.ts';
import { protocol2 } from '../consumer/bad-input.ts';
import { MortalWorker } from '../consumer/mortal-worker.ts';
import { type Surroundings, times, type WorldOptions, world } from './world.ts';

/** Runs that note how many of them there are at once. */
class Runs {
  active = 0;
  most = 0;
  ended = 0;

  async one(seconds: number, { cloud }: Pick<Surroundings, 'cloud'>): Promise<void> {
    this.active += 1;
    this.most = Math.max(this.most, this.active);
    await cloud().clock.sleep(seconds * 1_000);
    this.active -= 1;
    this.ended += 1;
  }
}

interface Story {
  readonly count: number;
  readonly seconds: number;
  readonly limit: number;
  readonly timeLimit?: number;
}

async function run({ count, seconds, limit, timeLimit = 30 }: Story, options: WorldOptions = {}) {
  const runs = new Runs();
  const it = world(
    (app, around) => {
      app.task('t', { concurrency: { limit }, timeLimit }, () => runs.one(seconds, around));
    },
    { workers: 4, ...options },
  );
  const before = it.cloud.clock.now();
  await Promise.all(times(count, () => it.client.sendTask('t')));
  await it.cloud.untilIdle();
  const length = (it.cloud.clock.now() - before) / 1_000;
  const requests = it.requests() / count;
  await it.client.close();
  return { most: runs.most, ended: runs.ended, length, requests };
}

describe('fifty and more calls under a limit on concurrent runs, in four processes', () => {
  test.each<[Story, { within: number; requests: number }]>([
    // Those of one process hand their place on: two requests for a run, and a third for its result.
    [
      { count: 50, seconds: 1, limit: 1, timeLimit: 5 },
      { within: 80, requests: 12 },
    ],
    // No time is left in the invocation for that, and each must come again for its place.
    [
      { count: 50, seconds: 1, limit: 1 },
      { within: 120, requests: 16 },
    ],
    [
      { count: 50, seconds: 10, limit: 1 },
      { within: 600, requests: 90 },
    ],
    [
      { count: 50, seconds: 1, limit: 3 },
      { within: 45, requests: 10 },
    ],
    [
      { count: 200, seconds: 2, limit: 10, timeLimit: 10 },
      { within: 60, requests: 9 },
    ],
  ])('all run, never more than the limit at once: %j', async (story, { within, requests }) => {
    const ended = await run(story);

    expect(ended.most).toBe(story.limit);
    expect(ended.ended).toBe(story.count);
    expect(ended.length).toBeLessThan(within);
    expect(ended.requests).toBeLessThan(requests);
  });

  test('that nobody reaches costs little more than two requests a run', async () => {
    const limited = await run({ count: 100, seconds: 0, limit: 1_000 });

    const free = world((app) => void app.task('t', () => undefined), { workers: 4 });
    await Promise.all(times(100, () => free.client.sendTask('t')));
    await free.cloud.untilIdle();

    expect(limited.requests - free.requests() / 100).toBeLessThan(2.5);
    await free.client.close();
  });

  test('hold it with copies, too', async () => {
    const { most, ended } = await run({ count: 50, seconds: 1, limit: 2 }, { duplicates: 0.5 });

    expect(most).toBe(2);
    expect(ended).toBeGreaterThan(50);
  });
});

describe('a limit on concurrent runs', () => {
  test('with a key holds for each key on its own', async () => {
    const [all, runs] = [new Runs(), new Map(['a', 'b', 'c'].map((key) => [key, new Runs()]))];
    await using it = world((app, around) => {
      const key = (customer: string) => customer;
      app.task('t', { concurrency: { limit: 1, key }, timeLimit: 5 }, async (customer: string) => {
        await Promise.all([all.one(1, around), runs.get(customer)?.one(1, around)]);
      });
    });

    await Promise.all([...runs.keys()].flatMap((key) => times(5, () => it.client.sendTask('t', [key]))));
    await it.cloud.untilIdle();

    expect([...runs.values()].map(({ most, ended }) => [most, ended])).toEqual(times(3, () => [1, 5]));
    expect(all.most).toBe(3);
  });

  test('gives a place soon to one who has waited long, although others come anew all the time', async () => {
    const keys = ['a', 'b', 'c', 'd', 'e'];
    const waited: number[] = [];
    await using it = world(
      (app, { cloud }) => {
        const key = (name: string) => name;
        app.task(
          't',
          { concurrency: { limit: 1, key }, timeLimit: '30s' },
          async (_: string, isOld: boolean) => {
            if (isOld) waited.push(cloud().clock.now());
            await cloud().clock.sleep(990);
          },
        );
      },
      { workers: 4 },
    );
    const start = it.cloud.clock.now();

    for (let second = 0; second < 600 && waited.length < keys.length; second += 1) {
      await Promise.all(keys.map((key) => it.client.sendTask('t', [key, false])));
      await it.cloud.advance('100ms');
      if (second === 5) await Promise.all(keys.map((key) => it.client.sendTask('t', [key, true])));
      await it.cloud.advance('900ms');
    }

    expect(waited).toHaveLength(5);
    expect((Math.max(...waited) - start) / 1_000).toBeLessThan(150);
  });

  test('puts no call off for a failure of its key, which is a failure of the call', async () => {
    await using it = world((app) => {
      const key = (address: string) => new URL(address).host;
      app.task('t', { concurrency: { limit: 1, key } }, (address: string) => address);
      app.task('odd', { concurrency: { limit: 1, key: ((x: number) => x) as never } }, (x: number) => x);
    });

    await expect((await it.client.sendTask('t', ['nowhere'])).get()).rejects.toThrow('Invalid URL');
    await expect((await it.client.sendTask('odd', [7])).get()).rejects.toThrow(/to return text, got 7/);
    // Arguments that the task does not take are its own affair.
    await it.cloud.queues.send('limits-default', [{ body: protocol2({ task: 't', id: 'few', args: '[]' }) }]);
    await expect(it.client.AsyncResult('few').get()).rejects.toThrow(/takes at least 1 arguments/);
  });
});

describe('the place of a worker that is lost', () => {
  test('is free when the longest run would have ended', async () => {
    const runs: number[] = [];
    const define = () => {
      const app = new Tallo('lost', { queues: { default: { timeLimit: 20 } } });
      app.task('t', { concurrency: { limit: 1 } }, async () => {
        runs.push(cloud.clock.now());
        await cloud.clock.sleep(10_000);
      });
      return app;
    };
    const client = define();
    const worker = new MortalWorker({ define, cloud: () => cloud });
    const cloud: MemoryCloud = memoryCloud(client, { handler: worker.handler, patience: '50ms' });

    await client.sendTask('t');
    await cloud.advance('5s');
    worker.kill();
    const second = await client.sendTask('t');
    await second.get({ timeout: '1h' });
    await cloud.untilIdle();
    await cloud.stop();

    const [first = 0, next = 0] = runs;
    expect(next - first).toBeGreaterThanOrEqual(25_000);
    expect(next - first).toBeLessThan(60_000);
    expect(runs).toHaveLength(3);
  });

  test('is not given back by that worker when it comes late', async () => {
    const app = new Tallo('late', { queues: { default: { timeLimit: 5 } } });
    const cloud = memoryCloud(app, { handler: false });
    let end: () => void = () => undefined;
    const first = new Promise<void>((resolve) => {
      end = resolve;
    });
    // Its time limit does not come: its clock has stopped, as in a sandbox that is frozen.
    app.task('t', { concurrency: { limit: 1 } }, () => first);
    await app.sendTask('t');
    const [message] = await cloud.queues.receive('late-default', { max: 1, waitSeconds: 0 });
    const { sqsEvent } = await import('../../functions/event-source/sqs-event.ts');
    const event = sqsEvent(message ? [message] : [], {
      queueName: 'late-default',
      region: 'm',
      account: '0',
    });
    const clock = { ...clockOf(cloud), after: () => () => undefined };
    const frozen = new Tallo('late', { queues: { default: { timeLimit: 5 } } });
    frozen.task('t', { concurrency: { limit: 1 } }, () => first);
    const { queues, table, timers, chance } = cloud;
    frozen.connect({ ...cloud, queues, table, timers, chance, clock, close: async () => undefined });
    const answer = consumer(frozen, { log: silentLogger })(event as never, {} as never);
    await cloud.advance('20s');
    const row = `${leaseKey('t', undefined)}-0`;
    const until = cloud.clock.now() + 10_000;

    // Another one takes it over, and the first one ends.
    const isExpired = { unless: { attribute: 'until', atLeast: cloud.clock.now() } } as const;
    expect(await cloud.table.change(row, { set: { holder: 'other', until } }, isExpired)).toBeDefined();
    end();
    await answer;

    expect(await cloud.table.read([row])).toMatchObject([{ holder: 'other', until }]);
    await cloud.stop();
  });
});

function clockOf({ clock }: MemoryCloud) {
  return { now: () => clock.now(), sleep: (ms: number, signal?: AbortSignal) => clock.sleep(ms, signal) };
}
