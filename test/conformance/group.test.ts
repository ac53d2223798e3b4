import { AsyncResult, chain, chord, GroupResult, group } from 'tallo';
import { describe, expect, test } from 'vitest';
import { patience, stage, type Value, valueFrom } from './stage.ts';
import { times } from './world.ts';

describe('a set of results', () => {
  test('59: gives the values of what is in it', async () => {
    await using s = stage();

    const set = s.app.ResultSet([await s.add.delay(1, 1), await s.add.delay(2, 2)]);

    expect(await set.get(patience)).toEqual([2, 4]);
  });

  test('61: may be filled later', async () => {
    await using s = stage();
    const set = s.app.ResultSet<AsyncResult<Value>>();

    set.add(await s.add.delay(1, 1));
    set.add(await s.add.delay(2, 2));

    expect(await set.get(patience)).toEqual([2, 4]);
  });
});

describe('a group', () => {
  test('62: is ready when a member has failed', async () => {
    await using s = stage();

    const result = await group(s.add.s(1, 2).set({ countdown: '1m' }), s.raiseError.s()).delay();
    await s.cloud.advance('30s');
    const before = [await result.ready(), await result.failed()];
    await s.cloud.advance('31s');

    expect(before).toEqual([false, true]);
    expect([await result.ready(), await result.waiting()]).toEqual([true, false]);
    expect([await result.failed(), await result.successful()]).toEqual([true, false]);
  });

  test('64: its members know their root and their parent', async () => {
    await using s = stage();
    const { ids } = s;

    const members = group(times(48, (i) => ids.si(i + 2)));
    const result: Value = await chain(ids.si(1), ids.si(2), members).delay();
    const values = await result.get(patience);

    expect(result).toBeInstanceOf(GroupResult);
    const second = result.parent;
    const first = second.parent;
    expect(first).toBeInstanceOf(AsyncResult);
    expect(first.parent).toBeNull();
    expect(values).toEqual(times(48, (i) => [first.id, second.id, i + 2]));
    expect(await second.get(patience)).toEqual([first.id, first.id, 2]);
  });

  test('65: inside groups gives its results one by one', async () => {
    await using s = stage();
    const { add } = s;

    const inner = group(add.si(1, 100), group(add.si(1, 1000), add.si(1, 2000)));

    expect(await valueFrom(group(add.si(1, 10), inner))).toEqual([11, 101, 1001, 2001]);
  });

  test('67: alone', async () => {
    await using s = stage();

    expect(await valueFrom(group(s.identity.s(42), s.identity.s(42)))).toEqual([42, 42]);
  });

  test('68: of nothing but a group', async () => {
    await using s = stage();

    expect(await valueFrom(group(group(s.identity.s(42), s.identity.s(42))))).toEqual([42, 42]);
  });
});

describe('a group of one chord', () => {
  test('70: whose header is a chain', async () => {
    await using s = stage();
    const { identity } = s;

    const header = [chain(times(42, () => identity.si(1337)))];

    expect(await valueFrom(group([chord(header, identity.s())]))).toEqual([[1337]]);
    expect(await valueFrom(group(chord(header, identity.s())))).toEqual([[1337]]);
  });

  test('71: whose header is a group', async () => {
    await using s = stage();
    const { identity } = s;

    const header = [group(times(42, () => identity.si(1337)))];

    expect(await valueFrom(group(chord(header, identity.s())))).toEqual([times(42, () => 1337)]);
  });

  test('73: whose header has everything', async () => {
    await using s = stage();
    const { identity } = s;
    const many = () => times(42, () => identity.si(42));

    const header = [identity.si(42), chain(many()), group(many()), chord(many(), identity.si(1337))];

    expect(await valueFrom(group(chord(header, identity.s())))).toEqual([[...times(44, () => 42), 1337]]);
  });

  test('74: whose body is a chain', async () => {
    await using s = stage();

    expect(await valueFrom(group(chord(s.identity.si(42), chain(s.identity.s()))))).toEqual([[42]]);
  });
});
