import { chain, chord, group } from 'tallo';
import { describe, expect, test } from 'vitest';
import { patience, stage, valueFrom } from './stage.ts';
import { times } from './world.ts';

describe('a chain', () => {
  test('7: simple chain', async () => {
    await using s = stage();

    expect(await valueFrom(chain(s.add.s(4, 4), s.add.s(8), s.add.s(16)))).toBe(32);
    expect(await valueFrom(s.add.s(4, 4).pipe(s.add.s(8)).pipe(s.add.s(16)))).toBe(32);
  });

  test('8: single chain', async () => {
    await using s = stage();

    expect(await valueFrom(chain(s.add.s(3, 4)))).toBe(7);
  });

  test('10: group results in chain; in an array the one member keeps its own list (Celery: [4, 5])', async () => {
    await using s = stage();
    const inner = chain(s.add.s(1, 2), group(s.add.s(1), s.add.s(2)));

    expect(await valueFrom(group(inner))).toEqual([4, 5]);
    expect(await valueFrom(group([inner]))).toEqual([[4, 5]]);
  });

  test('11: chain of chain with a single task', async () => {
    await using s = stage();

    expect(await valueFrom(chain([chain(s.identity.s(42))]))).toBe(42);
  });

  test('13: chain inside group receives arguments', async () => {
    await using s = stage();
    const both = group(chain(s.add.s(1), s.add.s(2)), s.add.s(3));

    expect(await valueFrom(chain(s.add.s(5, 6), both))).toEqual([14, 14]);
  });

  test('14: eager chain inside a task', async () => {
    await using s = stage({ taskAlwaysEager: true, taskEagerPropagates: true });
    const result = await s.chainAdd.delay(4, 8);

    expect(await result.get()).toBe(16);
  });

  test('16: group results are read anew', async () => {
    await using s = stage();
    const { identity } = s;
    const nested = chain(identity.si(5), group(identity.si(3), identity.si(4)));

    expect(await valueFrom(group(identity.si(1), identity.si(2), nested))).toEqual([1, 2, [3, 4]]);
  });

  test('17: second order replace', async () => {
    await using s = stage();
    const result = await s.secondOrderReplace1.delay(false);
    await result.get(patience);
    await s.cloud.untilIdle();

    expect(s.messages).toEqual(['In A', 'In B', 'In/Out C', 'Out B', 'Out A']);
  });

  test('19: a member of a chord recovers from its soft time limit', async () => {
    await using s = stage();
    const guarded = s.delayedSumWithSoftGuard.s([100], 2).set({ softTimeLimit: '1s' });
    const begin = s.cloud.clock.now();

    expect(await valueFrom(chord([s.add.s(1, 2), guarded], s.delayedSum.s(0)))).toBe(3);
    expect(s.cloud.clock.now() - begin).toBeGreaterThanOrEqual(1_000);
    expect(await valueFrom(s.delayedSumWithSoftGuard.s([100], 2).set({ softTimeLimit: '3s' }))).toBe(100);
  });

  test('20: a chain with an error handler and an eta', async () => {
    await using s = stage();
    const begin = s.cloud.clock.now();
    const eta = new Date(begin + 10_000);
    const steps = chain(group(s.add.s(1, 2), s.add.s(3, 4)), s.tsum.s()).onError(s.echo.s());
    const result = await steps.applyAsync([], { eta });
    await s.cloud.advance('9s');
    expect(await result.ready()).toBe(false);
    expect(await result.get(patience)).toBe(10);
    expect(s.cloud.clock.now()).toBeGreaterThanOrEqual(eta.getTime());
    expect(s.messages).toEqual([]);
  });
});

describe('a chain that becomes chords', () => {
  test('22: task, group, chord', async () => {
    await using s = stage();
    const { add, tsum } = s;
    const steps = chain(add.si(1, 0), group(add.s(1), add.s(1)), group(tsum.s(), tsum.s()), tsum.s());

    expect(await valueFrom(steps)).toBe(8);
  });

  test('23: chords written as groups, then a task', async () => {
    await using s = stage();
    const { add, tsum } = s;
    const pair = () => group(add.s(1), add.s(1));

    expect(await valueFrom(chain(add.si(1, 0), pair(), tsum.s(), add.s(1), pair(), tsum.s()))).toBe(12);
  });

  test('25: chain of explicit chords', async () => {
    await using s = stage();
    const { add, tsum } = s;
    const pair = (x: number) => chord(group(add.s(x), add.s(x)), tsum.s());
    const first = chain(chord(group(add.si(1, 0), add.si(1, 0)), tsum.s()), pair(1), pair(0));
    const second = chain(pair(10), pair(0), pair(1));

    expect(await valueFrom(chain(first, second))).toBe(178);
  });

  test('26: chain of nine chords', async () => {
    await using s = stage();
    const { add, tsum } = s;
    const triple = (x: number) => chord(group(add.s(x), add.s(x), add.s(x)), tsum.s());
    const first = chord(group(add.si(1, 0), add.si(1, 0), add.si(1, 0)), tsum.s());
    const middle = times(7, () => triple(1));

    expect(await valueFrom(chain([first, ...middle, triple(0)]))).toBe(29_520);
  });

  test('28: group, tsum, task, group', async () => {
    await using s = stage();
    const { add, tsum } = s;
    const steps = chain(group(add.s(1, 1), add.s(1, 1)), tsum.s(), add.s(1), group(add.s(1), add.s(1)));

    expect(await valueFrom(steps)).toEqual([6, 6]);
  });

  test('29: group, tsum, two tasks, group', async () => {
    await using s = stage();
    const { add, tsum } = s;
    const pair = group(add.s(1), add.s(1));
    const steps = chain(group(add.s(1, 1), add.s(1, 1)), tsum.s(), add.s(1), add.s(1), pair);

    expect(await valueFrom(steps)).toEqual([7, 7]);
  });

  test('31: a chain of nothing but a group', async () => {
    await using s = stage();

    expect(await valueFrom(chain(group(s.identity.s(42), s.identity.s(42))))).toEqual([42, 42]);
  });

  test('32: a group in the middle of a chain', async () => {
    await using s = stage();
    const { identity } = s;
    const pair = group(identity.s(), identity.s());

    expect(await valueFrom(chain(identity.s(42), pair, identity.s()))).toEqual([42, 42]);
  });
});
