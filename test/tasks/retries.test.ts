import { MaxRetriesExceededError, Reject, Tallo, type TaskOptions } from 'tallo';
import { memoryCloud } from 'tallo/testing';
import { describe, expect, test } from 'vitest';

class NetworkError extends Error {}

/** Runs a task that always fails with a NetworkError; says when each attempt began, in seconds from the first. */
async function attemptsOf(options: TaskOptions, error: () => unknown = () => new NetworkError('down')) {
  const app = new Tallo('retries');
  await using cloud = memoryCloud(app);
  const starts: number[] = [];
  const task = app.task('flaky', { ...options, bind: true }, () => {
    starts.push(cloud.clock.now());
    throw error();
  });
  const outcome = await (await task.delay()).get({ propagate: false });
  return {
    waits: starts.slice(1).map((start, i) => (start - (starts[i] ?? 0)) / 1_000),
    runs: starts.length,
    outcome,
  };
}

describe('self.retry', () => {
  test('runs the task again after the countdown, with one more retry counted', async () => {
    const app = new Tallo('retries');
    await using cloud = memoryCloud(app);
    const seen: unknown[] = [];
    const task = app.task('t', { bind: true, maxRetries: 3 }, (self, name: string) => {
      seen.push([self.request.id, self.request.retries, cloud.clock.now() - start]);
      if (self.request.retries < 2) self.retry({ countdown: '1m' });
      return `${name} at last`;
    });
    const start = cloud.clock.now();

    const result = await task.delay('Ada');

    expect(await result.get()).toBe('Ada at last');
    expect(seen).toEqual([
      [result.id, 0, 0],
      [result.id, 1, 60_000],
      [result.id, 2, 120_000],
    ]);
  });

  test('is seen as RETRY, with its reason', async () => {
    const app = new Tallo('retries');
    await using cloud = memoryCloud(app);
    const task = app.task('t', { bind: true }, (self) =>
      self.retry({ countdown: '1h', exc: new NetworkError('down') }),
    );

    const result = await task.delay();
    await cloud.advance('1s');

    expect(await result.state()).toBe('RETRY');
    expect(await result.info()).toMatchObject({ name: 'NetworkError', message: 'down' });
    expect(await result.traceback()).toContain('NetworkError: down');
    expect(await result.ready()).toBe(false);
  });

  test('is seen as RETRY also without a reason', async () => {
    const app = new Tallo('retries');
    await using cloud = memoryCloud(app);
    const task = app.task('t', { bind: true }, (self) => self.retry({ countdown: '1h' }));

    const result = await task.delay();
    await cloud.advance('1s');

    expect(await result.meta()).toMatchObject({
      state: 'RETRY',
      result: null,
      traceback: null,
      dateDone: null,
      retries: 0,
    });
    expect(await result.result()).toBeNull();
  });

  test('waits for the time that it is given', async () => {
    const app = new Tallo('retries');
    await using cloud = memoryCloud(app);
    const eta = new Date(cloud.clock.now() + 12_345);
    const task = app.task('t', { bind: true }, (self) => {
      if (self.request.retries === 0) self.retry({ eta });
      return cloud.clock.now();
    });

    const ran = await (await task.delay()).get();

    expect(ran).toBeGreaterThanOrEqual(eta.getTime());
    expect(ran).toBeLessThan(eta.getTime() + 1_000);
  });

  test('raises the reason when no retries are left', async () => {
    const app = new Tallo('retries');
    await using cloud = memoryCloud(app);
    const runs: number[] = [];
    const task = app.task('t', { bind: true, maxRetries: 2 }, (self) => {
      runs.push(self.request.retries);
      self.retry({ countdown: 1, exc: new NetworkError('down for good') });
    });

    const result = await task.delay();

    await expect(result.get()).rejects.toMatchObject({ name: 'NetworkError', message: 'down for good' });
    expect(runs).toEqual([0, 1, 2]);
    expect(await result.retries()).toBe(2);
    expect(cloud.deadLetters()).toEqual([]);
  });

  test('raises MaxRetriesExceededError when no reason was given, and a task can fall back on it', async () => {
    const app = new Tallo('retries');
    await using _cloud = memoryCloud(app);
    const bare = app.task('bare', { bind: true, maxRetries: 0 }, (self) => self.retry());
    const fallback = app.task('fallback', { bind: true, maxRetries: 0 }, (self) => {
      try {
        return self.retry();
      } catch (error) {
        if (error instanceof MaxRetriesExceededError) return 'plan B';
        throw error;
      }
    });

    await expect((await bare.delay()).get()).rejects.toThrow(MaxRetriesExceededError);
    await expect((await bare.delay()).get()).rejects.toThrow(/Can't retry bare\[/);
    expect(await (await fallback.delay()).get()).toBe('plan B');
  });

  test('goes beyond any number with maxRetries null', async () => {
    const app = new Tallo('retries');
    await using _cloud = memoryCloud(app);
    const task = app.task('t', { bind: true, maxRetries: null }, (self) => {
      if (self.request.retries < 25) self.retry({ countdown: '10m' });
      return self.request.retries;
    });

    expect(await (await task.delay()).get()).toBe(25);
  });

  test.each([[{ eta: new Date('x') }], [{ countdown: 1e15 }]])(
    'fails when it is asked for the time %j',
    async (options) => {
      const app = new Tallo('retries');
      await using _cloud = memoryCloud(app);
      const task = app.task('t', { bind: true }, (self) => self.retry(options));

      await expect((await task.delay()).get()).rejects.toThrow(/Expected a retry at a valid time/);
    },
  );

  test('lets one call of it set its own limit', async () => {
    const app = new Tallo('retries');
    await using _cloud = memoryCloud(app);
    const task = app.task('t', { bind: true, maxRetries: 1 }, (self) => {
      if (self.request.retries < 4) self.retry({ countdown: 1, maxRetries: 10 });
      return self.request.retries;
    });

    expect(await (await task.delay()).get()).toBe(4);
  });

  test('keeps the headers, the queue, the limits and the expiry of the call', async () => {
    const app = new Tallo('retries', { queues: { slow: {} } });
    await using cloud = memoryCloud(app);
    const task = app.task('t', { bind: true }, (self) => {
      const { headers, deliveryInfo, timeLimit, expires, rootId, parentId } = self.request;
      if (self.request.retries === 0) self.retry({ countdown: 1 });
      return {
        headers,
        queue: deliveryInfo.routingKey,
        priority: deliveryInfo.priority,
        timeLimit,
        expires,
        rootId,
        parentId,
      };
    });
    const expires = new Date(cloud.clock.now() + 3_600_000);

    const result = await task.applyAsync([], {
      headers: { tenant: 'acme' },
      queue: 'slow',
      timeLimit: 20,
      expires,
      priority: 4,
    });

    expect(await result.get()).toEqual({
      headers: { tenant: 'acme' },
      queue: 'slow',
      priority: 4,
      timeLimit: 20,
      expires: expires.getTime(),
      rootId: result.id,
      parentId: null,
    });
  });
});

// CONFORMANCE A1 to A4 and CELERY 1.6.
describe('autoretryFor', () => {
  test.each([
    [false, [7, 7, 7]],
    [0, [7, 7, 7]],
    [true, [1, 2, 4]],
    [-1, [1, 2, 4]],
    [0.1, [1, 2, 4]],
    [1, [1, 2, 4]],
    [1.9, [1, 2, 4]],
    [2, [2, 4, 8]],
  ])('with retryBackoff %s waits %j seconds', async (retryBackoff, waits) => {
    const options = { autoretryFor: [NetworkError], retryBackoff, retryJitter: false, defaultRetryDelay: 7 };

    const attempts = await attemptsOf(options);

    expect(attempts).toMatchObject({ waits, runs: 4 });
    expect(attempts.outcome).toMatchObject({ name: 'NetworkError', message: 'down' });
  });

  test('waits at most retryBackoffMax', async () => {
    const options = {
      autoretryFor: [NetworkError],
      retryBackoff: true,
      retryJitter: false,
      retryBackoffMax: 16,
      maxRetries: 6,
    };

    expect((await attemptsOf(options)).waits).toEqual([1, 2, 4, 8, 16, 16]);
  });

  test('with jitter waits a whole number of seconds from 0 to the computed one', async () => {
    const options = { autoretryFor: [NetworkError], retryBackoff: 100, maxRetries: 30, retryBackoffMax: 100 };

    const { waits } = await attemptsOf(options);

    expect(waits).toHaveLength(30);
    expect(waits.every((wait) => Number.isInteger(wait) && wait >= 0 && wait <= 100)).toBe(true);
    expect(new Set(waits).size).toBeGreaterThan(10);
  });

  test('takes predicates as well as classes', async () => {
    const isTemporary = (error: unknown) => error instanceof Error && error.message.startsWith('4');

    const temporary = await attemptsOf(
      { autoretryFor: [isTemporary], maxRetries: 1 },
      () => new Error('451 later'),
    );
    const permanent = await attemptsOf(
      { autoretryFor: [isTemporary], maxRetries: 1 },
      () => new Error('550 never'),
    );

    expect([temporary.runs, permanent.runs]).toEqual([2, 1]);
  });

  test('takes a predicate that throws for a no, and keeps the error of the task', async () => {
    const isServerError = (error: unknown) =>
      (error as { response: { status: number } }).response.status >= 500;

    const { runs, outcome } = await attemptsOf({ autoretryFor: [isServerError] });

    expect(runs).toBe(1);
    expect(outcome).toMatchObject({ name: 'NetworkError', message: 'down' });
  });

  test('yields to dontAutoretryFor', async () => {
    expect((await attemptsOf({ autoretryFor: [Error], dontAutoretryFor: [NetworkError] })).runs).toBe(1);
  });

  test('leaves alone what went wrong after the run, and a task that was left behind', async () => {
    const app = new Tallo('retries');
    await using cloud = memoryCloud(app);
    const runs: string[] = [];
    const options = { autoretryFor: [Error], retryBackoff: true } as const;
    const unserialisable = app.task('unserialisable', options, () => {
      runs.push('unserialisable');
      return () => 1;
    });
    const slow = app.task('slow', { ...options, timeLimit: 1 }, () => {
      runs.push('slow');
      return cloud.clock.sleep(9_000);
    });

    await (await unserialisable.delay()).get({ propagate: false });
    await (await slow.delay()).get({ propagate: false });
    await cloud.untilIdle();

    expect(runs).toEqual(['unserialisable', 'slow']);
  });

  test('leaves Reject alone', async () => {
    expect((await attemptsOf({ autoretryFor: [Error] }, () => new Reject('no use'))).runs).toBe(1);
  });
});
