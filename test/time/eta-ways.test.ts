import { Reject } from 'tallo';
import { describe, expect, test } from 'vitest';
import { at, day, early, hour, minute, wereOnTime, world } from './world.ts';

describe('a call begins when it is due', () => {
  test('ten minutes or two hours from now', async () => {
    await using it = world();

    await it.note.applyAsync(['soon'], { countdown: '10m' });
    await it.note.applyAsync(['later'], { eta: at(2 * hour) });
    await it.cloud.untilIdle();

    expect(wereOnTime(it.startsOf('soon'), [10 * minute])).toBe(true);
    expect(wereOnTime(it.startsOf('later'), [2 * hour])).toBe(true);
  });

  test('at once, if that time has passed', async () => {
    await using it = world();

    await it.note.applyAsync(['n'], { eta: at(-400 * day) });
    await it.cloud.untilIdle();

    expect(it.startsOf('n')).toEqual([0]);
    expect(it.cloud.timers.requests.set).toBe(0);
  });

  test('again and again, when it is retried an hour later', async () => {
    await using it = world();
    const task = it.app.task('t', { bind: true, maxRetries: 3 }, (self) => {
      it.starts.push({ name: 't', at: it.cloud.clock.now() });
      if (self.request.retries < 3) self.retry({ countdown: '1h' });
      return self.request.retries;
    });

    const result = await task.delay();

    await it.cloud.untilIdle();
    expect(await result.get()).toBe(3);
    const [, first = 0, second = 0, third = 0] = it.startsOf('t');
    expect(wereOnTime([first, second, third], [hour, first + hour, second + hour])).toBe(true);
    expect(it.cloud.timers.requests).toEqual({ set: 3, find: 0, cancel: 0 });
  });

  test('also when a task retries itself by its policy, with a longer pause each time', async () => {
    await using it = world();
    const options = {
      autoretryFor: [RangeError],
      retryBackoff: 600,
      retryBackoffMax: 100_000,
      retryJitter: false,
    };
    const task = it.app.task('t', { ...options, maxRetries: 4 }, () => {
      it.starts.push({ name: 't', at: it.cloud.clock.now() });
      throw new RangeError('down');
    });

    await task.delay();
    await it.cloud.untilIdle();

    const starts = it.startsOf('t');
    const pauses = starts.slice(1).map((start, index) => start - (starts[index] ?? 0));
    expect(wereOnTime(pauses, [600, 1_200, 2_400, 4_800])).toBe(true);
  });

  test('when a producer in Python has sent its message hours early', async () => {
    await using it = world();
    await it.cloud.queues.send('time-default', [early('p1', 5 * hour), early('p2', 100 * day)]);
    await it.cloud.untilIdle();

    expect(wereOnTime(it.startsOf('early'), [5 * hour, 100 * day])).toBe(true);
    expect(it.cloud.timers.requests).toEqual({ set: 2, find: 0, cancel: 0 });
  });

  test('ten seconds later, if it was put back by Reject', async () => {
    await using it = world();
    const task = it.app.task('t', { bind: true }, (self) => {
      it.starts.push({ name: 't', at: it.cloud.clock.now() });
      if (!self.request.deliveryInfo.redelivered) throw new Reject('not yet', { requeue: true });
    });

    await task.applyAsync([], { countdown: '1h' });
    await it.cloud.untilIdle();

    const [first = 0] = it.startsOf('t');
    expect(wereOnTime(it.startsOf('t'), [hour, first + 10])).toBe(true);
  });
});

describe('over a timer nothing is lost', () => {
  test.each([[false], [true]])('of what a call bears (base64: %s)', async (base64) => {
    await using it = world({ base64 });
    const seen: unknown[] = [];
    const task = it.app.task('t', { bind: true }, (self, text: string) => {
      const { headers, priority, expires, timeLimit, id, rootId } = {
        ...self.request,
        priority: self.request.deliveryInfo.priority,
      };
      seen.push({ text, headers, priority, expires, timeLimit, isRoot: rootId === id });
    });
    const text = 'é🌿 <aws.scheduler.execution-id> "\\';

    await task.applyAsync([text], {
      countdown: '2h',
      headers: { tenant: 'acme' },
      priority: 7,
      timeLimit: 20,
      expires: at(3 * hour),
    });
    await it.cloud.untilIdle();

    const expires = at(3 * hour).getTime();
    expect(seen).toEqual([
      { text, headers: { tenant: 'acme' }, priority: 7, expires, timeLimit: 20, isRoot: true },
    ]);
  });

  test.each(['x'.repeat(65), 'with space', 'é', 'a/b:c', 'x'.repeat(450)])(
    'of a call of id %s',
    async (taskId) => {
      await using it = world();

      const result = await it.note.applyAsync(['n'], { countdown: '2h', taskId });
      await it.cloud.untilIdle();

      expect(await result.get()).toBe('n');
      expect(result.id).toBe(taskId);
      expect(wereOnTime(it.startsOf('n'), [2 * hour])).toBe(true);
    },
  );
});

describe('a call that expires', () => {
  test.each([
    ['long before it is due', hour, 'REVOKED'],
    ['while it waits for the last minutes', 2 * hour - 1, 'REVOKED'],
    ['after it was due', 2 * hour + 2, 'SUCCESS'],
  ])('%s', async (_when, expires, state) => {
    await using it = world();

    const result = await it.note.applyAsync(['n'], { countdown: 2 * hour, expires });
    await it.cloud.untilIdle();

    expect(await result.state()).toBe(state);
    expect(it.startsOf('n')).toHaveLength(state === 'SUCCESS' ? 1 : 0);
  });
});
