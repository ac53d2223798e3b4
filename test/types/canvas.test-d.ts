import {
  type AsyncResult,
  type Chain,
  chain,
  type GroupResult,
  group,
  type Signature,
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
const shout = app.task('shout', (text: string, times?: number) => text.repeat(times ?? 1));
const join = app.task('join', (text: string, separator?: string) => `${text}${separator}`);
const sum = app.task('sum', (...numbers: number[]) => numbers.length);
const label = app.task('label', (name: string, ...numbers: number[]) => `${name}${numbers}`);
const log = app.task('log', (message: unknown) => void message);
const now = app.task('now', () => 1);
const find = app.task('find', (id: string): { id: string; age: number } | null => ({ id, age: 1 }));
const greet = app.task('greet', (person: { id: string }) => person.id);
const identity = app.task('identity', (x: unknown) => x);
const fail = app.task('fail', (): never => {
  throw new Error('no');
});
const bound = app.task('bound', { bind: true }, (self, x: number) => `${self.name}${x}`);
const kwargs = z.object({ to: z.string() });
const mail = app.task('mail', { args: z.tuple([z.number()]), kwargs }, (x, { to }) => `${x}${to}`);
const charge = app.task('charge', { args: z.tuple([z.object({ cents: z.int() })]) }, (o) => o.cents);

describe('s', () => {
  test('leaves the first parameters missing', () => {
    expectTypeOf(add.s()).toEqualTypeOf<TaskSignature<[x: number, y: number], number>>();
    expectTypeOf(add.s(4)).toEqualTypeOf<TaskSignature<[x: number], number>>();
    expectTypeOf(add.s(2, 2)).toEqualTypeOf<TaskSignature<[], number>>();
    expectTypeOf(add.s(4).delay).parameters.toEqualTypeOf<[x: number]>();
    expectTypeOf(add.s(2, 2).delay).parameters.toEqualTypeOf<[]>();
    expectTypeOf(now.s()).toEqualTypeOf<TaskSignature<[], number>>();
  });

  test('gives the value of a promise, and the handle on it', () => {
    expectTypeOf(spell.s()).toEqualTypeOf<TaskSignature<[x: number], string>>();
    expectTypeOf(spell.s(1).delay()).resolves.toEqualTypeOf<AsyncResult<string>>();
    expectTypeOf(spell.s(1).apply([])).resolves.toEqualTypeOf<AsyncResult<string>>();
    expectTypeOf(spell.s().applyAsync([1], { countdown: '1m' })).resolves.toEqualTypeOf<
      AsyncResult<string>
    >();
  });

  test('knows by their types which of optional parameters were given', () => {
    expectTypeOf(shout.s()).toEqualTypeOf<
      TaskSignature<[text: string, times?: number | undefined], string>
    >();
    expectTypeOf(shout.s('a')).toEqualTypeOf<TaskSignature<[], string>>();
    expectTypeOf(shout.s(3)).toEqualTypeOf<TaskSignature<[text: string], string>>();
    expectTypeOf(shout.s('a', 3)).toEqualTypeOf<TaskSignature<[], string>>();
    expectTypeOf(join.s('a')).toEqualTypeOf<TaskSignature<[] | [text: string], string>>();
  });

  test('takes any number of parameters of a kind', () => {
    expectTypeOf(sum.s(1, 2).delay).parameters.toEqualTypeOf<number[]>();
    expectTypeOf(label.s(1, 2)).toEqualTypeOf<TaskSignature<[name: string, ...number[]], string>>();
    expectTypeOf(label.s('a', 1)).toEqualTypeOf<TaskSignature<[], string>>();
  });

  test('hides the running task, and has the keyword arguments last', () => {
    expectTypeOf(bound.s()).toEqualTypeOf<TaskSignature<[x: number], string>>();
    expectTypeOf(mail.s({ to: 'a' })).toEqualTypeOf<TaskSignature<[number], string>>();
    expectTypeOf(mail.s(1, { to: 'a' })).toEqualTypeOf<TaskSignature<[], string>>();
    expectTypeOf(mail.s().delay).parameters.toEqualTypeOf<[number, { to: string }]>();
  });

  test('does not compile with what are not the last parameters', () => {
    // @ts-expect-error a text is no number
    add.s('2');
    // @ts-expect-error one too many
    add.s(1, 2, 3);
    // @ts-expect-error the number comes last
    shout.s(3, 'a');
    // @ts-expect-error nothing is taken
    now.s(1);
    // @ts-expect-error neither a name nor a number
    label.s(true);
    // @ts-expect-error the keyword arguments come last
    mail.s(1);
    // @ts-expect-error cents is missing
    charge.s({});
    // @ts-expect-error a text is no number
    void add.s(4).delay('2');
    // @ts-expect-error one is missing
    void add.s(4).delay();
    // @ts-expect-error nothing is missing any more
    void add.s(2, 2).delay(1);
    // @ts-expect-error one is missing
    void add.s(4).applyAsync([]);
    // @ts-expect-error no such option
    void add.s(2, 2).applyAsync([], { countDown: 3 });
    // @ts-expect-error this one is missing here too
    void add.s(4).apply([]);
  });
});

describe('si and signature', () => {
  test('si has all its arguments and takes anything', () => {
    expectTypeOf(add.si(1, 2)).toEqualTypeOf<TaskSignature<[], number, unknown>>();
    // @ts-expect-error one is missing
    add.si(1);
    // @ts-expect-error a text is no number
    add.si(1, '2');
  });

  test('signature is s with options', () => {
    expectTypeOf(add.signature([4], { queue: 'q' })).toEqualTypeOf<TaskSignature<[x: number], number>>();
    expectTypeOf(mail.signature([{ to: 'a' }])).toEqualTypeOf<TaskSignature<[number], string>>();
    // @ts-expect-error a text is no number
    add.signature(['4']);
    // @ts-expect-error not a duration
    add.signature([4], { countdown: 'soon' });
  });

  test('methods keep the types, clone takes what it is given', () => {
    expectTypeOf(add.s(4).set({ queue: 'q' })).toEqualTypeOf<TaskSignature<[x: number], number>>();
    expectTypeOf(add.s(4).link(log.s()).onError(log.s())).toEqualTypeOf<TaskSignature<[x: number], number>>();
    expectTypeOf(add.s(4).freeze()).toEqualTypeOf<TaskSignature<[x: number], number>>();
    expectTypeOf(add.s(4).stamp({ by: 'me' })).toEqualTypeOf<TaskSignature<[x: number], number>>();
    expectTypeOf(add.s().clone([4])).toEqualTypeOf<TaskSignature<[x: number], number>>();
    expectTypeOf(add.s().clone()).toEqualTypeOf<TaskSignature<[x: number, y: number], number>>();
    expectTypeOf(add.si(1, 2).clone()).toEqualTypeOf<TaskSignature<[], number, unknown>>();
    expectTypeOf(add.s(1, 2).setImmutable(true)).toEqualTypeOf<TaskSignature<[], number, unknown>>();
    expectTypeOf(add.s(4).setImmutable(false)).toEqualTypeOf<TaskSignature<[x: number], number>>();
    expectTypeOf(add.s(4).header).toEqualTypeOf<undefined>();
    // @ts-expect-error no such option
    add.s(4).set({ quue: 'q' });
    // @ts-expect-error a text is no number
    add.s().clone(['4']);
    // @ts-expect-error nothing is missing that could be given
    add.s(1, 2).clone([3]);
    // @ts-expect-error a task is no signature
    add.s(4).onError(log);
    // @ts-expect-error no such hook takes a number
    add.s(4).stamp({ onSignature: 5 }, { by: 'me' });
  });

  test('link wants callbacks that can take the result', () => {
    add.s(1, 2).link(negate.s());
    add.s(1, 2).link([add.s(4), log.s(), now.si()]);
    add.s(1, 2).link(negate.s().toJSON());
    add.s(1, 2).link(app.signature('elsewhere'));
    // @ts-expect-error a number is no text
    add.s(1, 2).link(length.s());
    // @ts-expect-error it would get three arguments
    add.s(1, 2).link(add.s(1, 2));
    // @ts-expect-error one of them takes a text
    add.s(1, 2).link([negate.s(), length.s()]);
    // @ts-expect-error a task is no signature
    void add.applyAsync([1, 2], { link: negate });
    void add.applyAsync([1, 2], { link: negate.s(), linkError: [log.s()] });
  });

  test('a signature that takes less does not pass for one that takes more', () => {
    const takesAnything: TaskSignature<[], number, unknown> = add.si(1, 2);
    const takesNumbers: TaskSignature<[], number, number> = takesAnything;
    // @ts-expect-error it takes nothing
    const wrong: TaskSignature<[], number, unknown> = add.s(1, 2);
    // @ts-expect-error it gives a number
    const other: TaskSignature<[], string> = add.s(1, 2);
    void [takesNumbers, wrong, other];
  });
});

describe('signatures of tasks elsewhere', () => {
  test('fit everywhere', () => {
    const untyped = app.signature('py.tasks.any', [1], { kwargs: { z: 1 }, queue: 'python' });
    expectTypeOf(untyped).toEqualTypeOf<TaskSignature<readonly unknown[], unknown>>();
    expectTypeOf(untyped.delay(1, 'a')).resolves.toEqualTypeOf<AsyncResult<unknown>>();
    expectTypeOf(chain(add.s(1, 2), untyped, negate.s())).toEqualTypeOf<
      Chain<[], number, never, AsyncResult<number>>
    >();
    expectTypeOf(chain(untyped, negate.s()).delay).parameters.toEqualTypeOf<unknown[]>();
  });

  test('may say what they miss and give', () => {
    const typed = app.signature<[number], string>('py.tasks.spell');
    expectTypeOf(typed).toEqualTypeOf<TaskSignature<[number], string>>();
    chain(negate.s(1), typed, length.s());
    // @ts-expect-error it gives a text
    chain(negate.s(1), typed, negate.s());
    // @ts-expect-error it takes a number
    chain(typed, typed);
  });

  test('may come as JSON', () => {
    const json = app.signature(chain(add.s(1, 2)).toJSON());
    expectTypeOf(json).toEqualTypeOf<UntypedSignature>();
    expectTypeOf(json.tasks).toEqualTypeOf<readonly UntypedSignature[]>();
    expectTypeOf(json.body).toEqualTypeOf<UntypedSignature | undefined>();
    chain(json, negate.s(), json);
    // @ts-expect-error no JSON of a signature
    app.signature({ task: 'x' });
    // @ts-expect-error no such option
    app.signature('x', [], { kwarg: {} });
  });
});

describe('chain', () => {
  test('takes what its first step takes and gives what its last one gives', () => {
    expectTypeOf(chain(add.s(2, 2), add.s(4), spell.s())).toEqualTypeOf<
      Chain<[], string, never, AsyncResult<string>>
    >();
    expectTypeOf(chain(add.s(), spell.s()).delay).parameters.toEqualTypeOf<[x: number, y: number]>();
    expectTypeOf(chain(add.s(4), spell.s()).delay(1)).resolves.toEqualTypeOf<AsyncResult<string>>();
    expectTypeOf(add.s(2, 2).pipe(add.s(4)).pipe(spell.s()).delay()).resolves.toEqualTypeOf<
      AsyncResult<string>
    >();
    expectTypeOf(chain(add.s(2, 2)).delay()).resolves.toEqualTypeOf<AsyncResult<number>>();
    expectTypeOf(chain().delay()).resolves.toEqualTypeOf<null>();
    expectTypeOf(chain(add.s(4), spell.s())).toExtend<Signature<[x: number], string, number>>();
  });

  test('lets steps take less, or leave out what they may', () => {
    chain(find.s('a'), log.s());
    chain(app.signature<[], { id: string; age: number }>('x'), greet.s());
    chain(spell.s(1), shout.s(), shout.s(3), join.s(), join.s('-'));
    chain(add.s(1, 2), sum.s(), sum.s(1, 2), now.si(), log.s());
    chain(spell.s(1), label.s(), label.s(1, 2));
    chain(now.s(), mail.s({ to: 'a' }));
    chain(now.s(), bound.s());
    chain(fail.s(), length.s());
  });

  test('lets what nobody knows the type of go anywhere', () => {
    chain(identity.s(1), add.s(4), identity.s(), length.s());
    chain(group(identity.s(1), identity.s(2)), app.task('sum2', (both: [number, number]) => both.length).s());
  });

  test('does not compile if a step cannot take the result before it', () => {
    chain(
      add.s(1, 2),
      // @ts-expect-error a number is no text
      length.s(),
      negate.s(),
    );
    chain(
      spell.s(1),
      length.s(),
      negate.s(),
      // @ts-expect-error the error stands at the step, however far down
      shout.s(),
    );
    // @ts-expect-error it has all its arguments
    chain(add.s(1, 2), add.s(3, 4));
    // @ts-expect-error it would miss another one
    chain(add.s(1, 2), add.s());
    // @ts-expect-error the keyword arguments would be missing
    chain(now.s(), mail.s());
    // @ts-expect-error nothing is taken
    chain(add.s(1, 2), now.s());
    // @ts-expect-error the text has been given
    chain(spell.s(1), shout.s('a'));
    // @ts-expect-error null is no person
    chain(find.s('a'), greet.s());
    // @ts-expect-error nothing is no text
    chain(log.s(1), length.s());
    // @ts-expect-error a promise of a text is a text, which is no number
    add.s(1, 2).pipe(spell.s()).pipe(negate.s());
    // @ts-expect-error a task is no signature
    chain(add.s(1, 2), negate);
    // @ts-expect-error a promise of a handle is no signature
    chain(add.delay(1, 2), negate.s());
    // @ts-expect-error a chain takes what its first step takes
    chain(add.s(1, 2), chain(length.s(), negate.s()));
    // @ts-expect-error a chain gives what its last step gives
    chain(chain(add.s(1, 2), spell.s()), negate.s());
    // @ts-expect-error a chain that is complete takes nothing
    chain(now.s(), chain(add.s(1, 2), negate.s()));
    // @ts-expect-error the first step misses its first argument
    void chain(add.s(4), spell.s()).delay();
  });

  test('takes a list of steps that fit one behind the other', () => {
    const steps = [1, 2, 3].map((y) => add.s(y));
    expectTypeOf(chain(steps).delay(1)).resolves.toEqualTypeOf<AsyncResult<number> | null>();
    expectTypeOf(chain(...steps, negate.s()).delay(1)).resolves.toEqualTypeOf<AsyncResult<number>>();
    expectTypeOf(chain(...steps).delay(1)).resolves.toEqualTypeOf<AsyncResult<number> | null>();
    // @ts-expect-error a text is no number
    chain([1, 2].map(() => spell.s()));
    // @ts-expect-error each has all its arguments
    chain([1, 2].map((x) => add.s(x, x)));
  });

  test('of chains, more than ten deep', () => {
    const one = chain(add.s(1), add.s(1));
    const two = chain(one, chain(one, chain(one, chain(one, chain(one, chain(one, one))))));
    const three = chain(two, chain(two, chain(two, chain(two, chain(two, chain(two, two))))), spell.s());
    expectTypeOf(three.delay).parameters.toEqualTypeOf<[x: number]>();
    expectTypeOf(three.delay(1)).resolves.toEqualTypeOf<AsyncResult<string>>();
    // @ts-expect-error it gives a text, however deep
    chain(three, two);
  });

  test('unrolls a group of one behind a step', () => {
    expectTypeOf(chain(add.s(1, 1), group(add.s(5))).delay()).resolves.toEqualTypeOf<AsyncResult<number>>();
    expectTypeOf(chain(group(add.s(1, 1))).delay()).resolves.toEqualTypeOf<AsyncResult<number>>();
    expectTypeOf(chain(add.s(1, 1), group([add.s(5)])).delay()).resolves.toEqualTypeOf<
      GroupResult<number[]>
    >();
    chain(add.s(1, 1), group(group(add.s(5))), negate.s());
    // @ts-expect-error in front of something it is a group, which gives a list
    chain(group(add.s(1, 1)), negate.s());
    // @ts-expect-error a group of an array is one, whatever its length
    chain(add.s(1, 1), group([add.s(5)]), negate.s());
  });
});
