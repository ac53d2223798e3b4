import { expect, test } from 'vitest';
import { world } from './world.ts';

test('tells the handler about its function', async () => {
  const { calls, send } = await world({ queue: { memoryMiB: 2_048 } });

  await send(1);

  expect(calls[0]?.context).toMatchObject({
    functionName: 'store-default-consumer',
    functionVersion: '$LATEST',
    invokedFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:store-default-consumer',
    memoryLimitInMB: '2048',
    logGroupName: '/aws/lambda/store-default-consumer',
  });
});

test('names each invocation differently', async () => {
  const { calls, send } = await world({ queue: { batchSize: 1 } });

  await send(2);

  expect(new Set(calls.map(({ context }) => context.awsRequestId)).size).toBe(2);
});

test('counts the time down from the timeout to nothing', async () => {
  const { clock, calls, send } = await world({ queue: { timeoutSeconds: 32 }, handler: 'waits' });
  await send(1);
  const left = () => calls[0]?.context.getRemainingTimeInMillis();

  const atFirst = left();
  await clock.advance(30_000);
  const later = left();
  await clock.advance(5_000);

  expect([atFirst, later, left()]).toEqual([32_000, 2_000, 0]);
});

test('has no callbacks', async () => {
  const { calls, send } = await world();

  await send(1);

  expect(() => calls[0]?.context.done()).toThrow('promise');
});
