import { EncodeError, Ignore, Reject, Retry, SoftTimeLimitExceeded, Tallo, TaskRevokedError } from 'tallo';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';

describe('taskAlwaysEager', () => {
  test('runs a task where it is called, without any cloud', async () => {
    const app = new Tallo('eager', { taskAlwaysEager: true });
    const add = app.task('math.add', { bind: true }, (self, x: number, y: number) => [
      x + y,
      self.request.isEager,
    ]);

    const result = await add.delay(2, 3);

    expect(await result.get()).toEqual([5, true]);
    expect(await Promise.all([result.state(), result.ready(), result.name()])).toEqual([
      'SUCCESS',
      true,
      'math.add',
    ]);
  });

  test('sends arguments and results through their wire form', async () => {
    const app = new Tallo('eager', { taskAlwaysEager: true });
    const date = z.codec(z.iso.datetime(), z.date(), {
      decode: (text) => new Date(text),
      encode: (value) => value.toISOString(),
    });
    const task = app.task('t', { args: z.tuple([date]) }, (at) => ({ at, nothing: undefined }));
    const plain = app.task('plain', (_value: unknown) => 1);
    const echo = app.task('echo', (value: unknown) => value);

    expect(await (await task.delay(new Date(0))).get()).toEqual({ at: new Date(0) });
    // JSON knows no minus zero.
    expect(await (await echo.delay(-0)).get()).toBe(0);
    await expect(plain.delay(() => 1)).rejects.toThrow(EncodeError);
  });

  test('retries at once, as often as the task may', async () => {
    const app = new Tallo('eager', { taskAlwaysEager: true });
    const runs: number[] = [];
    const task = app.task(
      't',
      { autoretryFor: [Error], maxRetries: 2, retryBackoff: true, bind: true },
      (self) => {
        runs.push(self.request.retries);
        throw new RangeError('no');
      },
    );

    const result = await task.delay();

    expect(runs).toEqual([0, 1, 2]);
    expect(await result.state()).toBe('FAILURE');
    await expect(result.get()).rejects.toThrow(RangeError);
  });

  test('lets delay reject with the error of the task if taskEagerPropagates', async () => {
    const app = new Tallo('eager', { taskAlwaysEager: true, taskEagerPropagates: true });
    const task = app.task('t', () => {
      throw new RangeError('no');
    });

    await expect(task.delay()).rejects.toThrow(RangeError);
  });

  test('ends when a task wants to be put back: there is no queue', async () => {
    const app = new Tallo('eager', { taskAlwaysEager: true });
    let runs = 0;
    const task = app.task('t', () => {
      runs += 1;
      throw new Reject('later', { requeue: true });
    });

    const result = await task.delay();

    expect([runs, await result.state()]).toEqual([1, 'PENDING']);
  });

  test('tells of errors although the result is ignored, and obeys the limits of the call', async () => {
    const app = new Tallo('eager', { taskAlwaysEager: true, taskEagerPropagates: true });
    const fails = app.task('fails', { ignoreResult: true }, () => {
      throw new RangeError('no');
    });
    const waits = app.task(
      'waits',
      { bind: true },
      (self) =>
        new Promise((_, reject) => {
          self.signal.addEventListener('abort', () => reject(self.signal.reason));
        }),
    );

    await expect(fails.delay()).rejects.toThrow(RangeError);
    await expect(waits.applyAsync([], { softTimeLimit: 0.01 })).rejects.toThrow(SoftTimeLimitExceeded);
  });

  test('records what a task starts as its children', async () => {
    const app = new Tallo('eager', { taskAlwaysEager: true });
    const child = app.task('child', () => 1);
    const parent = app.task('parent', async () => (await child.delay()).id);

    const result = await parent.delay();

    expect((await result.children()).map(({ id }) => id)).toEqual([await result.get()]);
  });

  test('knows the ends of what a task starts, which may ask for them', async () => {
    const app = new Tallo('eager', { taskAlwaysEager: true });
    const child = app.task('child', (x: number) => x + 1);
    const parent = app.task('parent', async () => [
      await (await child.delay(1)).get(),
      (await child.delay(2)).id,
    ]);

    const result = await parent.delay();

    expect(await Promise.all((await result.children()).map((one) => one.get()))).toEqual([2, 3]);
    await result.forget();
    expect(await result.state()).toBe('PENDING');
  });

  test('runs what a task puts in its own place', async () => {
    const app = new Tallo('eager', { taskAlwaysEager: true, taskEagerPropagates: true });
    const half = app.task('half', { bind: true }, (self, x: number): string =>
      x < 1 ? self.request.id : self.replace(app.signature('half', [x / 2])),
    );

    const result = await half.delay(10);

    expect(await result.get()).toBe(result.id);
  });

  test('knows what has expired', async () => {
    const app = new Tallo('eager', { taskAlwaysEager: true });

    const result = await app.task('t', () => 1).applyAsync([], { expires: new Date(0) });

    await expect(result.get()).rejects.toThrow(TaskRevokedError);
  });

  test('lets a task use its log and tell how far it has come, which nobody hears', async () => {
    const app = new Tallo('eager', { taskAlwaysEager: true });
    const task = app.task('t', { bind: true }, async (self) => {
      self.log.info('half way');
      await self.updateState('PROGRESS', 0.5);
      return 'done';
    });

    expect(await (await task.delay()).get()).toBe('done');
  });

  test('gives each attempt as if it were delivered for the first time', async () => {
    const app = new Tallo('eager', { taskAlwaysEager: true });
    const seen: unknown[] = [];
    const task = app.task('t', { bind: true }, ({ request, retry }) => {
      const { id, retries, receives, deliveryInfo, isEager, calledDirectly } = request;
      seen.push({ id, retries, receives, deliveryInfo, isEager, calledDirectly });
      if (retries === 0) retry({ countdown: '1h' });
    });

    const { id } = await task.delay();

    const usual = { id, receives: 1, isEager: true, calledDirectly: false };
    const deliveryInfo = { routingKey: 'default', priority: 5, redelivered: false, messageId: id };
    expect(seen).toEqual([
      { ...usual, deliveryInfo, retries: 0 },
      { ...usual, deliveryInfo, retries: 1 },
    ]);
  });

  test('leaves no state of a task that throws Ignore', async () => {
    const app = new Tallo('eager', { taskAlwaysEager: true });
    const task = app.task('t', () => {
      throw new Ignore();
    });

    const result = await task.delay();

    expect(await result.state()).toBe('PENDING');
    expect(await result.get()).toBeNull();
  });

  test('keeps the errors that a task without results wants kept', async () => {
    const app = new Tallo('eager', { taskAlwaysEager: true });
    const task = app.task('t', { ignoreResult: true, storeErrorsEvenIfIgnored: true }, () => {
      throw new RangeError('no');
    });

    expect(await (await task.delay()).state()).toBe('FAILURE');
  });
});

describe('a task that is called as a function', () => {
  test('runs here, with a self of its own if it is bound', () => {
    const app = new Tallo('direct');
    const add = app.task('add', (x: number, y: number) => x + y);
    const bound = app.task('bound', { bind: true }, (self, x: number) => [
      self.request.calledDirectly,
      self.name,
      x,
    ]);

    expect(add(2, 3)).toBe(5);
    expect(bound(7)).toEqual([true, 'bound', 7]);
    expect(add.name).toBe('add');
  });

  test('finds in self what there is of a call without a message', async () => {
    const app = new Tallo('direct');
    let id = '';
    const bound = app.task('bound', { bind: true }, async (self) => {
      id = self.request.id;
      self.signal.throwIfAborted();
      self.log.info('nobody hears this');
      await self.updateState('PROGRESS', 0.5);
      return self.request;
    });

    expect(await bound()).toEqual({
      id,
      rootId: id,
      parentId: null,
      group: null,
      groupIndex: null,
      args: [],
      kwargs: {},
      retries: 0,
      receives: 0,
      eta: null,
      expires: null,
      timeLimit: null,
      softTimeLimit: null,
      deliveryInfo: { routingKey: 'default', priority: 5, redelivered: false, messageId: '' },
      headers: {},
      correlationId: id,
      stamps: {},
      stampedHeaders: [],
      replacedTaskNesting: 0,
      ignoreResult: true,
      isEager: false,
      calledDirectly: true,
    });
  });

  test('gets the reason of a retry, or Retry itself', () => {
    const app = new Tallo('direct');
    const withReason = app.task('a', { bind: true }, (self) => self.retry({ exc: new RangeError('why') }));
    const without = app.task('b', { bind: true }, (self) => self.retry());

    expect(() => withReason()).toThrow(RangeError);
    expect(() => without()).toThrow(Retry);
  });
});
