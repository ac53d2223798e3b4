import { AsyncResult, chain, chord, GroupResult, group, type Result } from 'tallo';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { type Anything, outcomeOf, times, type World, world } from './world.ts';

// The numbers are the lines of the list of what real Celery gives.

describe('a chord in a chain', () => {
  test('97: takes what the step before gives', async () => {
    await using s = world();
    const header = group(times(4, (i) => s.add.s(i)));

    expect(await outcomeOf(chain(s.add.s(2, 2), header, s.addToAll.s(8)))).toEqual([12, 13, 14, 15]);
  });

  test('98: takes no keyword arguments of the call: they are for the first step', async () => {
    await using s = world();
    // A function in TypeScript has keyword arguments only by a schema.
    const kwargs = z.object({ z: z.number() });
    const addAll = s.app.task(
      'add_all',
      { args: z.tuple([z.number(), z.number()]), kwargs },
      (x, y, more) => x + y + more.z,
    );
    const steps = chain(addAll.s(2, 2, { z: 0 }), group(times(4, (i) => s.add.s(i))), s.addToAll.s(8));

    const result = await steps.applyAsync([], { kwargs: { z: 1 } });

    expect(await result.get({ timeout: '1h' })).toEqual([13, 14, 15, 16]);
  });

  test('100: waits for the members of groups inside its header', async () => {
    await using s = world();
    const { add } = s;
    const inner = chain(add.si(1, 200), group(add.si(1, 1_000), add.si(1, 2_000)));

    expect(await outcomeOf(chain(add.si(1, 0), group(add.si(1, 100), inner), add.si(1, 10)))).toBe(11);
  });

  test('112: has one in its header', async () => {
    await using s = world();
    const { identity } = s;
    const inner = chord([identity.si(4), identity.si(5)], identity.si(6));
    const outer = chord([identity.si(2), chain(identity.si(3), inner)], identity.si(7));

    expect(await outcomeOf(chain(identity.si(1), outer))).toBe(7);
  });

  test('113: takes the arguments of the call, also as the first step (Celery #6176 loses them)', async () => {
    await using s = world();
    const { identity } = s;

    const steps = chain(chord([identity.s(), identity.s()], identity.s()), identity.s());

    expect(await (await steps.applyAsync([1])).get({ timeout: '1h' })).toEqual([1, 1]);
  });

  test('116: may have a header of a thousand behind another step', async () => {
    await using s = world();
    const header = group(times(1_000, () => s.identity.s()));

    expect(await outcomeOf(chain(s.identity.si(1), header, s.tsum.s()))).toBe(1_000);
  });

  test('118: priorities hold for their own step', async () => {
    await using s = world();
    const withPriority = (priority: number) => s.returnPriority.signature([], { priority });

    expect(await outcomeOf(withPriority(3).pipe(withPriority(5)))).toBe('Priority: 5');
  });
});

describe('the ids along a chain with a chord', () => {
  const header = ({ ids }: World) => group(times(47, (i) => ids.si(i + 3)));
  const forms: [string, (s: World) => Startable][] = [
    [
      '106: written as a chord',
      (s) => {
        const body = chain(s.collectIds.s(50), s.ids.si(51));
        return chain(s.ids.si(1), s.ids.si(2), chord(header(s), body));
      },
    ],
    [
      '107: written with pipes',
      (s) => s.ids.si(1).pipe(s.ids.si(2)).pipe(header(s)).pipe(s.collectIds.s(50)).pipe(s.ids.si(51)),
    ],
  ];

  test.each(forms)('%s, are those of whoever started each', async (_form, make) => {
    await using s = world();

    const last = await make(s).delay();

    const [rootOfLast, parentOfLast, value] = await last.get({ timeout: '1h' });
    const [fifth, fourth, third, second, first] = [last, ...ancestors(last)] as Anything[];
    const root = first.id;
    expect([fifth, fourth, third, second, first].map((one) => one?.constructor)).toEqual([
      AsyncResult,
      AsyncResult,
      GroupResult,
      AsyncResult,
      AsyncResult,
    ]);
    expect([rootOfLast, parentOfLast, value]).toEqual([root, fourth.id, 51]);
    const [collected, [rootOfFourth, parentOfFourth, fifty]] = await fourth.get();
    expect([rootOfFourth, fifty]).toEqual([root, 50]);
    expect(third.results.map(({ id }: Result) => id)).toContain(parentOfFourth);
    expect(collected).toEqual(times(47, (i) => [root, second.id, i + 3]));
    expect(await second.get()).toEqual([root, root, 2]);
    expect(await first.get()).toEqual([root, null, 1]);
  });
});

interface Startable {
  delay(): Promise<AsyncResult<Anything>>;
}

function ancestors({ parent }: Result): Result[] {
  return parent ? [parent, ...ancestors(parent)] : [];
}
