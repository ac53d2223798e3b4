import { expect, test } from 'vitest';
import { world } from './world.ts';

test('runs no more invocations at one time than the queue allows', async () => {
  const { calls, open, send } = await world({ queue: { batchSize: 1, concurrency: 3 }, handler: 'waits' });

  await send(10);

  expect(open()).toBe(3);
  expect(calls).toHaveLength(3);
});

test('starts the next invocation when one ends', async () => {
  const { calls, open, send } = await world({ queue: { batchSize: 1, concurrency: 3 }, handler: 'waits' });

  await send(10);
  await calls[1]?.answer();

  expect(open()).toBe(3);
  expect(calls).toHaveLength(4);
});

test('runs ten invocations at one time when the queue sets no limit', async () => {
  const { open, send } = await world({ queue: { batchSize: 1, concurrency: null }, handler: 'waits' });

  await send(20);

  expect(open()).toBe(10);
});

test('receives nothing while there is no room', async () => {
  const { clock, queue, send } = await world({ queue: { batchSize: 1, concurrency: 2 }, handler: 'waits' });

  await send(10);
  await clock.advance(30_000);

  expect(queue.of('receive')).toHaveLength(2);
});

test('never has more open than the limit over a long queue', async () => {
  let highest = 0;
  const { calls, open, send, clock } = await world({
    queue: { batchSize: 2, concurrency: 4 },
    handler: async () => {
      highest = Math.max(highest, open());
      await clock.sleep(100);
    },
  });

  await send(100);
  await clock.advance(10_000);

  expect(calls.flatMap(({ ids }) => ids)).toHaveLength(100);
  expect(highest).toBe(4);
});
