import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Queues } from '../../../sdk/ports/queues.ts';
import type { StandingQueue } from './standing-queue.ts';
import { settled } from './virtual-clock.ts';
import { world } from './world.ts';

test('ends the open poll at once', async () => {
  const { clock, source } = await world();

  await source.stop();

  expect(clock.now()).toBe(0);
  expect(clock.pending).toBe(0);
});

test('does not report its own end as trouble', async () => {
  const { source, warnings } = await world();

  await source.stop();

  expect(warnings).toEqual([]);
});

test('ends the pause after a failure at once', async () => {
  const { clock, queue, source } = await world();
  queue.fault = new Error('connect ECONNREFUSED');
  await clock.advance(30_000);

  await source.stop();

  expect(clock.now()).toBe(30_000);
  expect(clock.pending).toBe(0);
});

test('takes no new messages', async () => {
  const { clock, queue, calls, source, send } = await world();

  await source.stop();
  await send(3);
  await clock.advance(60_000);

  expect(calls).toEqual([]);
  expect(queue.visible).toHaveLength(3);
});

test('waits for the running invocations and their deletes', async () => {
  const { calls, queue, source, send } = await world({ handler: 'waits' });
  await send(1);
  let stopped = false;

  const stop = source.stop().then(() => {
    stopped = true;
  });
  await settled();
  expect(stopped).toBe(false);
  await calls[0]?.answer();
  await stop;

  expect(queue.stored).toEqual([]);
});

test('waits no longer than the timeout for a handler that hangs', async () => {
  const { clock, queue, source, send } = await world({ queue: { timeoutSeconds: 32 }, handler: 'waits' });
  await send(1);

  const stop = source.stop();
  await clock.advance(32_000);
  await stop;

  expect(queue.stored).toHaveLength(1);
  expect(clock.pending).toBe(0);
});

test('makes a batch whose window is open visible again at once', async () => {
  const { clock, queue, calls, source, send } = await world({
    queue: { batchSize: 100, batchWindowSeconds: 60 },
  });
  await send(13);

  await source.stop();

  expect(queue.visible).toHaveLength(13);
  expect(calls).toEqual([]);
  expect(clock.pending).toBe(0);
});

test('makes a batch visible again in the last part of a second of its window', async () => {
  const { clock, queue, source, send } = await world({ queue: { batchSize: 100, batchWindowSeconds: 2 } });
  await send(1);
  await clock.advance(1_500);
  await send(1);

  await source.stop();

  expect(queue.visible).toHaveLength(2);
  expect(clock.pending).toBe(0);
});

test('makes messages that wait for room visible again before the running invocation ends', async () => {
  const { queue, calls, source, send } = await world({ queue: { concurrency: 1 }, handler: 'waits' });
  await send(10, 'x'.repeat(1_048_576));

  const stop = source.stop();
  await settled();
  expect(queue.visible).toEqual(['message-6', 'message-7', 'message-8', 'message-9', 'message-10']);
  await calls[0]?.answer();
  await stop;

  expect(queue.stored).toEqual(queue.visible);
});

/** Does not hear that a poll was aborted: the answer was on its way. */
const deaf = (real: StandingQueue): Queues => ({
  send: (...args) => real.send(...args),
  delete: (...args) => real.delete(...args),
  delay: (...args) => real.delay(...args),
  receive: (name, { max, waitSeconds }) => real.receive(name, { max, waitSeconds }),
});

test('makes messages visible again that come in the moment of the stop', async () => {
  const { queue, calls, source, send } = await world({ through: deaf });

  const stop = source.stop();
  await send(2);
  await stop;

  expect(calls).toEqual([]);
  expect(queue.visible).toEqual(['message-1', 'message-2']);
});

test('makes messages of that moment visible again that are too many for one batch', async () => {
  const { queue, source, send } = await world({ through: deaf });

  const stop = source.stop();
  await send(10, 'x'.repeat(1_048_576));
  await stop;

  expect(queue.visible).toHaveLength(10);
});

test('may be asked for twice', async () => {
  const { source } = await world();

  expect(source.stop()).toBe(source.stop());
});

test('loses no message, whenever it comes', async () => {
  const plan = fc.record({
    batchSize: fc.integer({ min: 1, max: 30 }),
    batchWindowSeconds: fc.integer({ min: 1, max: 5 }),
    concurrency: fc.integer({ min: 1, max: 4 }),
    sends: fc.array(fc.tuple(fc.integer({ min: 0, max: 2_500 }), fc.integer({ min: 1, max: 15 })), {
      maxLength: 6,
    }),
    runs: fc.integer({ min: 0, max: 4_000 }),
    stopAfter: fc.integer({ min: 0, max: 3_000 }),
  });

  await fc.assert(
    fc.asyncProperty(plan, async ({ sends, runs, stopAfter, ...queue }) => {
      const {
        clock,
        queue: messages,
        calls,
        source,
        send,
      } = await world({
        queue,
        handler: () => clock.sleep(runs),
      });
      for (const [pause, count] of sends) {
        await clock.advance(pause);
        await send(count);
      }
      await clock.advance(stopAfter);
      await Promise.all([source.stop(), clock.advance(10_000)]);

      const handled = calls.flatMap(({ ids }) => ids);
      expect(messages.deleted.toSorted()).toEqual(handled.toSorted());
      expect(messages.visible).toEqual(messages.stored);
      expect(clock.pending).toBe(0);
    }),
    { numRuns: 200 },
  );
});
