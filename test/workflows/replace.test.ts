import { type AnySignature, chain, chord, group } from 'tallo';
import { describe, expect, test } from 'vitest';
import { type Anything, outcomeOf, world } from '../conformance/world.ts';

/** A task that replaces itself with a workflow of that form, which may hold the same task again. */
function scene() {
  const it = world();
  const { identity } = it;
  const pair = () => group(identity.si(2), identity.si(3));
  const forms: Record<string, () => AnySignature> = {
    'a group': pair,
    'a chain that ends in a group': () => chain(identity.si(1), pair()),
    'a chord that ends in a group': () => chord([identity.si(1)], pair()),
    'a chord that ends in a chain that ends in a group': () =>
      chord([identity.si(1)], chain(identity.si(0), pair())),
    'itself again': () => replacing.si('a group'),
    'itself again, twice': () => replacing.si('itself again'),
    'a chain that ends in itself': () => chain(identity.si(1), replacing.si('itself again')),
    'a chord whose body is itself': () => chord([identity.si(1)], replacing.si('a group')),
    'a chord whose body ends in itself': () =>
      chord([identity.si(1)], chain(identity.si(1), replacing.si('a chain that ends in itself'))),
  };
  const replacing: Anything = it.app.task('replacing', { bind: true }, (self, form: string): Anything => {
    const make = forms[form];
    return make && self.replace(make());
  });
  return { ...it, replacing, forms };
}

const forms = Object.keys(scene().forms);

describe('a task that replaces itself with', () => {
  test.each(forms)('%s: its result is that of the replacement', async (form) => {
    await using it = scene();

    expect(await outcomeOf(it.replacing.si(form))).toEqual([2, 3]);
  });

  test.each(forms)('%s, in a chain: the next step is given the value', async (form) => {
    await using it = scene();

    expect(await outcomeOf(chain(it.replacing.si(form), it.identity.s()))).toEqual([2, 3]);
  });

  test.each(forms)('%s, in a header: it counts as one member', async (form) => {
    await using it = scene();

    const header = [it.replacing.si(form), it.identity.si(9)];

    expect(await outcomeOf(chord(header, it.identity.s()))).toEqual([[2, 3], 9]);
  });

  test.each(forms)('%s: its callbacks are called once', async (form) => {
    await using it = scene();

    const value = await outcomeOf(it.replacing.si(form).link(it.echo.s()));
    await it.cloud.untilIdle();

    expect([value, it.messages]).toEqual([[2, 3], [[2, 3]]]);
  });
});
