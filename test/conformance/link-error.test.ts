import { expect, test } from 'vitest';
import { patience, stage, type Value } from './stage.ts';

/** ExpectedException("Task expected to fail", "test"). */
const sameException = { name: 'ExpectedException', args: ['Task expected to fail', 'test'] };

test('1: link_error, eager', async () => {
  await using s = stage({ taskAlwaysEager: true });
  const seen: Value[] = [];
  const errback = s.app.task('seen', (id: Value) => void seen.push(id));
  const result = await s.failWith.s('test').apply([], { linkError: errback.s() });

  expect(await result.get({ propagate: false })).toMatchObject(sameException);
  expect(seen).toEqual([result.id]);
});

test('2: link_error', async () => {
  await using s = stage();
  const errback = s.returnException.s().set({ taskId: 'errback' });
  const result = await s.failWith.applyAsync(['test'], { linkError: errback });

  expect(await result.get({ ...patience, propagate: false })).toMatchObject(sameException);
  expect(await s.app.AsyncResult('errback').get(patience)).toEqual([result.id]);
});

test('2: link_error gets the id of what failed', async () => {
  await using s = stage();
  const result = await s.failWith.applyAsync(['test'], { linkError: s.errbackOldStyle.s() });

  await expect(result.get(patience)).rejects.toMatchObject(sameException);

  await s.cloud.untilIdle();
  expect(s.counts).toEqual(new Map([[result.id, 1]]));
});

test('4: an error callback that retries', async () => {
  await using s = stage();
  const errback = s.retryOnce.s().set({ taskId: 'errback' });
  const result = await s.failWith.applyAsync(['test'], { linkError: errback });

  expect(await result.get({ timeout: '6s', propagate: false })).toMatchObject(sameException);
  expect(await s.app.AsyncResult('errback').get(patience)).toBe(1);
});

test('5: an error callback by the name of a signature, eager', async () => {
  await using s = stage({ taskAlwaysEager: true });
  const signature = s.app.signature('fail_with', ['test']).linkError(s.app.signature('return_exception'));
  const result = await signature.apply([]);

  expect(await result.get({ propagate: false })).toMatchObject(sameException);
});
