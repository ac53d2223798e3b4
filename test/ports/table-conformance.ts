import { describe, expect, test } from 'vitest';
import type { Change, Condition, Item } from '../../sdk/ports/table.ts';
import type { MakeCloud } from './fixture.ts';

const ok = { ok: true };

export function tableConformance(name: string, makeCloud: MakeCloud): void {
  describe.concurrent(`table: ${name}`, () => {
    reading(makeCloud);
    putting(makeCloud);
    puttingMany(makeCloud);
    changing(makeCloud);
    conditions(makeCloud);
    changingOnCondition(makeCloud);
    independence(makeCloud);
    deleting(makeCloud);
  });
}

const rows = (count: number): Item[] =>
  Array.from({ length: count }, (_, index) => ({ id: `row-${index}`, index }));

const idsOf = (items: readonly Item[]) => items.map(({ id }) => id);

function reading(makeCloud: MakeCloud): void {
  test('reads a row as it was put', async () => {
    const { cloud } = await makeCloud();
    const item = {
      id: "b'celery-task-meta-1'",
      state: 'SUCCESS',
      name: '',
      size: -0.5,
      timestamp: 1_763_600_000.123,
      ttl: 1_763_700_000,
      on: false,
      result: new Uint8Array([0, 1, 254, 255]),
      members: new Set([1, 2, 100_000]),
      tags: new Set(['a', 'é🌿']),
    };

    await cloud.table.put(item);

    const [read] = await cloud.table.read([item.id], { consistent: true });
    expect(read).toEqual(item);
  });

  test('reads a hundred rows at once, and leaves out those that are missing', async () => {
    const { cloud } = await makeCloud();
    await cloud.table.putAll(rows(3));

    const read = await cloud.table.read(idsOf(rows(100)), { consistent: true });

    expect(idsOf(read).toSorted()).toEqual(idsOf(rows(3)));
  });

  test('rejects more than a hundred ids, and an id given twice', async () => {
    const { cloud } = await makeCloud();

    await expect(cloud.table.read(idsOf(rows(101)))).rejects.toThrow();
    await expect(cloud.table.read(['same', 'same'])).rejects.toThrow();
  });

  test('reads nothing for no ids', async () => {
    const { cloud } = await makeCloud();

    expect(await cloud.table.read([])).toEqual([]);
  });

  test('does not change what was read when the row changes', async () => {
    const { cloud } = await makeCloud();
    await cloud.table.put({ id: 'row', members: new Set([1]) });
    const [read] = await cloud.table.read(['row'], { consistent: true });

    await cloud.table.change('row', { add: { members: new Set([2]) } });

    expect(read).toEqual({ id: 'row', members: new Set([1]) });
  });
}

function putting(makeCloud: MakeCloud): void {
  test('replaces a row as a whole', async () => {
    const { cloud } = await makeCloud();
    await cloud.table.put({ id: 'row', before: 'here' });

    const done = await cloud.table.put({ id: 'row', after: 'here' });

    expect(done).toBe(true);
    expect(await cloud.table.read(['row'], { consistent: true })).toEqual([{ id: 'row', after: 'here' }]);
  });

  test('puts an absent row once', async () => {
    const { cloud } = await makeCloud();

    const first = await cloud.table.put({ id: 'row', by: 'first' }, { absent: true });
    const second = await cloud.table.put({ id: 'row', by: 'second' }, { absent: true });

    expect([first, second]).toEqual([true, false]);
    expect(await cloud.table.read(['row'], { consistent: true })).toEqual([{ id: 'row', by: 'first' }]);
  });

  test('lets one of many who put an absent row at the same time win', async () => {
    const { cloud } = await makeCloud();

    const done = await Promise.all(
      rows(10).map(({ index }) => cloud.table.put({ id: 'row', by: index ?? 0 }, { absent: true })),
    );

    expect(done.filter(Boolean)).toEqual([true]);
  });

  test.each([
    ['text', 'x'.repeat(410_000)],
    ['bytes', new Uint8Array(410_000)],
  ])('rejects a row above 400 KB of %s', async (_what, result) => {
    const { cloud } = await makeCloud();

    await expect(cloud.table.put({ id: 'row', result, count: 1 })).rejects.toThrow();
  });
}

function puttingMany(makeCloud: MakeCloud): void {
  test('puts 25 rows at once and answers for each', async () => {
    const { cloud } = await makeCloud();

    const answers = await cloud.table.putAll(rows(25));

    expect(answers).toEqual(rows(25).map(() => ok));
    const read = await cloud.table.read(idsOf(rows(25)), { consistent: true });
    expect(read.toSorted((one, other) => Number(one.index) - Number(other.index))).toEqual(rows(25));
  });

  test('replaces rows as a whole', async () => {
    const { cloud } = await makeCloud();
    await cloud.table.put({ id: 'row-0', before: 'here' });

    await cloud.table.putAll(rows(1));

    expect(await cloud.table.read(['row-0'], { consistent: true })).toEqual(rows(1));
  });

  test('rejects more than 25 rows, and an id given twice', async () => {
    const { cloud } = await makeCloud();

    await expect(cloud.table.putAll(rows(26))).rejects.toThrow();
    await expect(cloud.table.putAll([{ id: 'same' }, { id: 'same' }])).rejects.toThrow();
    expect(await cloud.table.read(['same', 'row-0'], { consistent: true })).toEqual([]);
  });

  test('answers no rows with nothing', async () => {
    const { cloud } = await makeCloud();

    expect(await cloud.table.putAll([])).toEqual([]);
  });
}

function changing(makeCloud: MakeCloud): void {
  test('creates a missing row', async () => {
    const { cloud } = await makeCloud();

    const row = await cloud.table.change('row', {
      set: { state: 'STARTED', ttl: 5 },
      add: { count: 2, failed: new Set([3]), tags: new Set(['a']) },
    });

    expect(row).toEqual({
      id: 'row',
      state: 'STARTED',
      ttl: 5,
      count: 2,
      failed: new Set([3]),
      tags: new Set(['a']),
    });
    expect(await cloud.table.read(['row'], { consistent: true })).toEqual([row]);
  });

  test('leaves alone what it does not name, and returns the row whole', async () => {
    const { cloud } = await makeCloud();
    await cloud.table.put({ id: 'row', kept: 'here', state: 'STARTED', count: 1 });

    const row = await cloud.table.change('row', { set: { state: 'SUCCESS' }, add: { count: -3 } });

    expect(row).toEqual({ id: 'row', kept: 'here', state: 'SUCCESS', count: -2 });
  });

  test('unites sets, so that adding a member twice is adding it once', async () => {
    const { cloud } = await makeCloud();
    await cloud.table.change('row', { add: { done: new Set([1, 2]) } });

    const row = await cloud.table.change('row', { add: { done: new Set([2, 3]) } });

    expect(row).toEqual({ id: 'row', done: new Set([1, 2, 3]) });
  });

  test('loses none of many changes made at the same time', async () => {
    const { cloud } = await makeCloud();

    const changed = await Promise.all(
      rows(30).map(({ index }) =>
        cloud.table.change('row', { add: { count: 1, done: new Set([Number(index)]) } }),
      ),
    );

    expect(changed.map((row) => Number(row?.count)).toSorted((one, other) => one - other)).toEqual(
      rows(30).map(({ index }) => Number(index) + 1),
    );
    const [row] = await cloud.table.read(['row'], { consistent: true });
    expect(row).toEqual({ id: 'row', count: 30, done: new Set(rows(30).map(({ index }) => Number(index))) });
  });

  test('creates a row by a change of nothing', async () => {
    const { cloud } = await makeCloud();

    expect(await cloud.table.change('row', {})).toEqual({ id: 'row' });
  });
}

const ready = ['SUCCESS', 'FAILURE', 'REVOKED'];
const unlessReady = { unless: { attribute: 'status', isOneOf: ready } };
const unlessReadyLately = {
  unless: { attribute: 'status', isOneOf: ready, olderThan: { attribute: 'written', value: 100 } },
};
const unlessMember = { unless: { attribute: 'members', contains: 7 } };
const unlessTagged = { unless: { attribute: 'tags', contains: 'a' } };
const unlessDone = { unless: { attribute: 'done', exists: true } } as const;

/** A condition, the row that it meets, and whether a write may happen. */
const cases: [string, Condition, Item | undefined, boolean][] = [
  ['absent: the row is missing', { absent: true }, undefined, true],
  ['absent: the row is there', { absent: true }, { id: 'row' }, false],
  ['one of: the row is missing', unlessReady, undefined, true],
  ['one of: the attribute is missing', unlessReady, { id: 'row' }, true],
  ['one of: another value', unlessReady, { id: 'row', status: 'STARTED' }, true],
  ['one of: the first value', unlessReady, { id: 'row', status: 'SUCCESS' }, false],
  ['one of: the last value', unlessReady, { id: 'row', status: 'REVOKED' }, false],
  [
    'one of none: any value',
    { unless: { attribute: 'status', isOneOf: [] } },
    { id: 'row', status: 'SUCCESS' },
    true,
  ],
  ['older than: the row is missing', unlessReadyLately, undefined, true],
  [
    'older than: another value, and younger',
    unlessReadyLately,
    { id: 'row', status: 'RETRY', written: 101 },
    true,
  ],
  [
    'older than: the value, and older',
    unlessReadyLately,
    { id: 'row', status: 'SUCCESS', written: 99.9 },
    true,
  ],
  [
    'older than: the value, and as old',
    unlessReadyLately,
    { id: 'row', status: 'SUCCESS', written: 100 },
    false,
  ],
  [
    'older than: the value, and younger',
    unlessReadyLately,
    { id: 'row', status: 'SUCCESS', written: 101 },
    false,
  ],
  ['older than: the value, of no age', unlessReadyLately, { id: 'row', status: 'SUCCESS' }, false],
  [
    'older than: the value, of an age that is text',
    unlessReadyLately,
    { id: 'row', status: 'SUCCESS', written: '1' },
    false,
  ],
  ['contains: the row is missing', unlessMember, undefined, true],
  ['contains: the attribute is missing', unlessMember, { id: 'row' }, true],
  ['contains: other numbers', unlessMember, { id: 'row', members: new Set([1, 77]) }, true],
  ['contains: the number', unlessMember, { id: 'row', members: new Set([1, 7]) }, false],
  ['contains: the number as text', unlessMember, { id: 'row', members: new Set(['7']) }, true],
  ['contains: other texts', unlessTagged, { id: 'row', tags: new Set(['ab', 'A']) }, true],
  ['contains: the text', unlessTagged, { id: 'row', tags: new Set(['b', 'a']) }, false],
  ['exists: the row is missing', unlessDone, undefined, true],
  ['exists: the attribute is missing', unlessDone, { id: 'row', other: 1 }, true],
  ['exists: the attribute is there', unlessDone, { id: 'row', done: 'yes' }, false],
  ['exists: the attribute is empty', unlessDone, { id: 'row', done: '' }, false],
  ['exists: the attribute is false', unlessDone, { id: 'row', done: false }, false],
];

function conditions(makeCloud: MakeCloud): void {
  test.for(cases)('decides about a put, %s', async ([, condition, before, expected]) => {
    const { cloud } = await makeCloud();
    if (before) await cloud.table.put(before);

    const done = await cloud.table.put({ id: 'row', put: 'here' }, condition);

    expect(done).toBe(expected);
    const after = expected ? { id: 'row', put: 'here' } : before;
    expect(await cloud.table.read(['row'], { consistent: true })).toEqual([after]);
  });

  test.for(cases)('decides about a change, %s', async ([, condition, before, expected]) => {
    const { cloud } = await makeCloud();
    if (before) await cloud.table.put(before);
    const change = { set: { changed: 'here' }, add: { count: 1, seen: new Set([1]) } };

    const row = await cloud.table.change('row', change, condition);

    const after = { ...before, id: 'row', changed: 'here', count: 1, seen: new Set([1]) };
    expect(row).toEqual(expected ? after : undefined);
    expect(await cloud.table.read(['row'], { consistent: true })).toEqual([expected ? after : before]);
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
        await cloud.table.change(
          'set',
          { set: { [attribute]: 1 } },
          { unless: { attribute, contains: 'a' } },
        ),
      ];

      expect(done).toEqual([false, false, undefined]);
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
    ['exists', unlessDone, { set: { done: 'yes' }, add: { count: 1 } }],
  ] as [string, Condition, Change][])(
    'lets one of many changes at the same time happen, %s',
    async ([, condition, change]) => {
      const { cloud } = await makeCloud();

      const changed = await Promise.all(rows(10).map(() => cloud.table.change('row', change, condition)));

      const happened = changed.filter((row) => row !== undefined);
      expect(happened).toEqual([{ id: 'row', ...change.set, ...change.add }]);
      expect(await cloud.table.read(['row'], { consistent: true })).toEqual(happened);
    },
  );

  test('loses none of many changes at the same time that all may happen', async () => {
    const { cloud } = await makeCloud();

    const changed = await Promise.all(
      rows(10).map(({ index }) =>
        cloud.table.change(
          'row',
          { add: { count: 1, members: new Set([Number(index)]) } },
          { unless: { attribute: 'members', contains: Number(index) } },
        ),
      ),
    );

    expect(changed).not.toContain(undefined);
    const [row] = await cloud.table.read(['row'], { consistent: true });
    expect(row).toEqual({
      id: 'row',
      count: 10,
      members: new Set(rows(10).map(({ index }) => Number(index))),
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

function independence(makeCloud: MakeCloud): void {
  test('keeps nothing of what is handed in: changing that changes no row', async () => {
    const { cloud } = await makeCloud();
    const [numbers, texts, added, bytes] = [new Set([1]), new Set(['a']), new Set([1]), new Uint8Array([1])];
    await cloud.table.put({ id: 'put', numbers, bytes });
    await cloud.table.putAll([{ id: 'all', numbers, bytes }]);
    await cloud.table.change('changed', { set: { texts, bytes }, add: { added } });

    for (const set of [numbers, added]) set.add(2);
    texts.add('b');
    bytes[0] = 2;

    const read = await cloud.table.read(['put', 'all', 'changed'], { consistent: true });
    const one = { numbers: new Set([1]), bytes: new Uint8Array([1]) };
    expect(read.toSorted((a, b) => (a.id < b.id ? -1 : 1))).toEqual([
      { id: 'all', ...one },
      { id: 'changed', texts: new Set(['a']), bytes: new Uint8Array([1]), added: new Set([1]) },
      { id: 'put', ...one },
    ]);
  });

  test('keeps nothing of what it hands out, and later changes do not show there', async () => {
    const { cloud } = await makeCloud();
    const first = await cloud.table.change('row', { add: { members: new Set([1]), count: 1 } });
    const [read] = await cloud.table.read(['row'], { consistent: true });

    const second = await cloud.table.change('row', { add: { members: new Set([2]), count: 1 } });
    for (const row of [first, read, second]) if (row?.members instanceof Set) row.members.add(9);

    expect([first, read, second].map((row) => row?.members)).toEqual([
      new Set([1, 9]),
      new Set([1, 9]),
      new Set([1, 2, 9]),
    ]);
    const [after] = await cloud.table.read(['row'], { consistent: true });
    expect(after).toEqual({ id: 'row', members: new Set([1, 2]), count: 2 });
  });
}

function deleting(makeCloud: MakeCloud): void {
  test('deletes a row, and one that is missing too', async () => {
    const { cloud } = await makeCloud();
    await cloud.table.put({ id: 'row' });

    await cloud.table.delete('row');
    await cloud.table.delete('row');

    expect(await cloud.table.read(['row'], { consistent: true })).toEqual([]);
  });
}
