import {
  type AsyncResult,
  type Chord,
  chain,
  chord,
  chunks,
  type Group,
  type GroupResult,
  group,
  type LazyChord,
  type Settled,
  Tallo,
  type TaskSignature,
  type UntypedSignature,
} from 'tallo';
import { describe, expectTypeOf, test } from 'vitest';
import * as z from 'zod';

const app = new Tallo('types');
const add = app.task('add', (x: number, y: number) => x + y);
const negate = app.task('negate', (x: number) => -x);
const spell = app.task('spell', async (x: number) => String(x));
const length = app.task('length', (text: string) => text.length);
const fetchPage = app.task('fetch', async (url: string, depth?: number) => ({ url, depth }));
const summarise = app.task('summarise', (pages: { url: string }[]) => pages.length);
const sum = app.task('sum', (numbers: number[]) => numbers.length);
const both = app.task('both', (pair: [number, string]): number => pair.length);
const log = app.task('log', (message: unknown) => void message);
const judge = app.task('judge', (outcomes: Settled<number>[]) => outcomes.length);
const judgeBoth = app.task(
  'judgeBoth',
  (outcomes: [Settled<number>, Settled<string>]): number => outcomes.length,
);
const mail = app.task('mail', { kwargs: z.object({ to: z.string() }) }, ({ to }) => to);
const urls = ['a', 'b'];
const untyped = app.signature('elsewhere');

describe('group', () => {
  test('gives a tuple of what is listed, an array of what comes in one', () => {
    expectTypeOf(group(add.s(1, 2), spell.s(1)).delay()).resolves.toEqualTypeOf<
      GroupResult<[number, string]>
    >();
    expectTypeOf(group(urls.map((url) => length.s(url))).delay()).resolves.toEqualTypeOf<
      GroupResult<number[]>
    >();
    expectTypeOf(group(new Set([spell.s(1)])).delay()).resolves.toEqualTypeOf<GroupResult<string[]>>();
    expectTypeOf(group([add.s(1, 2), spell.s(1)]).delay()).resolves.toEqualTypeOf<
      GroupResult<(number | string)[]>
    >();
    expectTypeOf(group(add.s(1, 2))).toEqualTypeOf<Group<[], [number], never>>();
    expectTypeOf(group([]).delay()).resolves.toEqualTypeOf<GroupResult<never[]>>();
    expectTypeOf(group(add.s(1), untyped).delay(1)).resolves.toEqualTypeOf<GroupResult<[number, unknown]>>();
  });

  test('misses what all its members miss', () => {
    expectTypeOf(group(add.s(1), negate.s(), add.si(1, 2)).delay).parameters.toEqualTypeOf<[x: number]>();
    expectTypeOf(group(add.s(), add.s()).delay).parameters.toEqualTypeOf<[x: number, y: number]>();
    expectTypeOf(group(fetchPage.s(), length.s()).delay).parameters.toEqualTypeOf<[text: string]>();
    expectTypeOf(group(add.si(1, 2), add.si(1, 2)).delay).parameters.toEqualTypeOf<[]>();
    expectTypeOf(group([1, 2].map((x) => add.s(x))).delay).parameters.toEqualTypeOf<[x: number]>();
    expectTypeOf(group([1, 2].map((x) => add.si(x, x))).delay).parameters.toEqualTypeOf<[]>();
    // @ts-expect-error each misses one
    void group(add.s(1), negate.s()).delay();
    // @ts-expect-error a text is no number
    void group(add.s(1), negate.s()).delay('1');
    // @ts-expect-error one takes a text, the other a number: nothing is both
    void group(length.s(), negate.s()).delay(1);
    // @ts-expect-error one takes an argument, the other has all of them
    void group(add.s(1), add.s(1, 2)).delay(1);
    // @ts-expect-error both are complete
    void group(add.s(1, 1), add.s(1, 2)).delay(1);
  });

  test('gives the results of groups inside one by one', () => {
    const nested = group(add.s(1, 1), group(spell.s(1), group(length.s('a'), spell.s(2))));
    expectTypeOf(nested.delay()).resolves.toEqualTypeOf<GroupResult<[number, string, number, string]>>();
    expectTypeOf(group(group([1].map((x) => add.s(x, x))), spell.s(1)).delay()).resolves.toEqualTypeOf<
      GroupResult<[...number[], string]>
    >();
    expectTypeOf(group(urls.map((url) => group(length.s(url), spell.s(1)))).delay()).resolves.toEqualTypeOf<
      GroupResult<(number | string)[]>
    >();
    const inChain = group(chain(add.s(1, 1), group(add.s(1), spell.s())), add.s(5, 5));
    expectTypeOf(inChain.delay()).resolves.toEqualTypeOf<GroupResult<[[number, string], number]>>();
  });

  test('has the results of its only member if that is a chain that ends in a group', () => {
    const results = group(chain(add.s(1, 2), group(add.s(1), spell.s()))).delay();
    expectTypeOf(results).resolves.toEqualTypeOf<GroupResult<[number, string]>>();
  });

  test('keeps its types through its methods', () => {
    const sums = group(add.s(1), add.s(2));
    expectTypeOf(sums.set({ queue: 'q' }).freeze().linkError(log.s())).toEqualTypeOf(sums);
    expectTypeOf(sums.clone([1]).delay()).resolves.toEqualTypeOf<GroupResult<[number, number]>>();
    expectTypeOf(chain(sums.clone([1]), sum.s()).delay()).resolves.toEqualTypeOf<AsyncResult<number>>();
    expectTypeOf(sums.tasks).toEqualTypeOf<readonly UntypedSignature[]>();
    sums.link(length.s()).link([log.si(1), both.s()]);
    // @ts-expect-error a group has no body
    void sums.body.name;
  });

  test('does not compile with what is no signature, or spread', () => {
    // @ts-expect-error a task is no signature
    group(add.s(1, 1), negate);
    // @ts-expect-error nor are numbers
    group([1, 2]);
    // @ts-expect-error nor is a promise of a handle
    group(add.delay(1, 1));
    // @ts-expect-error an array is given as it is
    group(...urls.map((url) => length.s(url)));
  });
});

describe('a group in a chain', () => {
  test('takes what all its members take, and gives what follows the list of its results', () => {
    expectTypeOf(chain(add.s(1, 1), group(add.s(1), spell.s())).delay()).resolves.toEqualTypeOf<
      GroupResult<[number, string]>
    >();
    expectTypeOf(chain(add.s(1, 1), group(add.s(1), add.s(2)), sum.s()).delay()).resolves.toEqualTypeOf<
      AsyncResult<number>
    >();
    expectTypeOf(group(add.s(1, 1), spell.s(1)).pipe(both.s()).delay()).resolves.toEqualTypeOf<
      AsyncResult<number>
    >();
    chain(add.s(1, 1), group(add.s(1), add.si(1, 1), log.s(), untyped), log.s());
    chain(group(add.s(1, 1), add.s(2, 2)), group(sum.s(), sum.s()), sum.s(), group(spell.s(), negate.s()));
    chain(add.s(1, 1), group([]), sum.s());
    chain(add.s(1, 1), group([1, 2].map((y) => add.s(y))), sum.s());
    chain(group(untyped, add.s(1, 1)), sum.s());
    chain(group(untyped, untyped), both.s());
    chain(group([untyped]), sum.s());
  });

  test('does not compile if a member cannot take what comes before, or what follows cannot take the list', () => {
    // @ts-expect-error one member takes a text
    chain(add.s(1, 1), group(add.s(1), length.s()));
    // @ts-expect-error one member has all its arguments
    chain(add.s(1, 1), group(add.s(1), add.s(1, 1)));
    // @ts-expect-error one of the results is a text
    chain(group(add.s(1, 1), spell.s(1)), sum.s());
    // @ts-expect-error a list is no number
    chain(group(add.s(1, 1), add.s(2, 2)), negate.s());
    // @ts-expect-error three results are no pair
    chain(group(add.s(1, 1), spell.s(1), add.s(1, 1)), both.s());
    // @ts-expect-error nor is any number of them
    chain(group([1, 2].map((x) => add.s(x, x))), both.s());
    // @ts-expect-error each member gets the list, and one takes a number
    chain(group(add.s(1, 1), add.s(2, 2)), group(sum.s(), negate.s()));
    // @ts-expect-error what nobody knows may be anything, but the text that is known is no number
    chain(group(untyped, spell.s(1)), sum.s());
  });
});

describe('chord', () => {
  test('gives its body the results of the header', () => {
    const total = chord([add.s(1, 2), add.s(3, 4)], sum.s());
    expectTypeOf(total).toEqualTypeOf<Chord<[], number, never, AsyncResult<number>>>();
    expectTypeOf(total.header).toEqualTypeOf<UntypedSignature>();
    expectTypeOf(total.body).toEqualTypeOf<UntypedSignature>();
    expectTypeOf(
      chord(
        urls.map((url) => fetchPage.s(url)),
        summarise.s(),
      ).delay(),
    ).resolves.toEqualTypeOf<AsyncResult<number>>();
    expectTypeOf(chord([add.s(1), negate.s()], sum.s()).delay).parameters.toEqualTypeOf<[x: number]>();
    expectTypeOf(chord([add.s(1), negate.s()], sum.si([1])).delay).parameters.toEqualTypeOf<[x: number]>();
    chord([add.s(1, 2), spell.s(1)], both.s());
    chord(group(add.s(1, 2), spell.s(1)), both.s());
    chord(group([1, 2].map((x) => add.s(x, x))), sum.s());
    chord([group(add.s(1, 2), add.s(1, 2)), add.s(1, 2)], sum.s());
    chord([chord([add.s(1, 2)], sum.s()), chain(spell.s(1), length.s())], sum.s());
    chord([], sum.s());
    chord(add.s(1, 2), sum.s());
    chord([untyped, untyped], both.s());
    chord([add.s(1, 2)], untyped);
    chord([add.s(1, 2)], chain(sum.s(), spell.s()));
  });

  test('has the handle of its body', () => {
    expectTypeOf(chord([add.s(1, 2)], group(sum.s(), log.s())).delay()).resolves.toEqualTypeOf<
      GroupResult<[number, undefined]>
    >();
    expectTypeOf(chord([add.s(1, 2)], chain(sum.s(), spell.s())).delay()).resolves.toEqualTypeOf<
      AsyncResult<string>
    >();
    expectTypeOf(
      chain(add.s(1, 1), chord([add.s(1), negate.s()], sum.s()), spell.s()).delay(),
    ).resolves.toEqualTypeOf<AsyncResult<string>>();
  });

  test('with settle gives its body what became of each', () => {
    expectTypeOf(
      chord([add.s(1, 2), negate.s(1)], judge.s(), { settle: true }).delay(),
    ).resolves.toEqualTypeOf<AsyncResult<number>>();
    chord([add.s(1, 2), spell.s(1)], judgeBoth.s(), { settle: true });
    chord(
      urls.map((url) => length.s(url)),
      judge.s(),
      { settle: true },
    );
    chord([add.s(1, 2)], sum.s(), { settle: false });
    // @ts-expect-error the body takes values
    chord([add.s(1, 2)], sum.s(), { settle: true });
    // @ts-expect-error the body takes outcomes
    chord([add.s(1, 2)], judge.s());
    // @ts-expect-error outcomes of a text are none of a number
    chord([spell.s(1)], judge.s(), { settle: true });
    // @ts-expect-error no such option
    chord([add.s(1, 2)], sum.s(), { settled: true });
  });

  test('tells outcomes apart by their state', () => {
    const described = (outcome: Settled<number>) =>
      outcome.state === 'SUCCESS' ? outcome.result : (outcome.error?.message ?? outcome.id);
    expectTypeOf(described).returns.toEqualTypeOf<string | number>();
    // @ts-expect-error only a success has a result
    const resultOf = (outcome: Settled<number>) => outcome.result;
    void resultOf;
  });

  test('of what is made while it is sent is started, and nothing else', () => {
    function* doubles() {
      for (const x of [1, 2]) yield add.s(x, x);
    }
    async function* pages() {
      for (const url of urls) yield fetchPage.s(url);
    }
    expectTypeOf(chord(doubles(), sum.s())).toEqualTypeOf<LazyChord<[], AsyncResult<number>>>();
    expectTypeOf(chord(pages(), summarise.s()).delay()).resolves.toEqualTypeOf<AsyncResult<number>>();
    expectTypeOf(chord(doubles(), judge.s(), { settle: true }).delay()).resolves.toEqualTypeOf<
      AsyncResult<number>
    >();
    // @ts-expect-error pages are no numbers
    chord(pages(), sum.s());
    // @ts-expect-error it has no JSON, so it is no part of another
    chain(add.s(1, 1), chord(doubles(), sum.s()));
  });

  test('does not compile if its body cannot take the results', () => {
    const many = [1, 2].map((x) => add.s(x, x));
    // @ts-expect-error one of the results is a text
    chord([add.s(1, 2), spell.s(1)], sum.s());
    // @ts-expect-error a list is no number
    chord([add.s(1, 2), add.s(1, 2)], negate.s());
    // @ts-expect-error two results in the other order
    chord([spell.s(1), add.s(1, 2)], both.s());
    // @ts-expect-error any number of results are no pair
    chord(many, both.s());
    // @ts-expect-error no results are no pair
    chord([], both.s());
    // @ts-expect-error the body has all its arguments
    chord([add.s(1, 2)], sum.s([1]));
    // @ts-expect-error the body is missing
    chord([add.s(1, 2)]);
    // @ts-expect-error a body is no task, but a signature of one
    chord([add.s(1, 2)], sum);
    // @ts-expect-error a number is no header
    chord(5, sum.s());
    // @ts-expect-error the first step of the body takes the results
    chord([add.s(1, 2)], chain(negate.s(), spell.s()));
    // @ts-expect-error one of the results is that of the inner body
    chord([add.s(1, 2), chord([add.s(1, 2)], chain(sum.s(), spell.s()))], sum.s());
    // @ts-expect-error every member misses its first argument
    void chord([add.s(1), negate.s()], sum.s()).delay();
    // @ts-expect-error what follows gets what the body gives
    chain(chord([add.s(1, 2)], sum.s()), length.s());
    // @ts-expect-error a member takes no text
    chain(spell.s(1), chord([add.s(1), negate.s()], sum.s()));
  });

  test('in chords, more than ten deep', () => {
    const one = chord([add.s(1), negate.s()], sum.s());
    const two = chord(
      [one, chord([one, chord([one, chord([one, one], sum.s())], sum.s())], sum.s())],
      sum.s(),
    );
    const three = chord(
      [two, chord([two, chord([two, chord([two, two], sum.s())], sum.s())], sum.s())],
      sum.s(),
    );
    const four = chain(
      add.s(1, 1),
      three,
      group(three, group(three, spell.s())),
      chord([sum.si([1])], sum.s()),
      three,
    );
    expectTypeOf(four.delay()).resolves.toEqualTypeOf<AsyncResult<number>>();
    expectTypeOf(three.delay).parameters.toEqualTypeOf<[x: number]>();
    // @ts-expect-error it takes a number, however deep
    chain(spell.s(1), three);
  });
});

describe('map, starmap and chunks', () => {
  test('give lists of results, and take nothing', () => {
    expectTypeOf(spell.map([1, 2])).toEqualTypeOf<TaskSignature<[], string[], unknown>>();
    expectTypeOf(add.starmap([[1, 2]])).toEqualTypeOf<TaskSignature<[], number[], unknown>>();
    expectTypeOf(chunks(add, [[1, 2]], 10)).toEqualTypeOf<Group<[], number[][], unknown>>();
    expectTypeOf(add.chunks(new Map([[1, 2]]), 10).delay()).resolves.toEqualTypeOf<GroupResult<number[][]>>();
    expectTypeOf(fetchPage.map(new Set(urls)).delay()).resolves.toEqualTypeOf<
      AsyncResult<{ url: string; depth: number | undefined }[]>
    >();
    chain(add.starmap([[1, 2]]), sum.s());
    chain(spell.s(1), add.starmap([[1, 2]]));
  });

  test('do not compile with what the task does not take', () => {
    // @ts-expect-error a text is no number
    negate.map(['1']);
    // @ts-expect-error each run needs two
    add.map([1, 2]);
    // @ts-expect-error a text is no number
    add.starmap([[1, '2']]);
    // @ts-expect-error one is missing
    add.chunks([[1]], 10);
    // @ts-expect-error the size is missing
    add.chunks([[1, 2]]);
    // @ts-expect-error a list of lists is no list of numbers
    chain(add.chunks([[1, 2]], 10), sum.s());
    // @ts-expect-error keyword arguments are no item
    mail.map(['a']);
  });
});
