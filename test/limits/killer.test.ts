import { Tallo } from 'tallo';
import { type MemoryCloud, memoryCloud } from 'tallo/testing';
import { expect, test } from 'vitest';
import { MortalWorker } from '../consumer/mortal-worker.ts';

test('a call that kills its worker is buried although each redelivery has to wait for a slot', async () => {
  let [kills, others] = [0, 0];
  const define = () => {
    const app = new Tallo('kills', { queues: { default: { timeLimit: 5, batchSize: 1 } } });
    app.task('t', { rateLimit: '1/s' }, (isDeadly: boolean) => {
      if (!isDeadly) others += 1;
      if (!isDeadly) return;
      kills += 1;
      worker.kill();
    });
    return app;
  };
  const client = define();
  const worker = new MortalWorker({ define, cloud: () => cloud });
  const cloud: MemoryCloud = memoryCloud(client, { handler: worker.handler, patience: '5ms' });

  const deadly = await client.sendTask('t', [true]);
  for (let second = 0; second < 600; second += 1) {
    await client.sendTask('t', [false]);
    await cloud.advance('1s');
  }
  await cloud.untilIdle();

  expect(await deadly.state()).toBe('FAILURE');
  expect(cloud.deadLetters().map(({ attributes }) => attributes?.['tallo-reason'])).toEqual(['worker-lost']);
  expect(kills).toBe(4);
  expect(others).toBeGreaterThanOrEqual(600);
  await cloud.stop();
});
