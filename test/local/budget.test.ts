import { silentLogger, Tallo } from 'tallo';
import { startLocalCloud } from 'tallo/local';
import { expect, test } from 'vitest';

const tasks = 1_000;

test('a short task of a burst costs at most 0.45 requests, counted where they arrive', async () => {
  const app = new Tallo('budget');
  const add = app.task('math.add', (x: number, y: number) => x + y);
  await using cloud = await startLocalCloud(app, { log: silentLogger });
  await (await add.delay(1, 1)).get({ timeout: '20s' });
  cloud.traffic.reset();

  const results = await Promise.all(Array.from({ length: tasks }, (_, i) => add.delay(i, 1)));
  const sums = await Promise.all(results.map((result) => result.get({ timeout: '60s' })));

  const waiting = cloud.traffic.count('DynamoDB.BatchGetItem');
  const perTask = (cloud.traffic.count() - waiting) / tasks;
  expect(sums).toEqual(results.map((_, i) => i + 1));
  expect(perTask, JSON.stringify(cloud.traffic.byAction())).toBeLessThanOrEqual(0.45);
});
