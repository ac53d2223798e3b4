import { type CircuitBreakerOptions, Ignore, Tallo, type TaskOptions } from 'tallo';
import { type MemoryCloud, memoryCloud } from 'tallo/testing';
import { describe, expect, test } from 'vitest';
import { MortalWorker } from '../consumer/mortal-worker.ts';
import { type Surroundings, times, type WorldOptions, world } from './world.ts';

class Unavailable extends Error {}

/** A service that can be out of order, and notes who asked. */
class Service {
  isUp = true;
  seconds = 0.2;
  readonly calls: { at: number; retries: number; worker: number }[] = [];
  active = 0;
  most = 0;

  async ask(retries: number, { cloud, worker }: Surroundings): Promise<string> {
    this.calls.push({ at: cloud().clock.now(), retries, worker });
    this.active += 1;
    this.most = Math.max(this.most, this.active);
    await cloud().clock.sleep(this.seconds * 1_000);
    this.active -= 1;
    if (!this.isUp) throw new Unavailable('503');
    return 'answered';
  }
}

const usual: CircuitBreakerOptions = { on: [Unavailable], failures: 3, cooldown: '1m' };

function askingTask(
  app: Tallo,
  { service, options = {} }: { service: Service; options?: TaskOptions },
  around: Surroundings,
) {
  const settings = { circuitBreaker: usual, ...options, bind: true } as const;
  app.task('ask', settings, (self) => service.ask(self.request.retries, around));
}

function story(service: Service, options: TaskOptions = {}, more: WorldOptions = {}) {
  return world((app, around) => askingTask(app, { service, options }, around), { workers: 2, ...more });
}

describe('a circuit breaker', () => {
  test('opens after so many failures, lets one call try after the cooldown, and then all others', async () => {
    const service = new Service();
    service.isUp = false;
    await using it = story(service, { autoretryFor: [Unavailable], maxRetries: 1, defaultRetryDelay: '30s' });
    const start = it.cloud.clock.now();

    const results = [await it.client.sendTask('ask')];
    for (let i = 1; i < 40; i += 1) {
      await it.cloud.advance('300ms');
      results.push(await it.client.sendTask('ask'));
    }
    await it.cloud.advance('40s');
    const asked = service.calls.length;
    // Two failures were retried before the third opened it; those that had begun by then were put off as well.
    expect(asked).toBeLessThan(10);
    expect(service.calls.every(({ retries }) => retries <= 1)).toBe(true);

    await it.cloud.advance('3m');
    // Cooldowns and probes, one at a time.
    expect(service.calls.length - asked).toBeGreaterThanOrEqual(2);
    expect(service.calls.length - asked).toBeLessThanOrEqual(4);

    service.isUp = true;
    const recovery = (it.cloud.clock.now() - start) / 1_000;
    await it.cloud.untilIdle();
    for (const result of results) expect(await result.get()).toBe('answered');
    expect((it.cloud.clock.now() - start) / 1_000 - recovery).toBeLessThan(100);
    // Nobody has used up a retry but those that failed before it opened.
    expect(service.calls.filter(({ retries }) => retries > 0).length).toBeLessThanOrEqual(3);
  });

  test('costs no retries: a task that has none ends well all the same', async () => {
    const service = new Service();
    service.isUp = false;
    await using it = story(service, { maxRetries: 0, circuitBreaker: { ...usual, failures: 1 } });

    const results = await Promise.all(times(50, () => it.client.sendTask('ask')));
    await it.cloud.advance('10m');
    service.isUp = true;

    for (const result of results) expect(await result.get({ timeout: '1h' })).toBe('answered');
    expect(it.cloud.deadLetters()).toEqual([]);
  });

  test('lets one call at a time try, whichever process it is in', async () => {
    const service = new Service();
    service.isUp = false;
    await using it = story(service, {}, { workers: 4 });
    await Promise.all(times(60, () => it.client.sendTask('ask')));
    await it.cloud.advance('30s');
    const before = service.calls.length;
    const { change } = it.cloud.table.requests;
    service.most = 0;
    service.seconds = 15;

    await it.cloud.advance('5m');

    expect(service.calls.length).toBeGreaterThan(before);
    expect(new Set(service.calls.slice(before).map(({ worker }) => worker)).size).toBeGreaterThan(1);
    expect(service.most).toBe(1);
    // A call that meets a probe in its own process asks nobody.
    expect(it.cloud.table.requests.change - change).toBeLessThan(100);
  });

  test('forgets failures between which there was a success', async () => {
    const service = new Service();
    await using it = story(service, { maxRetries: 0 });

    for (let i = 0; i < 30; i += 1) {
      service.isUp = i % 3 === 2;
      await it.client.sendTask('ask');
      await it.cloud.advance('5s');
    }

    expect(service.calls).toHaveLength(30);
  });

  test('does not concern failures of another kind, nor other tasks', async () => {
    let runs = 0;
    await using it = world((app) => {
      app.task('wrong', { circuitBreaker: { ...usual, name: 'service' } }, () => {
        runs += 1;
        throw new RangeError('its own');
      });
      app.task('other', () => 'fine');
    });

    const results = await Promise.all(times(20, () => it.client.sendTask('wrong')));
    await it.cloud.untilIdle();

    expect(runs).toBe(20);
    for (const result of results) expect(await result.state()).toBe('FAILURE');
    expect(await (await it.client.sendTask('other')).get()).toBe('fine');
  });

  test('of one name is shared by tasks', async () => {
    const service = new Service();
    service.isUp = false;
    let runs = 0;
    const shared = { ...usual, name: 'service' };
    await using it = world((app, around) => {
      askingTask(app, { service, options: { circuitBreaker: shared } }, around);
      app.task('also', { circuitBreaker: shared }, () => {
        runs += 1;
      });
    });
    await Promise.all(times(5, () => it.client.sendTask('ask')));
    await it.cloud.advance('2s');

    await it.client.sendTask('also');
    await it.cloud.advance('30s');
    expect(runs).toBe(0);

    service.isUp = true;
    await it.cloud.untilIdle();
    expect(runs).toBe(1);
  });

  test('stays usable when the worker of a probe is lost', async () => {
    const service = new Service();
    service.isUp = false;
    let cloud: MemoryCloud;
    const define = () => {
      const served = new Tallo('limits');
      askingTask(served, { service }, { cloud: () => cloud, worker: 0 });
      return served;
    };
    const app = new Tallo('limits');
    const worker = new MortalWorker({ define, cloud: () => cloud });
    cloud = memoryCloud(app, { handler: worker.handler });
    const results = await Promise.all(times(10, () => app.sendTask('ask')));
    const failing = results.map((result) => result.get({ propagate: false, timeout: '1h' }));
    await cloud.advance('55s');
    const before = service.calls.length;
    service.isUp = true;
    while (service.calls.length === before) await cloud.advance('100ms');
    worker.kill();

    await cloud.untilIdle();
    await Promise.all(failing);
    await cloud.stop();

    expect(results).toHaveLength(10);
    expect(service.calls.length).toBeGreaterThan(before + 1);
  });

  test.each(['is ignored', 'is replaced'])('closes when its probe works, and %s', async (how) => {
    let [isUp, runs] = [false, 0];
    await using it = world((app) => {
      const other = app.task('other', () => undefined);
      app.task('t', { circuitBreaker: { ...usual, failures: 1 }, bind: true }, (self) => {
        if (!isUp) throw new Unavailable('503');
        runs += 1;
        if (how === 'is ignored') throw new Ignore();
        self.replace(other.si());
      });
    });
    await it.client.sendTask('t');
    await it.cloud.advance('5s');
    isUp = true;
    await it.cloud.advance('5m');
    expect(runs).toBe(1);

    await Promise.all(times(50, () => it.client.sendTask('t')));
    await it.cloud.advance('2s');

    expect(runs).toBe(51);
  });

  test('is not opened by the key of a limit that throws, which would keep its call from ending', async () => {
    await using it = world((app) => {
      const key = (address: string) => new URL(address).host;
      const options = { circuitBreaker: { on: [Error], failures: 1 }, concurrency: { limit: 1, key } };
      app.task('t', options, (address: string) => {
        if (address === 'https://down/') throw new Unavailable('503');
      });
    });
    // Also where it is the one that tries.
    for (const address of ['nowhere', 'https://down/', 'nowhere']) await it.client.sendTask('t', [address]);
    const results = await Promise.all(times(5, () => it.client.sendTask('t', ['nowhere'])));

    await it.cloud.advance('1h');

    for (const result of results) expect(await result.state()).toBe('FAILURE');
  });

  test('that cannot be told of an outcome leaves it as it is', async () => {
    const service = new Service();
    service.isUp = false;
    await using it = story(service, { maxRetries: 0 });
    it.cloud.table.change = () => Promise.reject(new Error('throttled'));

    const result = await it.client.sendTask('ask');

    await expect(result.get()).rejects.toThrow('503');
    expect(service.calls).toHaveLength(1);
  });
});

test('the row of a breaker is read once a second by each process, however many calls come, and written only for failures', async () => {
  const service = new Service();
  await using it = story(service, {}, { workers: 2 });
  const free = world((app) => void app.task('ask', () => 'answered'), { workers: 2 });
  for (const { client, cloud } of [it, free]) {
    await Promise.all(times(1_000, () => client.sendTask('ask')));
    await cloud.untilIdle();
  }

  const { read, change } = it.cloud.table.requests;
  const seconds =
    Math.ceil((service.calls.at(-1)?.at ?? 0) / 1_000 - (service.calls[0]?.at ?? 0) / 1_000) + 1;
  expect(read).toBeLessThanOrEqual(2 * seconds + free.cloud.table.requests.read);
  expect(change).toBe(0);
  await free.client.close();
});
