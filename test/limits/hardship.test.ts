import { Tallo, type TaskOptions } from 'tallo';
import { type MemoryCloud, memoryCloud } from 'tallo/testing';
import { describe, expect, test } from 'vitest';
import { MortalWorker } from '../consumer/mortal-worker.ts';
import { mostStarts, times, world } from './world.ts';

const limits = {
  rateLimit: '5/s',
  concurrency: { limit: 2 },
  circuitBreaker: { on: [RangeError], failures: 2, cooldown: '10s' },
  dedupe: true,
} satisfies TaskOptions;

/** A few calls of a task that fails at first, under all limits at once, by workers that die at these requests. */
async function story(deaths: readonly { atRequest: number; isCarriedOut: boolean }[]) {
  const starts: number[] = [];
  let [active, most] = [0, 0];
  const define = () => {
    const app = new Tallo('hard', { queues: { default: { timeLimit: 5 } } });
    app.task('t', { ...limits, maxRetries: 0 }, async () => {
      starts.push(cloud.clock.now());
      active += 1;
      most = Math.max(most, active);
      await cloud.clock.sleep(100);
      active -= 1;
      if (starts.length <= 3) throw new RangeError('not yet');
      return 'done';
    });
    return app;
  };
  const client = define();
  const worker = new MortalWorker({ define, cloud: () => cloud, deaths });
  const cloud: MemoryCloud = memoryCloud(client, { handler: worker.handler, patience: '5ms' });
  const results = await Promise.all(times(6, () => client.sendTask('t')));
  await cloud.untilIdle();
  const states = await Promise.all(results.map((result) => result.state()));
  await cloud.stop();
  return { states, most, perSecond: mostStarts(starts, 1_000), requests: worker.requests };
}

test('under all limits at once, calls end and keep to them whenever a worker dies', async () => {
  const usual = await story([]);
  // The first failure of two is a failure; from the second one on calls wait for the service.
  expect(usual.states.toSorted()).toEqual(['FAILURE', ...times(5, () => 'SUCCESS')]);

  for (let atRequest = 0; atRequest < usual.requests; atRequest += 1) {
    for (const isCarriedOut of [false, true]) {
      const { states, most, perSecond } = await story([{ atRequest, isCarriedOut }]);
      const where = `death at request ${atRequest}, carried out: ${isCarriedOut}`;
      expect(states.filter((state) => state === 'SUCCESS').length, where).toBeGreaterThanOrEqual(4);
      expect(
        states.every((state) => state === 'SUCCESS' || state === 'FAILURE'),
        where,
      ).toBe(true);
      expect(most, where).toBeLessThanOrEqual(2);
      expect(perSecond, where).toBeLessThanOrEqual(6);
    }
  }
}, 60_000);

describe('a table that is throttled', () => {
  test.each<[string, TaskOptions]>([
    ['rateLimit', { rateLimit: '100/s' }],
    ['concurrency', { concurrency: { limit: 1 } }],
    ['circuitBreaker', { circuitBreaker: { on: [Error] } }],
    ['dedupe', { dedupe: true }],
    ['all of them', limits],
  ])('delays a task with %s and does no more', async (_what, options) => {
    let runs = 0;
    await using it = world((app) => {
      app.task('t', options as TaskOptions & { bind?: false }, () => {
        runs += 1;
      });
    });
    const { change, read } = it.cloud.table;
    let outages = 20;
    it.cloud.table.change = (...parameters) =>
      outages-- > 0 ? Promise.reject(new Error('throttled')) : change.apply(it.cloud.table, parameters);
    it.cloud.table.read = (...parameters) =>
      outages-- > 0 ? Promise.reject(new Error('throttled')) : read.apply(it.cloud.table, parameters);

    const results = await Promise.all(times(8, () => it.client.sendTask('t')));
    await it.cloud.untilIdle();
    await Promise.all(results.map((result) => result.get({ timeout: '1h' })));

    expect(runs).toBe(8);
    expect(it.cloud.deadLetters()).toEqual([]);
  });
});

test('a table that fails at the last limit leaves nothing taken from the limits before it', async () => {
  const starts: number[] = [];
  const options = { ...limits, concurrency: { limit: 1 } };
  await using it = world(
    (app, { cloud }) => void app.task('t', options, () => void starts.push(cloud().clock.now())),
  );
  const { change } = it.cloud.table;
  let outages = 3;
  it.cloud.table.change = (id, ...others) =>
    id.startsWith('rate-') && outages-- > 0
      ? Promise.reject(new Error('throttled'))
      : change.call(it.cloud.table, id, ...others);
  for (let i = 0; i < 3; i += 1) {
    await it.client.sendTask('t');
    await it.cloud.advance('100ms');
  }
  expect(starts).toEqual([]);

  const began = it.cloud.clock.now();
  await it.client.sendTask('t');
  await it.cloud.advance('1s');
  expect(starts).toEqual([began]);

  await it.cloud.untilIdle();
  expect(starts).toHaveLength(4);
});

test('slots of a worker that is lost after reserving them are lost, and nothing else', async () => {
  const starts: number[] = [];
  const define = () => {
    const app = new Tallo('slots');
    app.task('t', { rateLimit: '10/s' }, () => void starts.push(cloud.clock.now()));
    return app;
  };
  const client = define();
  const worker = new MortalWorker({
    define,
    cloud: () => cloud,
    deaths: [
      { atRequest: 0, isCarriedOut: true },
      { atRequest: 3, isCarriedOut: true },
    ],
  });
  const cloud: MemoryCloud = memoryCloud(client, { handler: worker.handler, patience: '5ms' });

  await Promise.all(times(100, () => client.sendTask('t')));
  await cloud.untilIdle();
  await cloud.stop();

  expect(starts).toHaveLength(100);
  expect(mostStarts(starts, 1_000)).toBeLessThanOrEqual(12);
});

test('what is without limits makes no request for them, and its messages bear no marks', async () => {
  const bodies: string[] = [];
  await using it = world((app) => void app.task('t', () => undefined));
  const { send } = it.cloud.queues;
  it.cloud.queues.send = (name, messages) => {
    bodies.push(...messages.map(({ body }) => body));
    return send.call(it.cloud.queues, name, messages);
  };

  await Promise.all(times(50, () => it.client.sendTask('t')));
  await it.cloud.untilIdle();

  const { change, put } = it.cloud.table.requests;
  expect([change, put]).toEqual([0, 0]);
  expect(it.cloud.queues.requests.send).toBe(5);
  expect(bodies.every((body) => !('tallo' in JSON.parse(body).headers))).toBe(true);
});
