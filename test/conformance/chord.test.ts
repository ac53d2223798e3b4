import { chord, group } from 'tallo';
import { describe, expect, test } from 'vitest';
import { type Anything, outcomeOf, times, type World, world } from './world.ts';

// The numbers are the lines of the list of what real Celery gives. Chords that are steps of a chain are in chord-chains.test.ts.

describe('a chord', () => {
  test('91: gives its result also where the table is slow', async () => {
    await using s = world();
    const { table, clock } = s.cloud;
    const change = table.change.bind(table);
    table.change = async (...request) => {
      await clock.sleep(1_000);
      return change(...request);
    };

    expect(await outcomeOf(chord([s.add.si(1, 1), s.add.si(1, 1)], s.tsum.s()))).toBe(4);
  });

  test('92: gives its body the results in the order of the header', async () => {
    await using s = world();
    const header = times(10, (i) => s.identity.si(i));

    expect(await outcomeOf(chord(header, s.identity.s()))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test('101: of a header of one gives its body a list', async () => {
    await using s = world();

    expect(await outcomeOf(chord([s.add.s(2, 5)], s.addToAll.s(9)))).toEqual([16]);
    expect(await outcomeOf(group([s.add.s(2, 5)]).pipe(s.addToAll.s(9)))).toEqual([16]);
  });

  test('109: takes its header from a generator', async () => {
    await using s = world();
    function* header(size: number) {
      for (let i = 0; i < size; i += 1) yield s.identity.si(i);
    }

    for (let size = 3; size <= 9; size += 1) {
      expect(await outcomeOf(chord(header(size), s.tsum.s()))).toBe((size * (size - 1)) / 2);
    }
  });

  test('110: stands beside another in a group', async () => {
    await using s = world();
    const one = chord(group(s.add.s(1, 2), s.add.s(3, 4)), s.tsum.s());

    expect(await outcomeOf(group(one, one))).toEqual([10, 10]);
  });

  test('115: has a header of a thousand', async () => {
    await using s = world();
    const header = group(times(1_000, (i) => s.identity.si(i)));

    expect(await outcomeOf(header.pipe(s.tsum.s()))).toBe(499_500);
  });

  test('119: gives the results of a group in its header one by one', async () => {
    await using s = world();
    const inner = group(s.identity.s(42), s.identity.s(42));

    expect(await outcomeOf(chord([inner], s.identity.s()))).toEqual([42, 42]);
  });
});

describe('a task in the header of a chord', () => {
  // Celery can do this with Redis only.
  test('94: adds other members, whose results stand behind its own', async () => {
    await using s = world();
    const workflow = group([s.addToAllToChord.s([1, 2, 3], 4)]).pipe(s.identity.s());

    expect(await outcomeOf(workflow)).toEqual([0, 5, 6, 7]);
  });

  test('95: adds a whole chord', async () => {
    await using s = world();
    const workflow = group([s.addChordToChord.s([1, 2, 3], 4)]).pipe(s.identity.s());

    expect(await outcomeOf(workflow)).toEqual([0, 18]);
  });

  const replaced: [string, (s: Anything) => Anything[], number[]][] = [
    ['143: alone', (s) => [s.replaceWithChain.si(42)], [42]],
    ['144: first', (s) => [s.replaceWithChain.si(42), s.identity.s(1_337)], [42, 1_337]],
    [
      '145: in the middle',
      (s) => [s.identity.s(42), s.replaceWithChain.s(1_337), s.identity.s(31_337)],
      [42, 1_337, 31_337],
    ],
    ['146: last', (s) => [s.identity.s(42), s.replaceWithChain.s(1_337)], [42, 1_337]],
  ];

  test.each(replaced)('%s, is replaced with a chain', async (_where, header, results) => {
    await using s = world();

    expect(await outcomeOf(chord(header(s), s.identity.s()))).toEqual(results);
  });
});

describe('a task in the body of a chord', () => {
  const bodies: [string, (s: World) => Anything[]][] = [
    ['first', (s) => [s.replaceWithChain.s(), s.identity.s()]],
    ['in the middle', (s) => [s.identity.s(), s.replaceWithChain.s(), s.identity.s()]],
    ['last', (s) => [s.identity.s(), s.replaceWithChain.s()]],
  ];

  test.each(bodies)('148: %s, is replaced with a chain', async (_where, steps) => {
    await using s = world();
    const [first, ...others] = steps(s);
    const body = others.reduce((before, step) => before.pipe(step), first);

    expect(await outcomeOf(chord([s.identity.s(42)], body))).toEqual([42]);
  });
});

describe('a chord of chords', () => {
  const results = [
    [3, 7, 5, 'A'],
    [13, 10, 'A'],
  ];

  test('103: gives the results of its chords', async () => {
    await using s = world();
    const { add, addToAll } = s;
    const header = [chord([add.s(1, 2), add.s(3, 4)], add.s([5])), chord([add.s(6, 7)], add.s([10]))];

    expect(await outcomeOf(chord(header, addToAll.s(['A'])))).toEqual(results);
  });

  test('104: gives the same where groups became chords', async () => {
    await using s = world();
    const { add, addToAll } = s;
    const members = [
      group([add.s(1, 2), add.s(3, 4)]).pipe(add.s([5])),
      group([add.s(6, 7)]).pipe(add.s([10])),
    ];

    expect(await outcomeOf(group(members).pipe(addToAll.s(['A'])))).toEqual(results);
  });

  test('158: gives the same in all its forms', async () => {
    await using s = world();
    const body = s.identity.si('body_task');
    const header = (from: number) => times(2, (i) => s.identity.si(from + i));
    // A chord with a generator of its own cannot be a member: its header is an array here.
    const forms = [group(header(1)).pipe(body), chord(group(header(3)), body), chord(header(5), body)];

    expect(await outcomeOf(group(forms))).toEqual(['body_task', 'body_task', 'body_task']);
  });
});
