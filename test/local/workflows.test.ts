import { chain, chord, group, silentLogger } from 'tallo';
import { type LocalCloud, startLocalCloud } from 'tallo/local';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fixture } from '../conformance/fixture-tasks.ts';

const { app, messages, ...tasks } = fixture();
const { add, tsum, identity, fail, addToAll, addToAllToChord, replaceWithChain, echo } = tasks;
const waiting = { timeout: '60s' } as const;
let cloud: LocalCloud;

beforeAll(async () => {
  cloud = await startLocalCloud(app, { log: silentLogger });
});

afterAll(() => cloud.stop());

/** A good part of the conformance list, over the real protocols. */
const workflows = {
  '7: a chain of three': [() => chain(add.s(4, 4), add.s(8), add.s(16)), 32],
  '13: a chain inside a group is given the result': [
    () => chain(add.s(5, 6), group(chain(add.s(1), add.s(2)), add.s(3))),
    [14, 14],
  ],
  '16: a group whose member ends in a group': [
    () => group(identity.si(1), identity.si(2), chain(identity.si(5), group(identity.si(3), identity.si(4)))),
    [1, 2, [3, 4]],
  ],
  '22: task, group, group, task': [
    () => chain(add.si(1, 0), group(add.s(1), add.s(1)), group(tsum.s(), tsum.s()), tsum.s()),
    8,
  ],
  '65: groups in groups': [
    () => group(add.si(1, 10), group(add.si(1, 100), group(add.si(1, 1_000), add.si(1, 2_000)))),
    [11, 101, 1_001, 2_001],
  ],
  '86: a member that replaces itself with a chain': [
    () => group(replaceWithChain.si(42), identity.s(1_337)),
    [42, 1_337],
  ],
  '94: members that a member adds': [
    () => chain(group([addToAllToChord.s([1, 2, 3], 4)]), identity.s()),
    [0, 5, 6, 7],
  ],
  '97: a group behind a task replaced by another': [
    () => chain(add.s(2, 2), group(Array.from({ length: 4 }, (_, i) => add.s(i))), addToAll.s(8)),
    [12, 13, 14, 15],
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
    () => chain(group(Array.from({ length: 1_000 }, (_, i) => identity.si(i))), tsum.s()),
    499_500,
  ],
} as const;

describe('on the local cloud', () => {
  for (const [name, [build, value]] of Object.entries(workflows)) {
    test(name, async () => {
      const result = await build().delay();

      expect(await result.get(waiting)).toEqual(value);
    });
  }

  test('128: the error of a chain in a header is thrown', async () => {
    const result = await chord([chain(identity.si(42), fail.s(), identity.si(42))], identity.s()).delay();

    await expect(result.get(waiting)).rejects.toThrow('Task expected to fail');
  });

  test('125: the error callback of a chord runs once', async () => {
    const result = await chord([fail.si(), identity.si(1)], identity.s())
      .linkError(echo.si('failed'))
      .delay();

    await expect(result.get(waiting)).rejects.toThrow('Task expected to fail');
    await expect.poll(() => messages, { timeout: 20_000 }).toEqual(['failed']);
  });

  test('a chord of 10,000: in order, with at most 0.25 requests per member for joining', async () => {
    const size = 10_000;
    cloud.traffic.reset();

    const result = await chord(
      Array.from({ length: size }, (_, i) => identity.s(i)),
      identity.s(),
    ).delay();
    const values: unknown = await result.get({ timeout: '3m', interval: '5s' });

    expect(values).toEqual(Array.from({ length: size }, (_, i) => i));
    // Every read is counted too: of the join's rows, of the members' results, and by who waits.
    const joining = cloud.traffic.count('DynamoDB.UpdateItem') + cloud.traffic.count('DynamoDB.BatchGetItem');
    expect(joining / size, JSON.stringify(cloud.traffic.byAction())).toBeLessThanOrEqual(0.25);
  }, 240_000);
});
