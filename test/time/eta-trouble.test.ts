import { type CallOptions, chain, Tallo } from 'tallo';
import { memoryCloud } from 'tallo/testing';
import { describe, expect, test } from 'vitest';
import { maxEnvelopeBytes } from '../../sdk/wire/size.ts';
import { begin, day, early, hour, isOnTime, minute, world } from './world.ts';

/** Nobody began before they were due, nor a second after. */
function allOnTime(starts: readonly number[], seconds: number): boolean {
  return starts.every((start) => isOnTime(start * 1_000, seconds * 1_000));
}

const large = (bytes: number) => 'x'.repeat(bytes);

describe('where every message comes twice', () => {
  // The message itself and, after a timer, the one that its worker sends: twice two.
  test.each([
    ['near', 10 * minute, 2],
    ['in two hours', 2 * hour, 4],
    ['in 400 days', 400 * day, 4],
  ])('a call that is due %s runs no more often than its hops were', async (_when, seconds, runs) => {
    await using it = world({ duplicates: 1 });

    await it.note.applyAsync(['n'], { countdown: seconds });
    await it.cloud.untilIdle();

    expect(it.startsOf('n')).toHaveLength(runs);
    expect(allOnTime(it.startsOf('n'), seconds)).toBe(true);
  });

  test('a message of Python that is hours early is given to one timer', async () => {
    await using it = world({ duplicates: 1 });

    await it.cloud.queues.send('time-default', [early('p', 5 * hour)]);
    await it.cloud.untilIdle();

    expect(it.startsOf('early')).toHaveLength(4);
    expect(it.cloud.timers.requests).toEqual({ set: 2, find: 1, cancel: 0 });
    expect(allOnTime(it.startsOf('early'), 5 * hour)).toBe(true);
  });

  test('a call that is too large for a timer is not doubled by each of its many hops', async () => {
    await using it = world({ duplicates: 1 });

    await it.note.applyAsync([large(300_000)], { countdown: '1d' });
    await it.cloud.untilIdle();

    expect(it.starts).toHaveLength(2);
    expect(it.cloud.timers.requests.set).toBe(0);
  });

  test('a retry an hour later goes on once', async () => {
    await using it = world({ duplicates: 1 });
    const attempts: number[] = [];
    const task = it.app.task('t', { bind: true, maxRetries: 5 }, (self) => {
      attempts.push(self.request.retries);
      if (self.request.retries < 5) self.retry({ countdown: '1h' });
    });

    await task.delay();
    await it.cloud.untilIdle();

    const runsOf = (attempt: number) => attempts.filter((one) => one === attempt).length;
    expect([0, 1, 2, 3, 4, 5].map(runsOf)).toEqual([2, 4, 4, 4, 4, 4]);
    expect(it.cloud.timers.requests.set).toBe(5);
  });
});

describe('what is too large for a timer', () => {
  test.each([
    ['241 kB', 241_000, 0],
    ['239 kB', 239_000, 1],
  ])('hops from delay to delay, and is never early: %s', async (_size, bytes, timers) => {
    await using it = world();

    await it.note.applyAsync([large(bytes)], { countdown: 2 * hour + 0.5 });
    await it.cloud.untilIdle();

    expect(it.starts).toHaveLength(1);
    expect(it.starts.every(({ at: start }) => isOnTime(start, begin + (2 * hour + 0.5) * 1_000))).toBe(true);
    expect(it.cloud.timers.requests.set).toBe(timers);
    // A call to the queue, and one for each 15 minutes; or one for what the timer has left.
    expect(it.cloud.queues.messages.send).toBe(timers === 0 ? 9 : 1);
  });

  test.each(['10m', '2h'] as const)(
    'may be as large as any call, %s from now, and be retried',
    async (countdown) => {
      await using it = world();
      const attempts: number[] = [];
      const task = it.app.task('t', { bind: true }, (self, _text: string) => {
        attempts.push(self.request.retries);
        if (self.request.retries === 0) self.retry({ countdown: '1h' });
        return 'done';
      });
      const options: CallOptions = { countdown, taskId: 'id' };
      const room = maxEnvelopeBytes - (await sizeOfEmpty(options));

      const result = await task.applyAsync([large(room)], options);
      await it.cloud.untilIdle();

      expect(await result.get()).toBe('done');
      expect(attempts).toEqual([0, 1]);
      await expect(task.applyAsync([large(room + 1)], options)).rejects.toMatchObject({
        code: 'PAYLOAD_TOO_LARGE',
      });
    },
  );
});

/** How large the message of such a call is that has an empty text for its argument. */
async function sizeOfEmpty(options: CallOptions): Promise<number> {
  const app = new Tallo('time');
  await using cloud = memoryCloud(app, { handler: false });
  const task = app.task('t', (_text: string) => 1);
  await task.applyAsync([''], { ...options, countdown: '10m' });
  const [message] = cloud.queues.named('time-default').peek();
  return Buffer.byteLength(message?.body ?? '');
}

describe('two calls under one id', () => {
  test('with two times are two calls', async () => {
    await using it = world();

    await it.note.applyAsync(['n'], { taskId: 'same', countdown: '2h' });
    await it.note.applyAsync(['n'], { taskId: 'same', countdown: '5h' });
    await it.note.applyAsync(['n'], { taskId: 'same', countdown: '5h' });
    await it.cloud.untilIdle();

    const [one = 0, other = 0] = it.startsOf('n');
    expect(it.startsOf('n')).toHaveLength(2);
    expect([allOnTime([one], 2 * hour), allOnTime([other], 5 * hour)]).toEqual([true, true]);
  });

  test('from Python are two calls, too', async () => {
    await using it = world();

    await it.cloud.queues.send('time-default', [early('same', 2 * hour), early('same', 5 * hour)]);
    await it.cloud.untilIdle();

    const [one = 0, other = 0] = it.startsOf('early');
    expect([allOnTime([one], 2 * hour), allOnTime([other], 5 * hour)]).toEqual([true, true]);
  });

  test('in two workflows are two calls', async () => {
    await using it = world();
    const step = () => it.note.si('b').set({ taskId: 'same', countdown: '2h' });

    await chain(it.note.si('a'), step()).delay();
    await chain(it.note.si('a'), step()).delay();
    await it.cloud.untilIdle();

    expect(it.startsOf('b')).toHaveLength(2);
    expect(allOnTime(it.startsOf('b'), 2 * hour)).toBe(true);
  });

  test('are told apart even if one is named as the retry of the other would be', async () => {
    await using it = world();
    const task = it.app.task('t', { bind: true }, (self) => {
      if (self.request.retries === 0) self.retry({ countdown: '2h' });
      return 'retried';
    });

    const other = await it.note.applyAsync(['n'], { taskId: 'a-r1', countdown: '3h' });
    const result = await task.applyAsync([], { taskId: 'a' });
    await it.cloud.untilIdle();

    expect([await result.get(), await other.get()]).toEqual(['retried', 'n']);
  });
});
