import { describe, expect, test } from 'vitest';
import type { Item } from '../../sdk/ports/table.ts';
import { conditions } from './conditions-conformance.ts';
import type { MakeCloud } from './fixture.ts';

const ok = { ok: true };

export function tableConformance(name: string, makeCloud: MakeCloud): void {
  describe.concurrent(`table: ${name}`, () => {
    reading(makeCloud);
    putting(makeCloud);
    puttingMany(makeCloud);
    changing(makeCloud);
    conditions(makeCloud);
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
