import { expect, test } from 'vitest';
import { world } from './world.ts';

test('costs one long poll in 20 seconds while the queue is empty', async () => {
  const { clock, queue } = await world();

  await clock.advance(599_999);

  expect(queue.requests).toHaveLength(30);
  expect(queue.requests.every(({ action, waitSeconds }) => action === 'receive' && waitSeconds === 20)).toBe(
    true,
  );
});

test('costs no more than that with a window', async () => {
  const { clock, queue } = await world({ queue: { batchSize: 100, batchWindowSeconds: 5 } });

  await clock.advance(599_999);

  expect(queue.requests).toHaveLength(30);
});

test('pauses longer after each receive that fails, up to 5 seconds', async () => {
  const { clock, queue } = await world();
  queue.fault = new Error('connect ECONNREFUSED');

  await clock.advance(20_000 + 16_300);

  const failedAt = queue
    .of('receive')
    .slice(1)
    .map(({ at }) => at - 20_000);
  expect(failedAt).toEqual([100, 300, 700, 1_500, 3_100, 6_300, 11_300, 16_300]);
});

test('says that a receive failed and when it tries again', async () => {
  const { clock, queue, warnings } = await world();
  queue.fault = new Error('connect ECONNREFUSED');

  await clock.advance(20_000);

  expect(warnings).toEqual(["Receiving from 'store-default' failed; trying again in 100 ms."]);
});

test('goes on when the endpoint is back', async () => {
  const { clock, queue, calls, send } = await world();
  queue.fault = new Error('connect ECONNREFUSED');
  await clock.advance(60_000);

  queue.fault = undefined;
  await send(1);
  await clock.advance(5_000);

  expect(calls).toHaveLength(1);
});

test('pauses shortly again after a time without failures', async () => {
  const { clock, queue, warnings } = await world();
  queue.fault = new Error('connect ECONNREFUSED');
  await clock.advance(60_000);
  queue.fault = undefined;
  await clock.advance(40_000);

  queue.fault = new Error('connect ECONNREFUSED');
  await clock.advance(20_000);

  expect(warnings.filter((warning) => warning.includes('in 100 ms'))).toHaveLength(2);
});

test('hands over what it has when the endpoint fails in the window', async () => {
  const { clock, queue, calls, send } = await world({ queue: { batchSize: 100, batchWindowSeconds: 300 } });
  await send(3);

  queue.fault = new Error('connect ECONNREFUSED');
  await clock.advance(20_000);

  expect(calls.map(({ at, ids }) => [at, ids.length])).toEqual([[20_000, 3]]);
});
