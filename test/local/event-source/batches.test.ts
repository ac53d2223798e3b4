import { expect, test } from 'vitest';
import { world } from './world.ts';

const mebibyte = 'x'.repeat(1_048_576);

test('hands a message over as the event that Lambda builds', async () => {
  const { clock, calls, send } = await world();
  await clock.advance(5_000);

  await send(1, '{"task":"add"}');

  expect(calls[0]?.event).toEqual({
    Records: [
      {
        messageId: 'message-1',
        receiptHandle: 'message-1#1',
        body: '{"task":"add"}',
        attributes: {
          ApproximateReceiveCount: '1',
          SentTimestamp: '5000',
          SenderId: '123456789012',
          ApproximateFirstReceiveTimestamp: '5000',
        },
        messageAttributes: {},
        md5OfBody: '26691a9f59281c572e72a05096749749',
        eventSource: 'aws:sqs',
        eventSourceARN: 'arn:aws:sqs:us-east-1:123456789012:store-default',
        awsRegion: 'us-east-1',
      },
    ],
  });
});

test('hands over at most a batch size of messages', async () => {
  const { calls, send } = await world({ queue: { batchSize: 3 } });

  await send(7);

  expect(calls.map(({ ids }) => ids.length)).toEqual([3, 3, 1]);
});

test('never asks for more messages than a batch takes', async () => {
  const { queue, send } = await world({ queue: { batchSize: 3 } });

  await send(7);

  expect(queue.of('receive').every(({ count }) => count === 3)).toBe(true);
});

test('hands over no more than a batch size when more come than were asked for', async () => {
  const { calls, send } = await world({
    queue: { batchSize: 3 },
    through: (real) => ({
      send: (...args) => real.send(...args),
      delete: (...args) => real.delete(...args),
      delay: (...args) => real.delay(...args),
      receive: (name, options) => real.receive(name, { ...options, max: 10 }),
    }),
  });

  await send(7);

  expect(calls.map(({ ids }) => ids.length)).toEqual([3, 3, 1]);
});

test('hands messages over at once when there is no window', async () => {
  const { clock, calls, send } = await world();
  await clock.advance(1_000);

  await send(2);

  expect(calls.map(({ at, ids }) => [at, ids.length])).toEqual([[1_000, 2]]);
});

test('gathers the messages of a window into one batch', async () => {
  const { clock, calls, send } = await world({ queue: { batchWindowSeconds: 5 } });

  await send(1);
  await clock.advance(3_000);
  await send(1);
  await clock.advance(2_000);

  expect(calls.map(({ at, ids }) => [at, ids.length])).toEqual([[5_000, 2]]);
});

test('opens the window with the first message', async () => {
  const { clock, calls, send } = await world({ queue: { batchWindowSeconds: 5 } });
  await clock.advance(61_000);

  await send(1);
  await clock.advance(60_000);

  expect(calls.map(({ at }) => at)).toEqual([66_000]);
});

test('hands a full batch over before its window ends', async () => {
  const { calls, queue, send } = await world({ queue: { batchSize: 25, batchWindowSeconds: 300 } });

  await send(25);

  expect(calls.map(({ at, ids }) => [at, ids.length])).toEqual([[0, 25]]);
  expect(
    queue
      .of('receive')
      .slice(0, 3)
      .map(({ count }) => count),
  ).toEqual([10, 10, 5]);
});

test('takes along what comes in the last part of a second of the window', async () => {
  const { clock, calls, send } = await world({ queue: { batchSize: 100, batchWindowSeconds: 2 } });

  await send(1);
  await clock.advance(1_300);
  await send(1);
  await clock.advance(400);
  await send(25);
  await clock.advance(300);

  expect(calls.map(({ at, ids }) => [at, ids.length])).toEqual([[2_000, 27]]);
});

test('polls with whole seconds, as SQS asks for, and not beyond the window', async () => {
  const { clock, queue, send } = await world({ queue: { batchSize: 100, batchWindowSeconds: 30 } });

  await send(1);
  await clock.advance(1_500);
  await send(1);
  await clock.advance(28_500);

  const waits = queue.of('receive').map(({ waitSeconds }) => waitSeconds);
  expect(waits.slice(0, 6)).toEqual([20, 20, 20, 8, 0, 20]);
});

test('hands over at most 6 MB at once', async () => {
  const { calls, send } = await world();

  await send(10, mebibyte);

  const sizes = calls.map(({ event }) => Buffer.byteLength(JSON.stringify(event)));
  expect(sizes).toHaveLength(2);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(6_291_456);
});

test('opens the next batch with a message that did not fit into the last one', async () => {
  const { calls, send } = await world();

  await send(10, mebibyte);

  expect(calls.map(({ ids }) => ids)).toEqual([
    ['message-1', 'message-2', 'message-3', 'message-4', 'message-5'],
    ['message-6', 'message-7', 'message-8', 'message-9', 'message-10'],
  ]);
});

test('measures the payload in bytes of JSON', async () => {
  const { calls, send } = await world();

  await send(10, '"'.repeat(1_048_576));

  expect(calls.map(({ ids }) => ids.length)).toEqual([2, 2, 2, 2, 2]);
});
