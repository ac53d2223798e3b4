import { readFile } from 'node:fs/promises';
import {
  ConfigurationError,
  DecodeError,
  EncodeError,
  Ignore,
  jsonLogger,
  MaxRetriesExceededError,
  NotRegistered,
  PayloadTooLargeError,
  Reject,
  SoftTimeLimitExceeded,
  Tallo,
  TaskError,
  TaskRevokedError,
  TimeLimitExceeded,
  WaitInsideTaskError,
  WorkerLostError,
} from 'tallo';
import { memoryCloud } from 'tallo/testing';
import { describe, expect, test } from 'vitest';

describe('a task that fails', () => {
  test('rethrows in get an error of the same class and message, with the remote traceback', async () => {
    class CardDeclined extends Error {}
    const app = new Tallo('endings');
    await using _cloud = memoryCloud(app);
    const builtIn = app.task('builtIn', () => JSON.parse('{'));
    const own = app.task('own', () => {
      throw new CardDeclined('no funds', { cause: new Error('limit 100') });
    });
    const results = [await builtIn.delay(), await own.delay()] as const;

    await expect(results[0].get()).rejects.toThrow(SyntaxError);
    await expect(results[1].get()).rejects.toThrow(TaskError);
    await expect(results[1].get()).rejects.toMatchObject({
      name: 'CardDeclined',
      message: 'no funds',
      code: 'TASK_FAILED',
    });
    expect(await results[1].traceback()).toMatch(/^CardDeclined: no funds/);
    expect(await results[1].traceback()).toContain('Caused by: Error: limit 100');
    expect(await results[1].failed()).toBe(true);
    expect(await results[1].get({ propagate: false })).toMatchObject({ message: 'no funds' });
  });

  test.each([
    DecodeError,
    EncodeError,
    MaxRetriesExceededError,
    NotRegistered,
    SoftTimeLimitExceeded,
    TaskRevokedError,
    TimeLimitExceeded,
    WorkerLostError,
    Error,
    TypeError,
    RangeError,
    SyntaxError,
    ReferenceError,
    URIError,
    EvalError,
  ])('rethrows %o as what it was', async (ErrorClass) => {
    const app = new Tallo('endings');
    await using _cloud = memoryCloud(app);
    const task = app.task('t', () => {
      throw new ErrorClass('why');
    });

    const error = await (await task.delay()).get({ propagate: false });

    expect(error).toBeInstanceOf(ErrorClass);
    expect(error).toMatchObject({ name: ErrorClass.name, message: 'why' });
  });

  test('may throw anything', async () => {
    const app = new Tallo('endings');
    await using _cloud = memoryCloud(app);
    const task = app.task('t', () => {
      // biome-ignore lint/style/useThrowOnlyError: JavaScript lets a task do so
      throw 'a text';
    });

    await expect((await task.delay()).get()).rejects.toThrow('a text');
  });

  test.each([
    ['null', () => null, 'null'],
    ['nothing', () => undefined, 'undefined'],
    ['an object without prototype', () => Object.create(null), '{}'],
    [
      'an error that is its own cause',
      () =>
        Object.assign(new Error('circle'), {
          get cause() {
            return this;
          },
        }),
      'circle',
    ],
    [
      'an error whose message throws',
      () =>
        Object.defineProperty(new Error(), 'message', {
          get() {
            throw new Error('no');
          },
        }),
      '',
    ],
    ['an error whose stack is a number', () => Object.assign(new Error('odd'), { stack: 7 }), 'odd'],
    [
      'an object whose toString throws',
      () => ({
        toString() {
          throw new Error('no');
        },
      }),
      'toString',
    ],
    [
      'a proxy that refuses everything',
      () =>
        new Proxy(
          {},
          {
            get() {
              throw new Error('no');
            },
          },
        ),
      '',
    ],
  ])('may throw %s', async (_what, thrown, text) => {
    const app = new Tallo('endings');
    const lines: string[] = [];
    await using cloud = memoryCloud(app, {
      log: jsonLogger({ level: 'debug', write: (line) => lines.push(line) }),
    });
    let runs = 0;
    const task = app.task('t', () => {
      runs += 1;
      throw thrown();
    });

    const result = await task.delay();
    const error = await result.get({ propagate: false });

    expect(error).toBeInstanceOf(Error);
    expect(String(error)).toContain(text);
    expect(await result.state()).toBe('FAILURE');
    expect(runs).toBe(1);
    expect(cloud.deadLetters()).toEqual([]);
    expect(lines).toHaveLength(1);
  });

  test('is not harmed by what it logs', async () => {
    const app = new Tallo('endings');
    const lines: string[] = [];
    await using _cloud = memoryCloud(app, { log: jsonLogger({ write: (line) => lines.push(line) }) });
    const task = app.task('t', { bind: true }, (self) => {
      const circle: Record<string, unknown> = { big: 1n };
      circle.self = circle;
      self.log.info('hello', { circle });
      return 'fine';
    });

    expect(await (await task.delay()).get()).toBe('fine');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      message: 'hello',
      fields: expect.stringContaining('Circular'),
    });
  });

  test('keeps its own error however long that is', async () => {
    const app = new Tallo('endings');
    await using _cloud = memoryCloud(app);
    const task = app.task('t', () => {
      throw new RangeError('y'.repeat(2_000_000));
    });

    const error = await (await task.delay()).get({ propagate: false });

    expect(error).toBeInstanceOf(RangeError);
    expect(String(error).length).toBeLessThan(10_000);
  });

  test('of our own family arrives as what it is', async () => {
    const app = new Tallo('endings', { taskDefaults: { maxRetries: 0 } });
    await using _cloud = memoryCloud(app);
    const inner = app.task('inner', () => 'x'.repeat(500_000));
    const reject = app.task('reject', () => {
      throw new Reject('no use');
    });
    const waits = app.task('waits', async () => (await inner.delay()).get());
    const misuses = app.task('misuses', () => void new Tallo('not a name'));
    const errorOf = async (result: { get(options: { propagate: false }): Promise<unknown> }) =>
      result.get({ propagate: false });

    const tooLarge = await errorOf(await inner.delay());

    expect(tooLarge).toBeInstanceOf(PayloadTooLargeError);
    expect(tooLarge).toMatchObject({ size: expect.any(Number), limit: 400_000, code: 'PAYLOAD_TOO_LARGE' });
    expect(await errorOf(await reject.delay())).toBeInstanceOf(Reject);
    expect(await errorOf(await waits.delay())).toBeInstanceOf(WaitInsideTaskError);
    expect(await errorOf(await misuses.delay())).toBeInstanceOf(ConfigurationError);
  });

  test.each([
    ['a text', "'a text'"],
    [null, 'null'],
    [7, '7'],
  ])('tells in its traceback that %j was thrown', async (thrown, text) => {
    const app = new Tallo('endings');
    await using _cloud = memoryCloud(app);
    const task = app.task('t', () => {
      throw thrown;
    });

    const result = await task.delay();
    await result.get({ propagate: false });

    expect(await result.traceback()).toBe(`${text} was thrown`);
  });

  test('does not fail for a result of exactly the limit, in bytes of UTF-8', async () => {
    const app = new Tallo('endings');
    await using cloud = memoryCloud(app);
    const task = app.task('t', (text: string) => text);
    const taskId = crypto.randomUUID();
    await (await task.applyAsync([''], { taskId })).get();
    const [row] = cloud.table.rows();
    const room = 400_000 - new TextDecoder().decode(row?.result as Uint8Array).length;

    const full = await task.applyAsync([`${'ñ'.repeat(100_000)}${'x'.repeat(room - 200_000)}`], { taskId });
    await cloud.untilIdle();
    const overfull = await task.delay(`${'ñ'.repeat(100_000)}${'x'.repeat(room - 200_000 + 1)}`);

    expect(await full.get()).toHaveLength(room - 100_000);
    await expect(overfull.get()).rejects.toThrow(/at most 400000 bytes, got 400001/);
  });

  test('fails too when nobody can store what it returns', async () => {
    const app = new Tallo('endings');
    await using cloud = memoryCloud(app);
    const unserialisable = app.task('fn', () => () => 1);
    const huge = app.task('huge', () => 'x'.repeat(400_001));

    await expect((await unserialisable.delay()).get()).rejects.toThrow(EncodeError);
    await expect((await huge.delay()).get()).rejects.toMatchObject({ name: 'PayloadTooLargeError' });
    await expect((await huge.delay()).get()).rejects.toThrow(/at most 400000 bytes, got 400\d{3}/);
    expect(cloud.deadLetters()).toEqual([]);
    expect(new PayloadTooLargeError('x', { size: 2, limit: 1 }).code).toBe('PAYLOAD_TOO_LARGE');
  });
});

describe('a task that throws', () => {
  test('Reject goes to the dead-letter queue with its reason, and its result says so', async () => {
    const app = new Tallo('endings');
    await using cloud = memoryCloud(app);
    const task = app.task('orders.ship', { maxRetries: 9 }, () => {
      throw new Reject('order 7 does not exist');
    });

    const result = await task.delay();

    await expect(result.get()).rejects.toThrow('order 7 does not exist');
    const [letter] = cloud.deadLetters();
    expect(letter?.attributes).toEqual({
      'tallo-reason': 'rejected',
      'tallo-error': 'Reject: order 7 does not exist',
      'tallo-attempt': '0',
      'tallo-task': 'orders.ship',
      'tallo-task-id': result.id,
      'tallo-time': expect.stringMatching(/^2026-01-01T00:00:0/),
    });
    expect(JSON.parse(letter?.body ?? '').headers).toMatchObject({ task: 'orders.ship', id: result.id });
  });

  test('Reject with requeue is put back and knows it', async () => {
    const app = new Tallo('endings');
    await using cloud = memoryCloud(app);
    const task = app.task('t', { bind: true }, (self) => {
      if (!self.request.deliveryInfo.redelivered) throw new Reject('not now', { requeue: true });
      return ['second pass', self.request.retries];
    });

    const result = await task.delay();

    expect(await result.get()).toEqual(['second pass', 0]);
    expect(cloud.deadLetters()).toEqual([]);
  });

  test('Ignore leaves no state', async () => {
    const app = new Tallo('endings');
    await using cloud = memoryCloud(app);
    const task = app.task('t', () => {
      throw new Ignore();
    });

    const result = await task.delay();
    await cloud.untilIdle();

    expect(await result.state()).toBe('PENDING');
    expect(cloud.table.rows()).toEqual([]);
  });
});

describe('time limits', () => {
  test('the soft one aborts the signal, and a task may tidy up', async () => {
    const app = new Tallo('endings');
    await using cloud = memoryCloud(app);
    const task = app.task('t', { bind: true, softTimeLimit: '5s', timeLimit: '20s' }, async (self) => {
      await cloud.clock.sleep(60_000, self.signal).catch(() => undefined);
      return [self.signal.reason instanceof SoftTimeLimitExceeded, cloud.clock.now() - start];
    });
    const start = cloud.clock.now();

    expect(await (await task.delay()).get()).toEqual([true, 5_000]);
  });

  test('the soft one is the failure of a task that does not catch it', async () => {
    const app = new Tallo('endings');
    await using cloud = memoryCloud(app);
    const passing = app.task('passing', { bind: true, softTimeLimit: 5 }, (self) =>
      cloud.clock.sleep(60_000, self.signal),
    );
    const foreign = app.task('foreign', { bind: true, softTimeLimit: 5 }, async (self) => {
      await cloud.clock.sleep(10_000);
      self.signal.throwIfAborted();
    });
    const aborting = app.task('aborting', { bind: true, softTimeLimit: 5 }, async (self) => {
      await cloud.clock.sleep(10_000);
      if (self.signal.aborted) throw new DOMException('stopped', 'AbortError');
    });

    for (const task of [passing, foreign, aborting]) {
      await expect((await task.delay()).get()).rejects.toThrow(SoftTimeLimitExceeded);
    }
  });

  test('are not to blame for an AbortError of the task itself', async () => {
    const app = new Tallo('endings');
    await using _cloud = memoryCloud(app);
    const task = app.task('t', { softTimeLimit: 5 }, () => {
      throw new DOMException('the download was stopped', 'AbortError');
    });

    await expect((await task.delay()).get()).rejects.toMatchObject({
      name: 'AbortError',
      message: 'the download was stopped',
    });
  });

  test('let a task throw anything, also after the soft one', async () => {
    const app = new Tallo('endings');
    await using cloud = memoryCloud(app);
    const task = app.task('t', { softTimeLimit: 5 }, async () => {
      await cloud.clock.sleep(10_000);
      // biome-ignore lint/style/useThrowOnlyError: JavaScript lets a task do so
      throw null;
    });

    await expect((await task.delay()).get()).rejects.toThrow(/^null$/);
  });

  test('the hard one ends the task, and its batch mates are unharmed', async () => {
    const app = new Tallo('endings', { queues: { default: { timeLimit: '30s' } } });
    await using cloud = memoryCloud(app);
    const slow = app.task('slow', { timeLimit: '10s' }, () => cloud.clock.sleep(60_000));
    const byQueue = app.task('byQueue', () => cloud.clock.sleep(60_000));
    const quick = app.task('quick', (x: number) => x);

    const [first, second, ...others] = await Promise.all([
      slow.delay(),
      byQueue.delay(),
      ...[1, 2, 3].map((x) => quick.delay(x)),
    ]);

    await expect(first?.get()).rejects.toThrow(TimeLimitExceeded);
    await expect(first?.get()).rejects.toThrow('TimeLimitExceeded(10)');
    await expect(second?.get()).rejects.toThrow('TimeLimitExceeded(30)');
    expect(await Promise.all(others.map((result) => result.get()))).toEqual([1, 2, 3]);
  });

  test('do not pass while a task is busy with the real world, also after it has slept', async () => {
    const app = new Tallo('endings');
    await using cloud = memoryCloud(app);
    const task = app.task('t', { timeLimit: 5 }, async () => {
      await cloud.clock.sleep(1_000);
      await readFile(new URL(import.meta.url));
      return 'done';
    });

    expect(await (await task.delay()).get()).toBe('done');
  });

  test('may be the same', async () => {
    const app = new Tallo('endings');
    await using _cloud = memoryCloud(app);

    const task = app.task('t', { softTimeLimit: 5, timeLimit: 5 }, () => 'done');

    expect(await (await task.delay()).get()).toBe('done');
  });

  test('of the call beat those of the task', async () => {
    const app = new Tallo('endings');
    await using cloud = memoryCloud(app);
    const task = app.task('t', { timeLimit: '20s' }, () => cloud.clock.sleep(60_000));

    const result = await task.applyAsync([], { timeLimit: '2s' });

    await expect(result.get()).rejects.toThrow('TimeLimitExceeded(2)');
  });

  test('of the call beat those of the task, the soft one too', async () => {
    const app = new Tallo('endings');
    await using cloud = memoryCloud(app);
    const task = app.task('t', { bind: true, softTimeLimit: '20s' }, (self) =>
      cloud.clock.sleep(60_000, self.signal),
    );

    const result = await task.applyAsync([], { softTimeLimit: '2s' });

    await expect(result.get()).rejects.toThrow('SoftTimeLimitExceeded(2)');
  });

  test('soft after hard, or more than the queue has, is refused at once', async () => {
    const app = new Tallo('endings');
    const task = app.task('t', () => 1);

    expect(() => app.task('u', { softTimeLimit: 3, timeLimit: 2 }, () => 1)).toThrow(
      /softTimeLimit to be at most timeLimit/,
    );
    await expect(task.applyAsync([], { softTimeLimit: 3, timeLimit: 2 })).rejects.toThrow(
      /at most timeLimit/,
    );
    await expect(task.applyAsync([], { timeLimit: '5m' })).rejects.toThrow(
      /at most that of queue 'default' \(30 s\), got 300 s/,
    );
  });
});

describe('a call that expires', () => {
  test('before it is started becomes REVOKED and never runs', async () => {
    const app = new Tallo('endings');
    await using cloud = memoryCloud(app);
    let runs = 0;
    const task = app.task('t', () => {
      runs += 1;
    });

    const results = await Promise.all([
      task.applyAsync([], { countdown: 60, expires: 30 }),
      task.applyAsync([], { expires: new Date(cloud.clock.now() - 1) }),
    ]);

    for (const result of results) {
      await expect(result.get()).rejects.toThrow(TaskRevokedError);
      await expect(result.get()).rejects.toThrow('expired');
      expect([
        await result.state(),
        await result.ready(),
        await result.failed(),
        await result.successful(),
      ]).toEqual(['REVOKED', true, false, false]);
    }
    expect(runs).toBe(0);
  });

  test('later runs', async () => {
    const app = new Tallo('endings');
    await using _cloud = memoryCloud(app);
    const task = app.task('t', () => 'in time');

    expect(await (await task.applyAsync([], { countdown: 60, expires: '1d' })).get()).toBe('in time');
  });
});
