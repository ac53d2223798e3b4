import { ArgumentsError, silentLogger, TaskError } from 'tallo';
import { consumer } from 'tallo/functions';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { fixture } from './fixture-tasks.ts';
import { type Anything, outcomeOf, times, world } from './world.ts';

// The numbers are the lines of the list of what real Celery gives.

const hour = { timeout: '1h' } as const;

describe('a task', () => {
  test('181: gives its value, and says that it did', async () => {
    await using it = world();

    for (const i of times(10, (n) => n)) {
      const results = [await it.add.delay(i, i), await it.add.delay(i, i, i)];

      expect(await Promise.all(results.map((result) => result.get(hour)))).toEqual([2 * i, 3 * i]);
      expect(await Promise.all(results.map((result) => result.state()))).toEqual(['SUCCESS', 'SUCCESS']);
      expect(await Promise.all(results.map((result) => result.ready()))).toEqual([true, true]);
      expect(await Promise.all(results.map((result) => result.successful()))).toEqual([true, true]);
    }
  });

  test('182: gives nothing if its result is to be ignored', async () => {
    await using it = world();

    const result = await it.add.applyAsync([1, 2], { ignoreResult: true });

    expect(await result.get(hour)).toBeNull();
    await it.cloud.untilIdle();
    expect(await result.result()).toBeNull();
  });

  test('185: takes and gives what its schemas say', async () => {
    await using it = world();
    const args = z.tuple([z.object({ x: z.int(), y: z.int() })]);
    const result = z.object({ result: z.int() });
    const add = it.app.task('add_model', { args, result }, ({ x, y }) => ({ result: x + y }));

    for (const i of times(10, (n) => n)) {
      expect(await outcomeOf(add.s({ x: i, y: i }))).toEqual({ result: 2 * i });
    }
  });

  test('194: refuses wrong arguments before anything is sent; without a schema too few, which end it', async () => {
    await using it = world({ handler: false });
    const checked = it.app.task('checked', { args: z.tuple([z.int(), z.int()]) }, (x, y) => x + y);
    const untyped: Anything = checked;
    const lacking: Anything = it.add;

    await expect(untyped.delay(5)).rejects.toThrow(ArgumentsError);
    await expect(untyped.delay(5, 5, 5)).rejects.toThrow(ArgumentsError);
    await expect(untyped.delay(5, 'five')).rejects.toThrow(ArgumentsError);
    await expect(lacking.delay(5)).rejects.toThrow(ArgumentsError);
    expect(it.cloud.queues.named('conformance-default').size).toBe(0);
  });

  test('194: that its caller does not know fails with a TypeError for wrong arguments', async () => {
    const worker = fixture().app;
    worker.task('elsewhere', (x: number, y: number) => x + y);
    await using it = world({ handler: consumer(worker, { log: silentLogger }) });
    worker.connect(it.cloud);

    const result = await it.app.sendTask('elsewhere', [5]);

    await expect(result.get(hour)).rejects.toThrow(TypeError);
    expect(await result.state()).toBe('FAILURE');
  });

  test('200: prints what no alphabet of Europe has', async () => {
    await using it = world();
    const text = '日本語 ñandú 😀 \u0000';
    const task = it.app.task('unicode', () => void it.messages.push(text));

    const results = await Promise.all(times(5, () => task.delay()));

    await Promise.all(results.map((result) => result.get(hour)));
    expect(it.messages).toEqual(times(5, () => text));
  });
});

describe('a task that is retried', () => {
  test('179: because of its error gives the number of its retries', async () => {
    await using it = world();
    const options = { bind: true, autoretryFor: [RangeError], maxRetries: 1, retryBackoff: true } as const;
    const task = it.app.task('class_based', options, (self) => {
      if (self.request.retries === 0) throw new RangeError('not yet');
      return self.request.retries;
    });

    expect(await outcomeOf(task.s())).toBe(1);
  });

  test.each([{}, { expires: '1m' }] as const)('197: once, with the options %o, says so', async (options) => {
    await using it = world();

    const result = await it.retryOnce.applyAsync([], options);

    expect(await result.get(hour)).toBe(1);
  });

  test('199: keeps the headers of its call', async () => {
    await using it = world();
    const task = it.app.task(
      'headers',
      { bind: true, maxRetries: 1 },
      (self): Anything => (self.request.retries > 0 ? self.request.headers : self.retry({ countdown: 0.1 })),
    );

    const result = await task.applyAsync([], { headers: { 'x-test-header': 'test-value' } });

    expect(await result.get(hour)).toMatchObject({ 'x-test-header': 'test-value' });
  });

  test.each([
    ['RETRY', true],
    ['FAILURE', false],
  ])('196: or fails with an error that JSON cannot hold, in state %s tells of it', async (state, retries) => {
    await using it = world();
    const error = new TaskError('Unpicklable', ['bar', Object.assign(() => 1, { foo: 1n })] as Anything);
    const task = it.app.task('unserialisable', { bind: true }, (self): Anything => {
      if (retries) self.retry({ exc: error, countdown: '1h' });
      throw error;
    });

    const result = await task.delay();
    await it.cloud.advance('1s');

    expect(await result.state()).toBe(state);
    expect(await result.info()).toMatchObject({
      name: 'Unpicklable',
      message: expect.stringContaining('bar'),
    });
  });
});
