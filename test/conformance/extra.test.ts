import { AsyncResult, chain, chord, GroupResult, group } from 'tallo';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { patience, stage, type Value, valueFrom } from './stage.ts';
import { times } from './world.ts';

describe('workflows without members, or with one', () => {
  test('E4: an empty chain gives null', async () => {
    expect(await chain().delay()).toBeNull();
  });

  test('E5: an empty group gives an empty list', async () => {
    const result = await group([]).delay();

    expect(result).toBeInstanceOf(GroupResult);
    expect(await result.get(patience)).toEqual([]);
  });

  test('E6: the body of an empty chord is given an empty list', async () => {
    await using s = stage();

    expect(await valueFrom(chord([], s.tsum.s()))).toBe(0);
    expect(await valueFrom(chord([], s.identity.s()))).toEqual([]);
  });

  test('E7: a group of one gives a list', async () => {
    await using s = stage();

    expect(await valueFrom(group(s.add.s(1, 1)))).toEqual([2]);
  });

  test('E8: a chain of a group of one gives its value; an array stays a list (Celery: 2)', async () => {
    await using s = stage();

    expect(await valueFrom(chain(group(s.add.s(1, 1))))).toBe(2);
    expect(await valueFrom(chain(group([s.add.s(1, 1)])))).toEqual([2]);
  });

  test('E9: what follows a group of one gets a list', async () => {
    await using s = stage();

    expect(await valueFrom(chain(group(s.add.s(1, 1)), s.tsum.s()))).toBe(2);
  });

  test('E10: a group of one at the end of a chain is its member', async () => {
    await using s = stage();

    const result = await chain(s.add.s(1, 1), group(s.add.s(5))).delay();

    expect(result).toBeInstanceOf(AsyncResult);
    expect(await result?.get(patience)).toBe(7);
  });

  test('E11: an empty group at the head of a chain', async () => {
    await using s = stage();

    expect(await valueFrom(chain(group([]), s.tsum.s()))).toBe(0);
  });

  test('E12: an empty group in the middle of a chain', async () => {
    await using s = stage();

    expect(await valueFrom(chain(s.add.s(1, 1), group([]), s.tsum.si([1])))).toBe(1);
  });
});

describe('arguments', () => {
  /** `add` with its third number as a keyword argument. */
  function addWithKeyword({ app }: Pick<ReturnType<typeof stage>, 'app'>) {
    const options = {
      args: z.tuple([z.number(), z.number()]),
      kwargs: z.object({ z: z.number().default(0) }),
    };
    return app.task('add_with_keyword', options, (x, y, { z: third }) => x + y + third);
  }

  test('E25: an immutable step leaves the result before it unused', async () => {
    await using s = stage();

    expect(await valueFrom(chain(s.add.s(1, 1), s.add.si(10, 10), s.add.s(5)))).toBe(25);
  });

  test('E26: a partial is called with the arguments that it misses, and keyword arguments', async () => {
    await using s = stage();
    const add = addWithKeyword(s);

    const result = await s.add.s(2).applyAsync([3]);
    expect(await result.get(patience)).toBe(5);

    const partial = s.app.signature<[number], number>('add_with_keyword', [2]);
    const withKeyword = await partial.applyAsync([3], { kwargs: { z: 4 } });
    expect(await withKeyword.get(patience)).toBe(9);
    expect(await valueFrom(add.s(2, 3, { z: 4 }))).toBe(9);
  });

  test('E27: the arguments of a group go to every member', async () => {
    await using s = stage();

    const result: Value = await group(s.add.s(1), s.add.s(2)).delay(10);

    expect(await result.get(patience)).toEqual([11, 12]);
  });

  test('E28: the arguments of a chain go to its first step', async () => {
    await using s = stage();
    addWithKeyword(s);
    const add = (x: number) => s.app.signature<[number], number>('add_with_keyword', [x]);

    const result: Value = await chain(add(1), add(2)).applyAsync([10], { kwargs: { z: 100 } });

    expect(await result.get(patience)).toBe(113);
  });

  test('E29: map', async () => {
    await using s = stage();

    expect(await valueFrom(s.tsum.map([[1, 2], [3]]))).toEqual([3, 3]);
  });

  test('E30: chunks', async () => {
    await using s = stage();
    const pairs = times(5, (i): [number, number] => [i, i]);

    expect(await valueFrom(s.add.chunks(pairs, 2))).toEqual([[0, 2], [4, 6], [8]]);
  });
});

describe('workflows in workflows', () => {
  test('E33: a chain in a group', async () => {
    await using s = stage();
    const { add } = s;

    expect(await valueFrom(group(chain(add.s(1, 1), add.s(1)), add.s(5, 5)))).toEqual([3, 10]);
  });

  test('E34: a chain that ends in a group, in a group', async () => {
    await using s = stage();
    const { add } = s;

    const inner = chain(add.s(1, 1), group(add.s(1), add.s(2)));

    expect(await valueFrom(group(inner, add.s(5, 5)))).toEqual([[3, 4], 10]);
  });

  test('E37: tasks after a chord', async () => {
    await using s = stage();
    const { add, tsum } = s;

    const first = chord([add.s(1, 1), add.s(2, 2)], tsum.s());

    expect(await valueFrom(chain(first, add.s(1), add.s(2)))).toBe(9);
  });

  test('E38: a group after a chord', async () => {
    await using s = stage();
    const { add, tsum } = s;

    const first = chord([add.s(1, 1), add.s(2, 2)], tsum.s());

    expect(await valueFrom(chain(first, group(add.s(1), add.s(2))))).toEqual([7, 8]);
  });

  test('E39: a group after a group', async () => {
    await using s = stage();
    const { add, tsum } = s;

    const steps = chain(group(add.s(1, 1), add.s(2, 2)), group(tsum.s(), tsum.s()));

    expect(await valueFrom(steps)).toEqual([6, 6]);
  });

  test('E40: a task after a group after a group', async () => {
    await using s = stage();
    const { add, tsum } = s;

    const steps = chain(group(add.s(1, 1), add.s(2, 2)), group(tsum.s(), tsum.s()), tsum.s());

    expect(await valueFrom(steps)).toBe(12);
  });
});
