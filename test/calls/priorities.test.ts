import { Tallo } from 'tallo';
import { describe, expect, test } from 'vitest';
import { fromPython, sentBy, world } from './lanes-world.ts';

describe('priorities', () => {
  test('choose the lane of a call', async () => {
    await using it = world({ lanes: 3 });
    const sent = sentBy(it.cloud);
    const low = it.app.task('low', { priority: 1 }, () => 1);
    const usual = it.app.task('usual', () => 1);
    const urgent = it.app.task('urgent', { priority: 9 }, () => 1);

    await low.delay();
    await usual.delay();
    await urgent.delay();
    await urgent.applyAsync([], { priority: 3 });
    await it.app.sendTask('urgent', [], { priority: 5 });
    await low.s().set({ priority: 7 }).delay();

    expect(sent).toEqual([
      ['low', 'lanes-default-low'],
      ['usual', 'lanes-default'],
      ['urgent', 'lanes-default-urgent'],
      ['urgent', 'lanes-default-low'],
      ['urgent', 'lanes-default'],
      ['low', 'lanes-default-urgent'],
    ]);
  });

  test('change nothing on a queue of one lane, and are told to the task', async () => {
    await using it = world({});
    const sent = sentBy(it.cloud);
    const tell = it.app.task('tell', { bind: true }, (self) => self.request.deliveryInfo.priority);

    const results = await Promise.all([
      tell.delay(),
      tell.applyAsync([], { priority: 0 }),
      tell.applyAsync([], { priority: 9 }),
    ]);

    expect(await Promise.all(results.map((result) => result.get()))).toEqual([5, 0, 9]);
    expect(new Set(sent.map(([, queue]) => queue))).toEqual(new Set(['lanes-default']));
  });

  test('start an urgent call within the time of one batch though 10,000 others wait', async () => {
    await using it = world({ lanes: 3, concurrency: 6 });
    const starts = new Map<string, number>();
    const work = it.app.task('work', async (name: string) => {
      starts.set(name, it.cloud.clock.now());
      await it.cloud.clock.sleep(1_000);
    });
    const low = Array.from({ length: 10_000 }, (_, i) =>
      work.applyAsync([`low ${i}`], { priority: 2, ignoreResult: true }),
    );
    await Promise.all(low);
    await it.cloud.advance('10.5s');
    const waiting = 10_000 - starts.size;
    const now = it.cloud.clock.now();

    await work.applyAsync(['urgent'], { priority: 9 });
    await it.cloud.advance('1s');

    expect(waiting).toBeGreaterThan(9_000);
    expect((starts.get('urgent') ?? Number.POSITIVE_INFINITY) - now).toBeLessThan(1_000);
  });

  test('never starve the low lane', async () => {
    await using it = world({ lanes: 3, concurrency: 6 });
    const starts = new Map<string, number>();
    const work = it.app.task('work', async (name: string) => {
      starts.set(name, it.cloud.clock.now());
      await it.cloud.clock.sleep(1_000);
    });
    const urgent = Array.from({ length: 1_000 }, (_, i) => work.applyAsync([`${i}`], { priority: 9 }));
    await Promise.all(urgent);
    await it.cloud.advance('2.5s');
    const now = it.cloud.clock.now();

    await work.applyAsync(['low'], { priority: 0 });
    await it.cloud.advance('1s');

    expect(starts.size).toBeLessThan(200);
    expect((starts.get('low') ?? Number.POSITIVE_INFINITY) - now).toBeLessThan(1_000);
  });

  test('bury in one dead-letter queue, whatever the lane', async () => {
    await using it = world({ lanes: 3 });
    await it.cloud.queues.send('lanes-default-urgent', [{ body: fromPython('nobody', { priority: 9 }) }]);
    await it.cloud.queues.send('lanes-default-low', [{ body: 'nothing' }]);
    await it.cloud.untilIdle();

    expect(it.cloud.deadLetters()).toHaveLength(2);
  });
});

describe('a call that is sent on', () => {
  test('goes to the lane of the priority that its retry gives it, and keeps it', async () => {
    await using it = world({ lanes: 3 });
    const sent = sentBy(it.cloud);
    const fall = it.app.task('fall', { bind: true }, (self) => {
      const { retries, deliveryInfo } = self.request;
      if (retries < 3) self.retry({ countdown: '1h', ...(retries < 2 && { priority: 5 - 4 * retries }) });
      return deliveryInfo.priority;
    });

    const result = await fall.applyAsync([], { priority: 9 });

    expect(await result.get()).toBe(1);
    // Of an hour most is a timer's; the rest is a delay.
    expect(sent.map(([, queue]) => queue)).toEqual([
      'lanes-default-urgent',
      'lanes-default',
      'lanes-default-low',
      'lanes-default-low',
    ]);
  });

  test('goes to the queue that its retry names, and keeps it', async () => {
    await using it = world({}, { queues: { default: {}, slow: { lanes: 2 } } });
    const sent = sentBy(it.cloud);
    const move = it.app.task('move', { bind: true }, (self) => {
      const { retries, deliveryInfo } = self.request;
      if (retries === 0) self.retry({ countdown: 1, queue: 'slow', priority: 8 });
      if (retries === 1) self.retry({ countdown: 1 });
      return deliveryInfo.routingKey;
    });

    expect(await (await move.delay()).get()).toBe('slow');
    expect(sent.map(([, queue]) => queue)).toEqual([
      'lanes-default',
      'lanes-slow-urgent',
      'lanes-slow-urgent',
    ]);
  });

  test.each([
    [{ priority: 10 }, /priority of a retry to be a whole number from 0 to 9, got 10/],
    [{ queue: 'nowhere' }, /queue of a retry to be one that the app serves \(default\), got "nowhere"/],
    [{ queue: 'python' }, /one that the app serves \(default\), got "python"/],
  ])('cannot be retried with %j', async (options, message) => {
    await using it = world({}, { queues: { default: {}, python: { runOn: 'celery' } } });
    const task = it.app.task('t', { bind: true }, (self) => self.retry(options));

    await expect((await task.delay()).get()).rejects.toThrow(message);
  });

  test('stays in the lane that Python put it into', async () => {
    await using it = world({ lanes: 3 });
    const sent = sentBy(it.cloud);
    it.app.task('t', { bind: true }, (self) => {
      const { retries } = self.request;
      if (retries < 2) self.retry({ countdown: 1, ...(retries === 1 && { priority: 9 }) });
    });

    await it.cloud.queues.send('lanes-default', [{ body: fromPython('t') }]);
    await it.cloud.untilIdle();

    expect(sent.map(([, queue]) => queue)).toEqual([
      'lanes-default',
      'lanes-default',
      'lanes-default-urgent',
    ]);
  });

  test('is in its lane when a timer rings, and can be revoked there', async () => {
    await using it = world({ lanes: 3 });
    const sent = sentBy(it.cloud);
    const later = it.app.task('later', () => 'done');
    const [result, revoked] = await Promise.all(
      [1, 2].map(() => later.applyAsync([], { countdown: '2h', priority: 9 })),
    );
    await revoked?.revoke();

    expect(await result?.get()).toBe('done');
    expect(await revoked?.state()).toBe('REVOKED');
    expect(it.cloud.timers.size).toBe(0);
    expect(sent.filter(([, queue]) => queue !== 'lanes-default-urgent')).toHaveLength(1);
  });
});

test.each([10, -1, 1.5, '5'])('a task cannot have the priority %j', (priority) => {
  const define = () => new Tallo('lanes').task('t', { priority: priority as number }, () => 1);

  expect(define).toThrow(
    `Task 't': expected priority to be a whole number from 0 to 9, got ${JSON.stringify(priority)}`,
  );
});
