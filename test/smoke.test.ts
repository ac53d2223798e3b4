import { expect, test } from 'vitest';
import { Tallo, NotRegistered, Reject } from 'tallo';
import { memoryCloud } from 'tallo/testing';
import * as z from 'zod';

test('smoke', async () => {
  const app = new Tallo('smoke');
  const add = app.task('add', (x: number, y: number) => x + y);
  const flaky = app.task('flaky', { bind: true, maxRetries: 5 }, (self) => {
    if (self.request.retries < 3) self.retry({ countdown: '1h' });
    return self.request.retries;
  });
  const boom = app.task('boom', () => { throw new RangeError('x'); });
  const rej = app.task('rej', () => { throw new Reject('never'); });
  const parsed = app.task('parsed', { args: z.tuple([z.object({ n: z.number() })]) }, ({ n }) => n);
  const hang = app.task('hang', { timeLimit: '5s' }, () => new Promise<void>(() => {}));
  await using cloud = memoryCloud(app, { duplicates: 0.1 });
  expect(await (await add.delay(2, 3)).get()).toBe(5);
  const t0 = cloud.clock.now();
  const r = await flaky.delay();
  expect(await r.get()).toBe(3);
  expect(cloud.clock.now() - t0).toBe(3 * 3600_000);
  await expect((await boom.delay()).get()).rejects.toThrow(RangeError);
  await expect((await rej.delay()).get()).rejects.toThrow('never');
  console.log(cloud.deadLetters());
  expect(await (await parsed.delay({ n: 3 })).get()).toBe(3);
  await expect((await app.sendTask('nope')).get()).rejects.toThrow(NotRegistered);
  await expect((await app.sendTask('parsed', [1])).get()).rejects.toThrow(TypeError);
  await expect((await hang.delay()).get()).rejects.toThrow('TimeLimit');
  const rs = await Promise.all(Array.from({ length: 1000 }, (_, i) => add.delay(i, 1)));
  expect((await Promise.all(rs.map((x) => x.get()))).at(-1)).toBe(1000);
});
