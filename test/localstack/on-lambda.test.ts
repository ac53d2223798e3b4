import { chain, chord, group } from 'tallo';
import { afterAll, describe, expect, test } from 'vitest';
import { app, tasks } from './apps/conformance.ts';

const { add, mul, tsum, identity, fail, retryOnce, addToAll, addToAllToChord, replaceWithChain } = tasks;
const waiting = { timeout: '60s' } as const;

afterAll(() => app.close());

describe('calls, run by the deployed functions', () => {
  test('200 calls', async () => {
    const results = await Promise.all(Array.from({ length: 200 }, (_, n) => add.delay(n, 1)));

    const sums = await Promise.all(results.map((result) => result.get(waiting)));

    expect(sums).toEqual(results.map((_, n) => n + 1));
  });

  test('in each lane of a queue', async () => {
    const results = await Promise.all(
      [0, 9].map((priority) => mul.applyAsync([6, 7], { queue: 'urgent', priority })),
    );

    expect(await Promise.all(results.map((result) => result.get(waiting)))).toEqual([42, 42]);
  });

  test('a retry', async () => {
    expect(await (await retryOnce.delay()).get(waiting)).toBe(1);
  });

  test('a time to come', async () => {
    const eta = new Date(Date.now() + 3_000);

    const result = await identity.applyAsync(['later'], { eta });
    const value = await result.get(waiting);
    const { dateDone } = await result.meta();

    expect(value).toBe('later');
    expect(Number(dateDone)).toBeGreaterThanOrEqual(Number(eta));
  });

  test('an error, as the caller sees it', async () => {
    await expect((await fail.delay()).get(waiting)).rejects.toThrow('Task expected to fail');
  });
});

/** A part of the conformance list. */
const workflows = {
  '7: a chain of three': [() => chain(add.s(4, 4), add.s(8), add.s(16)), 32],
  '16: a group whose member ends in a group': [
    () => group(identity.si(1), identity.si(2), chain(identity.si(5), group(identity.si(3), identity.si(4)))),
    [1, 2, [3, 4]],
  ],
  '22: task, group, group, task': [
    () => chain(add.si(1, 0), group(add.s(1), add.s(1)), group(tsum.s(), tsum.s()), tsum.s()),
    8,
  ],
  '86: a member that replaces itself with a chain': [
    () => group(replaceWithChain.si(42), identity.s(1_337)),
    [42, 1_337],
  ],
  '94: members that a member adds': [
    () => chain(group([addToAllToChord.s([1, 2, 3], 4)]), identity.s()),
    [0, 5, 6, 7],
  ],
  '103: chords in the header of a chord': [
    () =>
      chord(
        [chord([add.s(1, 2), add.s(3, 4)], add.s([5])), chord([add.s(6, 7)], add.s([10]))],
        addToAll.s(['A']),
      ),
    [
      [3, 7, 5, 'A'],
      [13, 10, 'A'],
    ],
  ],
  '115: a large header': [
    () => chain(group(Array.from({ length: 200 }, (_, i) => identity.si(i))), tsum.s()),
    19_900,
  ],
} as const;

describe('workflows, run by the deployed functions', () => {
  for (const [name, [build, value]] of Object.entries(workflows)) {
    test.concurrent(name, async () => {
      expect(await (await build().delay()).get(waiting)).toEqual(value);
    });
  }

  test('128: the error of a chain in a header is thrown', async () => {
    const result = await chord([chain(identity.si(42), fail.s(), identity.si(42))], identity.s()).delay();

    await expect(result.get(waiting)).rejects.toThrow('Task expected to fail');
  });
});
