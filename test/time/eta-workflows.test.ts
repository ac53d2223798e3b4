import { chain, chord } from 'tallo';
import { describe, expect, test } from 'vitest';
import { at, begin, day, hour, minute, wereOnTime, world } from './world.ts';

describe('what belongs to a workflow begins when it is due', () => {
  test('steps of a chain', async () => {
    await using it = world();
    const step = (name: string) => it.note.si(name);

    const chained = chain(
      step('a').set({ countdown: '1h' }),
      step('b').set({ countdown: '10m' }),
      step('c').set({ eta: at(3 * hour) }),
      step('d').set({ countdown: '30d' }),
    );
    await chained.delay();
    await it.cloud.untilIdle();

    const [[a = 0] = [], [b = 0] = [], [c = 0] = [], [d = 0] = []] = ['a', 'b', 'c', 'd'].map(it.startsOf);
    expect(wereOnTime([a, b, c, d], [hour, a + 10 * minute, 3 * hour, c + 30 * day])).toBe(true);
  });

  test('members of a group, under ids that no timer can bear, and the body of a chord', async () => {
    await using it = world();
    const seen: unknown[] = [];
    const body = it.app.task('body', (values: unknown[]) => {
      seen.push(values, it.cloud.clock.now());
      return values.length;
    });
    const members = [20 * minute, 2 * hour, 40 * day].map((countdown) =>
      it.note.si(`m${countdown}`).set({ countdown }),
    );

    const result = await chord(members, body.s().set({ countdown: '2h' })).delay();

    await it.cloud.untilIdle();
    expect(await result.get()).toBe(3);
    expect(wereOnTime(it.startsOf('m1200'), [20 * minute])).toBe(true);
    expect(wereOnTime(it.startsOf('m7200'), [2 * hour])).toBe(true);
    expect(wereOnTime(it.startsOf(`m${40 * day}`), [40 * day])).toBe(true);
    const [last = 0] = it.startsOf(`m${40 * day}`);
    const [values, bodyAt] = seen;
    expect(values).toEqual(['m1200', 'm7200', `m${40 * day}`]);
    // Members that end within a tenth of a second are written together.
    expect(Number(bodyAt)).toBeGreaterThanOrEqual(begin + (last + 2 * hour) * 1_000);
    expect(Number(bodyAt)).toBeLessThan(begin + (last + 2 * hour + 1.1) * 1_000);
  });
});
