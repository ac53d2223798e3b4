import { Interrupted, type QueueOptions, Tallo, type TaskOptions } from 'tallo';
import { type MemoryCloud, memoryCloud } from 'tallo/testing';
import { describe, expect, test, vi } from 'vitest';

const minutes = 60_000;
const hours = 60 * minutes;

/** An app whose tasks take as long as they are told, and tell which run of theirs it was. */
function longApp(queue: QueueOptions = {}, options: Pick<TaskOptions, 'dedupe'> = {}) {
  const app = new Tallo('studio', {
    queues: { default: { runOn: 'fargate', timeLimit: '11h', concurrency: 1, ...queue } },
  });
  let cloud: MemoryCloud | undefined;
  const runs: number[] = [];
  const reasons: unknown[] = [];
  const wait = app.task('wait', { bind: true, ...options }, async (self, ...lengths: number[]) => {
    const run = runs.length;
    runs.push(cloud?.clock.now() ?? 0);
    self.signal.addEventListener('abort', () => reasons.push(self.signal.reason));
    await cloud?.clock.sleep(lengths[run] ?? lengths[0] ?? 0, self.signal);
    return run;
  });
  const connect = () => {
    cloud = memoryCloud(app, { reorder: false });
    return cloud;
  };
  return { app, wait, runs, reasons, connect };
}

describe('a task keeps its message hidden', () => {
  test.each([
    // The end of the run comes before the renewal that is due at the same moment, or after it.
    [30 * minutes - 1_000, 44],
    [30 * minutes + 1_000, 45],
    [11 * hours - 1_000, 989],
  ])('for %d ms, with %d renewals', async (length, renewals) => {
    const { wait, runs, connect } = longApp();
    await using cloud = connect();
    const start = cloud.clock.now();

    const result = await wait.delay(length);
    await cloud.untilIdle();

    expect(await result.get()).toBe(0);
    expect(runs).toEqual([start]);
    expect(cloud.clock.now()).toBe(start + length);
    expect(cloud.queues.requests.delay).toBe(renewals);
    expect(cloud.queues.messages.delay).toBe(renewals);
    expect(cloud.deadLetters()).toEqual([]);
  });

  test('every third of the visibility timeout of its queue', async () => {
    const { wait, connect } = longApp({ visibilityTimeout: '15m' });
    await using cloud = connect();

    await wait.delay(2 * hours - 1_000);
    await cloud.untilIdle();

    expect(cloud.queues.requests.delay).toBe(23);
  });

  test('together with the others of its process: ten per request', async () => {
    const { wait, runs, connect } = longApp({ batchSize: 25 });
    await using cloud = connect();

    await Promise.all(Array.from({ length: 25 }, () => wait.delay(30 * minutes - 1_000)));
    await cloud.untilIdle();

    expect(runs).toHaveLength(25);
    expect(cloud.queues.requests.delay).toBe(3 * 44);
    expect(cloud.queues.messages.delay).toBe(25 * 44);
  });

  test('and an idle process renews nothing', async () => {
    const { wait, connect } = longApp();
    await using cloud = connect();

    await wait.delay(10);
    await cloud.untilIdle();
    await cloud.advance('1h');

    expect(cloud.queues.requests.delay).toBe(0);
  });
});

describe('when renewals fail', () => {
  test('twice, the message is kept all the same', async () => {
    const { wait, runs, connect } = longApp();
    await using cloud = connect();
    const start = cloud.clock.now();
    const attempts: number[] = [];
    const delay = cloud.queues.delay.bind(cloud.queues);
    vi.spyOn(cloud.queues, 'delay').mockImplementation(async (...args) => {
      attempts.push(cloud.clock.now() - start);
      if (attempts.length <= 2) throw new Error('connect ECONNREFUSED');
      return delay(...args);
    });

    const result = await wait.delay(5 * minutes);
    await cloud.untilIdle();

    expect(await result.get()).toBe(0);
    expect(runs).toHaveLength(1);
    expect(attempts.slice(0, 5)).toEqual([40_000, 45_000, 50_000, 90_000, 130_000]);
  });

  test('for good, the message comes again, and the first result stays', async () => {
    const { app, wait, runs, reasons, connect } = longApp({ batchSize: 2 });
    await using cloud = connect();
    const start = cloud.clock.now();
    vi.spyOn(cloud.queues, 'delay').mockRejectedValue(new Error('connect ECONNREFUSED'));

    const result = await wait.delay(10 * minutes, 1 * minutes);
    await cloud.advance('3m');
    const early = await app.AsyncResult(result.id).meta();
    await cloud.untilIdle();
    const late = await app.AsyncResult(result.id).meta();

    expect(runs).toEqual([start, start + 2 * minutes]);
    expect(early).toMatchObject({ state: 'SUCCESS', result: 1 });
    expect(cloud.clock.now()).toBe(start + 10 * minutes);
    expect(late).toEqual(early);
    expect(reasons).toEqual([]);
  });

  test('too long, the run that lost its message to another one is interrupted, and stores nothing', async () => {
    const { wait, runs, reasons, connect } = longApp({ batchSize: 2 });
    await using cloud = connect();
    const start = cloud.clock.now();
    const delay = cloud.queues.delay.bind(cloud.queues);
    vi.spyOn(cloud.queues, 'delay').mockImplementation(async (...args) => {
      if (cloud.clock.now() - start <= 3 * minutes) throw new Error('connect ECONNREFUSED');
      return delay(...args);
    });

    const result = await wait.delay(1 * hours, 2 * hours);
    const value = await result.get();

    expect(runs).toEqual([start, start + 2 * minutes]);
    expect(reasons).toEqual([expect.any(Interrupted)]);
    expect(value).toBe(1);
    expect(cloud.clock.now()).toBeGreaterThanOrEqual(start + 2 * hours);
    expect(await result.meta()).toMatchObject({ state: 'SUCCESS', retries: 0 });
  });
});

test('a claimed run that lost its message is begun anew within a quarter of an hour, not when its time limit is over', async () => {
  const { wait, runs, reasons, connect } = longApp({ batchSize: 2 }, { dedupe: true });
  await using cloud = connect();
  const start = cloud.clock.now();
  const delay = cloud.queues.delay.bind(cloud.queues);
  vi.spyOn(cloud.queues, 'delay').mockImplementation(async (...args) => {
    if (cloud.clock.now() - start <= 3 * minutes) throw new Error('connect ECONNREFUSED');
    return delay(...args);
  });

  const result = await wait.delay(1 * hours, 2 * hours);
  const value = await result.get();

  expect(value).toBe(1);
  expect(reasons).toEqual([expect.any(Interrupted)]);
  expect(runs).toHaveLength(2);
  expect((runs[1] ?? 0) - start).toBeLessThan(20 * minutes);
});

test('a message that was deleted meanwhile interrupts its run', async () => {
  const { wait, reasons, connect } = longApp();
  await using cloud = connect();
  const take = vi.spyOn(cloud.queues.named('studio-default'), 'take');

  const result = await wait.delay(1 * hours);
  await cloud.advance('10m');
  for (const { handle } of take.mock.results.flatMap(({ value }) => value))
    cloud.queues.named('studio-default').delete(handle);
  await cloud.untilIdle();

  expect(reasons).toEqual([expect.any(Interrupted)]);
  expect(await result.state()).toBe('PENDING');
});
