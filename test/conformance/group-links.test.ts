import { group } from 'tallo';
import { describe, expect, test } from 'vitest';
import { stage, valueFrom } from './stage.ts';
import { expectedException, times } from './world.ts';

describe('callbacks and error callbacks of a group', () => {
  test.each([
    ['76: the first member fails', true],
    ['77: the last member fails', false],
  ])('%s', async (_name, isFirst) => {
    await using s = stage();
    const members = isFirst ? [s.fail.s(), s.identity.si(42)] : [s.identity.si(42), s.fail.s()];

    await expect(valueFrom(group(members).linkError(s.echo.si('failed')))).rejects.toMatchObject(
      expectedException,
    );

    await s.cloud.untilIdle();
    expect(s.messages).toEqual(['failed']);
  });

  test('79: many members fail: one call for each', async () => {
    await using s = stage();
    const members = [...times(24, () => s.identity.si(42)), ...times(42, () => s.fail.s())];

    await expect(valueFrom(group(members).linkError(s.count.si('failed')))).rejects.toMatchObject(
      expectedException,
    );

    await s.cloud.untilIdle();
    expect(s.counts).toEqual(new Map([['failed', 42]]));
  });

  test('80: members with callbacks', async () => {
    await using s = stage();
    const member = s.identity.si(1337).link(s.count.si('linked'));

    expect(await valueFrom(group(times(42, () => member)))).toEqual(times(42, () => 1337));

    await s.cloud.untilIdle();
    expect(s.counts).toEqual(new Map([['linked', 42]]));
  });
});

describe('a member that is replaced', () => {
  test('82: in a group with a callback', async () => {
    await using s = stage();
    const both = group(s.addReplaced.si(42, 1337), s.identity.si(31_337));

    expect(await valueFrom(both.link(s.count.si('linked')))).toEqual([1379, 31_337]);

    await s.cloud.untilIdle();
    expect(s.counts).toEqual(new Map([['linked', 1]]));
  });

  test('83: in a group with an error callback, beside one that fails', async () => {
    await using s = stage();
    const both = group(s.addReplaced.si(42, 1337), s.fail.s());

    await expect(valueFrom(both.linkError(s.count.si('failed')))).rejects.toMatchObject(expectedException);

    await s.cloud.untilIdle();
    expect(s.counts).toEqual(new Map([['failed', 1]]));
  });

  test('85: by one that fails, with an error callback of its own', async () => {
    await using s = stage();
    const both = group(s.failReplaced.si().linkError(s.count.si('failed')), s.identity.si(42));

    await expect(valueFrom(both)).rejects.toMatchObject(expectedException);

    await s.cloud.untilIdle();
    expect(s.counts).toEqual(new Map([['failed', 1]]));
  });

  test('86: by a chain, as the first', async () => {
    await using s = stage();

    expect(await valueFrom(group(s.replaceWithChain.si(42), s.identity.s(1337)))).toEqual([42, 1337]);
  });

  test('88: by a chain, as the last', async () => {
    await using s = stage();

    expect(await valueFrom(group(s.identity.s(42), s.replaceWithChain.s(1337)))).toEqual([42, 1337]);
  });

  test('89: by a group: the order stays', async () => {
    await using s = stage();
    const members = times(10, () => [s.addToAll.s([2, 1], 1), s.addToAll.s([4, 3], 1)]).flat();

    const values = times(10, () => [
      [3, 2],
      [5, 4],
    ]).flat();
    expect(await valueFrom(group(members))).toEqual(values);
  });
});
