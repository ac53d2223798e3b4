import { type RateLimitText, Tallo } from 'tallo';
import { type MemoryCloud, memoryCloud } from 'tallo/testing';
import { expect, test } from 'vitest';
import { MortalWorker } from '../consumer/mortal-worker.ts';
import { mostStarts, times } from './world.ts';

test('a rate limit that is raised keeps no new calls behind the slots of the old one', async () => {
  const starts: number[] = [];
  let rateLimit: RateLimitText = '1/h';
  const define = () => {
    const app = new Tallo('changing');
    app.task('t', { rateLimit }, () => void starts.push(cloud.clock.now()));
    return app;
  };
  const client = define();
  const worker = new MortalWorker({ define, cloud: () => cloud });
  const cloud: MemoryCloud = memoryCloud(client, { handler: worker.handler });
  await Promise.all(times(100, () => client.sendTask('t')));
  await cloud.advance('10m');
  const before = starts.length;
  expect(before).toBeLessThan(3);

  worker.kill();
  rateLimit = '10/s';
  await Promise.all(times(20, () => client.sendTask('t')));
  await cloud.advance('3s');
  expect(starts).toHaveLength(before + 20);

  await cloud.untilIdle();
  expect(starts).toHaveLength(120);
  expect(mostStarts(starts, 1_000)).toBeLessThanOrEqual(12);
  await cloud.stop();
});
