import { type AnySignature, chain, chord, chunks, group, Ignore } from 'tallo';
import { type Anything, times, type World } from '../conformance/world.ts';

/** The fixture tasks and some more. */
export type Cast = World & ReturnType<typeof moreTasks>;

/** A workflow by its name, of every kind that there is. */
export const stories: Readonly<Record<string, (cast: Cast) => AnySignature>> = {
  'a task': (c) => c.add.si(1, 2),
  'a task with two callbacks': (c) => c.add.si(1, 2).link([c.echo.s(), c.add.s(4)]),
  'a task that fails, with an error callback': (c) => c.fail.si().linkError(c.echo.si('E')),
  'a task that fails, with one that takes the error': (c) =>
    c.fail.si().linkError(c.app.signature('errback_new_style')),
  'a chain': (c) => chain(c.add.s(1, 2), c.add.s(4), c.mul.s(3)),
  'a chain with callbacks': (c) =>
    chain(c.add.s(1, 2).link(c.echo.s()), c.add.s(4).link(c.echo.s())).link(c.echo.s()),
  'a chain of 42': (c) => chain(times(42, () => c.add.s(1))).clone([0]),
  'a chain that fails': (c) => chain(c.add.s(1, 2), c.fail.s(), c.add.s(1)).linkError(c.echo.si('E')),
  'a chain with a task that came too late': (c) =>
    chain(c.add.s(1, 1), c.add.s(2).set({ expires: new Date(0) }), c.add.s(3)),
  'a chain with a step that is retried': (c) => chain(c.add.s(1, 2), c.retryOnce.s(), c.add.s(4)),
  'a chain with a step whose result is ignored': (c) => chain(c.silent.s(5), c.add.s(1)),
  'a group': (c) => group(c.add.s(1, 2), c.add.s(3, 4), c.fail.si()),
  'a chain that ends in a group': (c) => chain(c.add.s(1, 2), group(c.add.s(1), c.add.s(2))),
  'chunks and a map': (c) =>
    chain(
      chunks(
        c.add,
        [
          [1, 1],
          [2, 2],
          [3, 3],
        ],
        2,
      ),
      c.tsum.map([[1, 2], [3]]),
    ),
  'a chord': (c) => chord([c.add.s(1, 2), c.add.s(3, 4), c.add.s(5, 6)], c.tsum.s()),
  'a chord with callbacks': (c) => chord([c.add.s(1, 2).link(c.echo.s())], c.tsum.s()).link(c.echo.s()),
  'a chord with an empty header': (c) => chord([], c.tsum.s()),
  'a chord that fails': (c) =>
    chord([c.add.s(1, 2), c.fail.si(), c.fail.si()], c.tsum.s()).linkError(c.echo.si('E')),
  'a chord whose body fails': (c) => chord([c.add.s(1, 2)], c.fail.s()).linkError(c.echo.si('E')),
  'a chord that is told every outcome': (c) =>
    chord([c.add.si(1, 2), c.fail.si()], c.outcomes.s(), { settle: true }),
  'a chord with a member that threw Ignore': (c) => chord([c.add.s(1, 2), c.ignoring.si()], c.identity.s()),
  'a chord with a body of several steps': (c) => chord([c.add.s(1, 2)], chain(c.tsum.s(), c.add.s(1))),
  'a chord with a group as its body': (c) => chord([c.add.s(1, 2)], group(c.tsum.s(), c.identity.s())),
  'a chord in a chain': (c) => chain(c.add.s(1, 2), group(c.add.s(1), c.add.s(2)), c.tsum.s(), c.add.s(1)),
  'groups in a row': (c) => chain(pair(c), group(c.tsum.s(), c.tsum.s()), c.tsum.s()),
  'chords and chains in a header': (c) =>
    chord([chord([c.add.s(1, 2)], c.tsum.s()), chain(c.add.s(1, 2), pair(c))], c.identity.s()),
  'a chain that fails before its chord': (c) => chain(c.add.s(1, 2), c.fail.s(), pair(c), c.tsum.s()),
  'a step that is replaced with a chain': (c) => chain(c.identity.s(1), c.replaceWithChain.s(), c.add.s(1)),
  'a step that is replaced with a group': (c) => chain(c.identity.s([1, 2]), c.addToAll.s(1), c.tsum.s()),
  'a step that is replaced twice': (c) => chain(c.replacing.s(2), c.add.s(1)),
  'a member that adds others': (c) => chord([c.addToAllToChord.s([1, 2], 4), c.add.s(1, 1)], c.identity.s()),
  'a member that adds a chord': (c) => chord([c.addChordToChord.s([1, 2], 4)], c.identity.s()),
};

function pair(c: Cast) {
  return group(c.add.si(1, 2), c.add.si(3, 4));
}

/** Tasks that the list of Celery's has not. */
export function moreTasks({ app }: Pick<World, 'app'>) {
  const silent = app.task('silent', { ignoreResult: true }, (x: Anything): Anything => x);
  const ignoring = app.task('ignoring', (): Anything => {
    throw new Ignore();
  });
  const outcomes = app.task(
    'outcomes',
    (settled: Anything): Anything => settled.map(({ state, error }: Anything) => [state, error?.message]),
  );
  const replacing: Anything = app.task(
    'replacing',
    { bind: true },
    (self, more: Anything): Anything => (more > 0 ? self.replace(replacing.si(more - 1)) : 10),
  );
  return { silent, ignoring, outcomes, replacing };
}
