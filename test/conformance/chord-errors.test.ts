import { type AnySignature, chain, chord, group } from 'tallo';
import { describe, expect, test } from 'vitest';
import { type Anything, expectedException, outcomeOf, times, type World, world } from './world.ts';

// The numbers are the lines of the list of what real Celery gives. Error callbacks are in chord-errbacks.test.ts, the lines with an E in extra-chords.test.ts and extra-failures.test.ts.

describe('an error in a chain with a chord', () => {
  test('121: before the chord is thrown to whoever waits for it (Celery hangs, #6437)', async () => {
    await using it = world();
    const { add, fail } = it;

    const outcome = outcomeOf(chain(add.s(1, 1), fail.s(), group(add.s(1), add.s(1))));

    await expect(outcome).rejects.toMatchObject(expectedException);
  });

  test('122: in a group at the end is thrown', async () => {
    await using it = world();
    const { add, fail } = it;

    const outcome = outcomeOf(chain(add.s(1, 1), add.s(1), group(add.s(1), fail.s())));

    await expect(outcome).rejects.toMatchObject(expectedException);
  });

  test('155: in a header inside a chain inside is thrown', async () => {
    await using it = world();
    const { add, fail, identity } = it;
    const inner = chain(group(add.si(1, 1), fail.si()), identity.s());

    await expect(outcomeOf(chain(inner, identity.s()))).rejects.toMatchObject(expectedException);
  });

  test('157: in a group in the middle is thrown, and ends the last step', async () => {
    await using it = world();
    const { identity, fail } = it;
    const middle = group(identity.si('a'), fail.si());
    const steps = chain(identity.si('start'), middle, identity.si('break'), identity.si('end'));

    const result = await steps.delay();

    await expect(result.get({ timeout: '1h' })).rejects.toMatchObject(expectedException);
    expect(await result.state()).toBe('FAILURE');
  });
});

describe('an error in a chord', () => {
  const parts: [string, (it: World) => AnySignature][] = [
    ['123 and 124: a task', (it) => it.fail.si()],
    ['128: a chain', (it) => chain(it.identity.si(42), it.fail.s(), it.identity.si(42))],
    ['133: the tail of a chain', (it) => chain(it.identity.si(42), it.fail.s())],
    ['136: a group', (it) => group(it.identity.si(42), it.fail.si())],
  ];

  test.each(parts)('%s, in the header, is thrown', async (_part, failing) => {
    await using it = world();

    const outcome = outcomeOf(chord([failing(it)], it.identity.s()));

    await expect(outcome).rejects.toMatchObject(expectedException);
  });

  test.each(parts)('%s, as the body, is thrown', async (_part, failing) => {
    await using it = world();
    const body: Anything = failing(it);

    const outcome = outcomeOf(chord([it.identity.si(42)], body));

    await expect(outcome).rejects.toMatchObject(expectedException);
  });

  const bodies: [string, (it: World) => Anything][] = [
    ['a task', (it) => it.add.si(9, 7)],
    ['a chain', (it) => chain(it.add.si(9, 7), it.add.si(5, 7))],
    ['a group', (it) => group([it.add.si(9, 7), it.add.si(5, 7)])],
    ['a chord', (it) => chord(group(it.add.si(1, 1), it.add.si(2, 2)), it.add.si(10, 10))],
  ];

  test.each(bodies)('154: is thrown where the body is %s', async (_kind, body) => {
    await using it = world();
    const { add, fail } = it;
    const steps = chain(group(add.si(15, 7), fail.si()), body(it));

    const outcome = outcomeOf(steps);

    await expect(outcome).rejects.toMatchObject(expectedException);
  });
});

describe('the body of a chord that has failed', () => {
  test('has a ChordError of its own, which tells of the first that failed as Python prints it', async () => {
    await using it = world();
    const { add, fail, tsum, app } = it;

    const result = await chord([add.si(1, 1), fail.si()], tsum.s()).delay();

    const own = app.AsyncResult(result.id).get({ timeout: '1h' });
    await expect(own).rejects.toMatchObject({
      name: 'ChordError',
      message: "ExpectedException('Task expected to fail')",
    });
  });

  test('is told only when all members have run', async () => {
    await using it = world();
    const { fail, echo, identity, messages } = it;
    const header = [fail.si(), ...times(20, (i) => echo.si(i))];

    const outcome = outcomeOf(chord(header, identity.s()));

    await expect(outcome).rejects.toMatchObject(expectedException);
    await it.cloud.untilIdle();
    expect(messages).toHaveLength(20);
  });
});
