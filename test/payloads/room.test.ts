import { expect, test } from 'vitest';
import { text, world } from './world.ts';

const mebibyte = 1_048_576;

/** How many runs of large calls are under way at a time, and how many batches there were. */
async function crowd(memoryMiB: number, sizes: readonly number[], seconds = 1) {
  const timeLimit = seconds + 1;
  const queues = { default: { memoryMiB, timeLimit, concurrency: 2, visibilityTimeout: 60 } };
  const it = world({ reorder: false, patience: '20s' }, { queues });
  let running = 0;
  let most = 0;
  const slow = it.app.task('slow', async (given: string) => {
    running += 1;
    most = Math.max(most, running);
    await it.cloud.clock.sleep(seconds * 1_000);
    running -= 1;
    return given.length;
  });
  const results = await Promise.all(sizes.map((size) => slow.delay(text(size * mebibyte))));
  const values = await Promise.all(results.map((result) => result.get()));
  await it[Symbol.asyncDispose]();
  return { most, values, gets: it.cloud.payloads.requests.get };
}

test('a worker holds no more payloads at a time than it has memory for', async () => {
  const eight = Array.from({ length: 8 }, () => 2);

  // A sixteenth of it: 8 MiB, less than four of them with what is around them.
  const small = await crowd(128, eight);
  const large = await crowd(1_024, eight);

  expect(small).toMatchObject({ most: 3, values: eight.map((size) => size * mebibyte) });
  expect(large.most).toBe(8);
});

test('a payload that is larger than all that goes alone', async () => {
  const { most, values } = await crowd(128, [9, 9]);

  expect(most).toBe(1);
  expect(values).toEqual([9 * mebibyte, 9 * mebibyte]);
});

test('what has waited so long that its time would not be enough is given back unread, and comes in another batch', async () => {
  // Each batch lasts 22 seconds at most.
  const { values, gets } = await crowd(128, [9, 9, 9, 9], 19);

  expect(values).toHaveLength(4);
  // None was fetched in vain.
  expect(gets).toBe(4);
});
