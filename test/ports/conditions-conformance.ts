import { expect, test } from 'vitest';
import type { Change, Condition } from '../../sdk/ports/table.ts';
import { conditionCases, ready, unlessDone, unlessMember, unlessReady } from './condition-cases.ts';
import type { MakeCloud } from './fixture.ts';

const ten = Array.from({ length: 10 }, (_, index) => index);

export function conditions(makeCloud: MakeCloud): void {
  deciding(makeCloud);
  changingOnCondition(makeCloud);
}

function deciding(makeCloud: MakeCloud): void {
  test.for(conditionCases)('decides about a put, %s', async ([, condition, before, expected]) => {
    const { cloud } = await makeCloud();
    if (before) await cloud.table.put(before);

    const done = await cloud.table.put({ id: 'row', put: 'here' }, condition);

    expect(done).toBe(expected);
    const after = expected ? { id: 'row', put: 'here' } : before;
    expect(await cloud.table.read(['row'], { consistent: true })).toEqual(after ? [after] : []);
  });

  test.for(conditionCases)('decides about a change, %s', async ([, condition, before, expected]) => {
    const { cloud } = await makeCloud();
    if (before) await cloud.table.put(before);
    const change = { set: { changed: 'here' }, add: { count: 1, seen: new Set([1]) } };

    const row = await cloud.table.change('row', change, condition);

    const changed = { ...before, id: 'row', changed: 'here', count: 1, seen: new Set([1]) };
    expect(row).toEqual(expected ? changed : undefined);
    const after = expected ? changed : before;
    expect(await cloud.table.read(['row'], { consistent: true })).toEqual(after ? [after] : []);
  });

  test.each(['size', 'value', 'a.b', 'with space', '#attribute', ':value0'])(
    'finds an attribute whatever it is called: %s',
    async (attribute) => {
      const { cloud } = await makeCloud();
      await cloud.table.putAll([
        { id: 'text', [attribute]: 'SUCCESS' },
        { id: 'set', [attribute]: new Set(['a']) },
      ]);
      const olderThan = { attribute, value: 1 };

      const done = [
        await cloud.table.put({ id: 'text' }, { unless: { attribute, isOneOf: ready, olderThan } }),
        await cloud.table.put({ id: 'text' }, { unless: { attribute, exists: true } }),
        await cloud.table.put({ id: 'text', [attribute]: 7 }, { only: { attribute, isOneOf: ['SUCCESS'] } }),
        await cloud.table.put({ id: 'text' }, { unless: { attribute, atLeast: 7 } }),
        await cloud.table.put({ id: 'text' }, { only: { attribute, atLeast: 7 } }),
        await cloud.table.change(
          'set',
          { set: { [attribute]: 1 } },
          { unless: { attribute, contains: 'a' } },
        ),
      ];

      expect(done).toEqual([false, false, true, false, true, undefined]);
    },
  );
}

function changingOnCondition(makeCloud: MakeCloud): void {
  test('sets and adds in one step, numbers and sets, as long as the condition holds', async () => {
    const { cloud } = await makeCloud();
    await cloud.table.put({ id: 'row', kept: 'here', count: 4, members: new Set([1]), state: 'STARTED' });
    const record = () =>
      cloud.table.change(
        'row',
        {
          set: { state: 'SUCCESS', tag: 'x' },
          add: { count: -1, members: new Set([7]), others: new Set(['a']) },
        },
        unlessMember,
      );

    const rows = [await record(), await record()];

    const after = {
      id: 'row',
      kept: 'here',
      count: 3,
      members: new Set([1, 7]),
      others: new Set(['a']),
      state: 'SUCCESS',
      tag: 'x',
    };
    expect(rows).toEqual([after, undefined]);
    expect(await cloud.table.read(['row'], { consistent: true })).toEqual([after]);
  });

  test.for([
    ['absent', { absent: true }, { set: { by: 'one' } }],
    ['one of', unlessReady, { set: { status: 'FAILURE' } }],
    ['contains', unlessMember, { add: { members: new Set([7]), count: 1 } }],
    ['at least', { unless: { attribute: 'count', atLeast: 1 } }, { add: { count: 1 } }],
    ['exists', unlessDone, { set: { done: 'yes' }, add: { count: 1 } }],
  ] as [string, Condition, Change][])(
    'lets one of many changes at the same time happen, %s',
    async ([, condition, change]) => {
      const { cloud } = await makeCloud();

      const changed = await Promise.all(ten.map(() => cloud.table.change('row', change, condition)));

      const happened = changed.filter((row) => row !== undefined);
      expect(happened).toEqual([{ id: 'row', ...change.set, ...change.add }]);
      expect(await cloud.table.read(['row'], { consistent: true })).toEqual(happened);
    },
  );

  test('loses none of many changes at the same time that all may happen', async () => {
    const { cloud } = await makeCloud();

    const changed = await Promise.all(
      ten.map((index) =>
        cloud.table.change(
          'row',
          { add: { count: 1, members: new Set([index]) } },
          { unless: { attribute: 'members', contains: index } },
        ),
      ),
    );

    expect(changed).not.toContain(undefined);
    const [row] = await cloud.table.read(['row'], { consistent: true });
    expect(row).toEqual({
      id: 'row',
      count: 10,
      members: new Set(ten),
    });
  });

  test('creates a row by a change of nothing, on a condition', async () => {
    const { cloud } = await makeCloud();
    const create = () => cloud.table.change('row', {}, { absent: true });

    expect([await create(), await create()]).toEqual([{ id: 'row' }, undefined]);
    expect(await cloud.table.change('row', {}, { unless: { attribute: 'x', isOneOf: [] } })).toEqual({
      id: 'row',
    });
  });
}
