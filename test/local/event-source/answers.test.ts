import { expect, test } from 'vitest';
import { failingOnce, world } from './world.ts';

test('deletes the messages that succeeded', async () => {
  const { queue, send } = await world();

  await send(3);

  expect(queue.deleted).toEqual(['message-1', 'message-2', 'message-3']);
});

test('leaves a failed message invisible until its visibility timeout ends', async () => {
  const { clock, queue, calls, send } = await world({ handler: failingOnce('message-2') });

  await send(3);
  await clock.advance(191_999);

  expect(queue.stored).toEqual(['message-2']);
  expect(queue.of('delay')).toEqual([]);
  expect(calls).toHaveLength(1);
});

test('delivers a failed message again, with its receive count', async () => {
  const { clock, queue, calls, send } = await world({ handler: failingOnce('message-2') });

  await send(3);
  await clock.advance(192_000);

  expect(calls[1]?.event.Records).toMatchObject([
    { messageId: 'message-2', attributes: { ApproximateReceiveCount: '2' } },
  ]);
  expect(queue.stored).toEqual([]);
});

test('returns the whole batch of a handler that throws', async () => {
  const { queue, warnings, send } = await world({
    handler: async () => {
      throw new Error('out of memory');
    },
  });

  await send(3);

  expect(queue.stored).toHaveLength(3);
  expect(warnings).toEqual([expect.stringContaining('out of memory')]);
});

test('returns the whole batch of a handler that throws before it answers with a promise', async () => {
  const { queue, warnings, send } = await world({
    handler: () => {
      throw new Error('not even async');
    },
  });

  await send(1);

  expect(queue.stored).toHaveLength(1);
  expect(warnings).toEqual([expect.stringContaining('not even async')]);
});

test('goes on with the next batch after one that failed', async () => {
  const { queue, send } = await world({
    queue: { batchSize: 1 },
    handler: async (event) => {
      if (event.Records[0]?.messageId === 'message-1') throw new Error('no');
    },
  });

  await send(3);

  expect(queue.deleted).toEqual(['message-2', 'message-3']);
});

test('returns the whole batch for a malformed answer and says what it was', async () => {
  const { queue, warnings, send } = await world({
    handler: async () => ({ batchItemFailures: [{ itemIdentifier: 'somebody-else' }] }),
  });

  await send(2);

  expect(queue.stored).toHaveLength(2);
  expect(warnings).toEqual([expect.stringContaining('somebody-else')]);
});

test('judges the answer by what was handed over, whatever the handler does to its event', async () => {
  const { queue, send } = await world({
    handler: async (event) => {
      event.Records.length = 0;
    },
  });

  await send(2);

  expect(queue.stored).toEqual([]);
});

test('returns the batch of a handler that does not answer within the timeout', async () => {
  const { clock, queue, warnings, send } = await world({
    queue: { timeoutSeconds: 32 },
    handler: 'waits',
  });

  await send(1);
  await clock.advance(32_000);

  expect(queue.stored).toHaveLength(1);
  expect(warnings).toEqual([expect.stringContaining('Task timed out after 32.00 seconds')]);
});

test('gives the place of an invocation that timed out to the next one', async () => {
  const { clock, calls, send } = await world({
    queue: { batchSize: 1, concurrency: 1, timeoutSeconds: 32 },
    handler: 'waits',
  });

  await send(2);
  await clock.advance(32_000);

  expect(calls.map(({ at, ids }) => [at, ids])).toEqual([
    [0, ['message-1']],
    [32_000, ['message-2']],
  ]);
});

test('does not listen to an answer after the timeout', async () => {
  const { clock, queue, calls, send } = await world({ queue: { timeoutSeconds: 32 }, handler: 'waits' });

  await send(1);
  await clock.advance(32_000);
  await calls[0]?.answer();

  expect(queue.stored).toHaveLength(1);
});

test('waits for an answer as long as the timeout lasts', async () => {
  const { clock, queue, calls, send } = await world({ queue: { timeoutSeconds: 32 }, handler: 'waits' });

  await send(1);
  await clock.advance(31_999);
  await calls[0]?.answer();

  expect(queue.deleted).toHaveLength(1);
});
