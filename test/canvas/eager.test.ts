import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import {
  type AsyncResult,
  ChordError,
  chain,
  chord,
  GroupResult,
  group,
  Ignore,
  NotRegistered,
  Reject,
  type Result,
  type SignatureJson,
  silentLogger,
  Tallo,
  type TaskContext,
  TaskError,
  TaskRevokedError,
  TimeoutError,
} from 'tallo';
import { memoryCloud } from 'tallo/testing';
import { describe, expect, test } from 'vitest';
import { withCallbacks, withErrbacks } from '../../sdk/flow/normalise.ts';
import { ancestorsOf, leavesOf } from '../../sdk/result/result.ts';
import { chainSignature, chordSignature, groupSignature, taskSignature } from '../../sdk/wire/signature.ts';
import { fixture } from '../conformance/fixture-tasks.ts';

type Fixture = ReturnType<typeof fixture>;

/** Any signature, for what is asked of all of them here. */
interface Runnable {
  apply(missing: []): Promise<Result | null>;
  delay(): Promise<Result | null>;
}

const expected = { name: 'ExpectedException', message: 'Task expected to fail' };
const past = new Date('2020-01-01T00:00:00Z');

const times = <T>(count: number, make: (i: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));

/** The handle on what has failed, without its error thrown. */
const failed = async (started: Promise<Result | null>): Promise<AsyncResult> =>
  (await started) as AsyncResult;

// The numbers are the lines of the list of what real Celery gives.
const values: [string, (it: Fixture) => Runnable, unknown][] = [
  ['7: a chain', ({ add }) => chain(add.s(4, 4), add.s(8), add.s(16)), 32],
  ['8: a chain of one', ({ add }) => chain(add.s(3, 4)), 7],
  [
    '10: a chain with a group, alone in a group',
    ({ add }) => group(chain(add.s(1, 2), group(add.s(1), add.s(2)))),
    [4, 5],
  ],
  [
    '13: a group with a chain, which both get the result before',
    ({ add }) => chain(add.s(5, 6), group(chain(add.s(1), add.s(2)), add.s(3))),
    [14, 14],
  ],
  [
    '16: a group in a chain in a group',
    ({ identity: id }) => group(id.si(1), id.si(2), chain(id.si(5), group(id.si(3), id.si(4)))),
    [1, 2, [3, 4]],
  ],
  [
    '22: groups that become chords',
    ({ add, tsum }) => chain(add.si(1, 0), group(add.s(1), add.s(1)), group(tsum.s(), tsum.s()), tsum.s()),
    8,
  ],
  [
    '23: chords written as groups, then a task',
    ({ add, tsum }) =>
      chain(add.si(1, 0), group(add.s(1), add.s(1)), tsum.s(), add.s(1), group(add.s(1), add.s(1)), tsum.s()),
    12,
  ],
  [
    '25: a chain of chords',
    ({ add, tsum }) => {
      const pair = (x: number) => chord(group(add.s(x), add.s(x)), tsum.s());
      const first = chain(chord(group(add.si(1, 0), add.si(1, 0)), tsum.s()), pair(1), pair(0));
      return chain(first, chain(pair(10), pair(0), pair(1)));
    },
    178,
  ],
  [
    '28: a group at both ends',
    ({ add, tsum }) => chain(group(add.s(1, 1), add.s(1, 1)), tsum.s(), add.s(1), group(add.s(1), add.s(1))),
    [6, 6],
  ],
  [
    '32: a group in the middle',
    ({ identity: id }) => chain(id.s(42), group(id.s(), id.s()), id.s()),
    [42, 42],
  ],
  ['46: a task that replaces itself with a chain', ({ replaceWithChain }) => replaceWithChain.si(42), 42],
  [
    '47: a first step that does',
    ({ replaceWithChain, identity }) => chain(replaceWithChain.si(42), identity.s()),
    42,
  ],
  [
    '65: groups in groups',
    ({ add }) => group(add.si(1, 10), group(add.si(1, 100), group(add.si(1, 1000), add.si(1, 2000)))),
    [11, 101, 1001, 2001],
  ],
  [
    '70: chords in a group',
    ({ identity: id }) => group(chord([chain(times(42, () => id.si(1337)))], id.s())),
    [[1337]],
  ],
  [
    '82: a member that replaces itself',
    ({ addReplaced, identity }) => group(addReplaced.si(42, 1337), identity.si(31337)),
    [1379, 31337],
  ],
  [
    '89: members that replace themselves with groups',
    ({ addToAll }) => group(addToAll.s([2, 1], 1), addToAll.s([4, 3], 1)),
    [
      [3, 2],
      [5, 4],
    ],
  ],
  [
    '92: a chord, in order',
    ({ identity: id }) =>
      chord(
        times(10, (i) => id.si(i)),
        id.s(),
      ),
    times(10, (i) => i),
  ],
  [
    '94: members that were added',
    ({ addToAllToChord, identity }) => chain(group([addToAllToChord.s([1, 2, 3], 4)]), identity.s()),
    [0, 5, 6, 7],
  ],
  [
    '95: a chord that was added',
    ({ addChordToChord, identity }) => chain(group([addChordToChord.s([1, 2, 3], 4)]), identity.s()),
    [0, 18],
  ],
  [
    '97: a group, then a task that becomes a group',
    ({ add, addToAll }) => chain(add.s(2, 2), group(times(4, (i) => add.s(i))), addToAll.s(8)),
    [12, 13, 14, 15],
  ],
  ['101: a header of one', ({ add, addToAll }) => chord([add.s(2, 5)], addToAll.s(9)), [16]],
  [
    '103: chords in a chord',
    ({ add, addToAll }) => {
      const one = chord([add.s(1, 2), add.s(3, 4)], add.s([5]));
      return chord([one, chord([add.s(6, 7)], add.s([10]))], addToAll.s(['A']));
    },
    [
      [3, 7, 5, 'A'],
      [13, 10, 'A'],
    ],
  ],
  [
    '110: chords beside each other',
    ({ add, tsum }) => {
      const one = chord(group(add.s(1, 2), add.s(3, 4)), tsum.s());
      return group(one, one);
    },
    [10, 10],
  ],
  [
    '112: chords in chains in chords',
    ({ identity: id }) =>
      chain(id.si(1), chord([id.si(2), chain(id.si(3), chord([id.si(4), id.si(5)], id.si(6)))], id.si(7))),
    7,
  ],
  [
    '115: a header of a thousand',
    ({ identity: id, tsum }) => chain(group(times(1000, (i) => id.si(i))), tsum.s()),
    499_500,
  ],
  [
    '145: a member in the middle that replaces itself',
    ({ identity: id, replaceWithChain }) => chord([id.s(42), replaceWithChain.s(1337), id.s(31337)], id.s()),
    [42, 1337, 31337],
  ],
  [
    '148: a body whose steps replace themselves',
    ({ identity: id, replaceWithChain }) => chord([id.s(42)], chain(replaceWithChain.s(), id.s())),
    [42],
  ],
  ['E5: an empty group', () => group([]), []],
  ['E6: an empty header', ({ tsum }) => chord([], tsum.s()), 0],
  ['E8: a chain of a group of one', ({ add }) => chain(group(add.s(1, 1))), 2],
  ['E11: an empty group, then a task', ({ tsum }) => chain(group([]), tsum.s()), 0],
  ['E12: an empty group between', ({ add, tsum }) => chain(add.s(1, 1), group([]), tsum.si([1])), 1],
  ['E25: an immutable step', ({ add }) => chain(add.s(1, 1), add.si(10, 10), add.s(5)), 25],
  ['E29: a map', ({ tsum }) => tsum.map([[1, 2], [3]]), [3, 3]],
  [
    'E30: chunks',
    ({ add }) =>
      add.chunks(
        times(5, (i) => [i, i]),
        2,
      ),
    [[0, 2], [4, 6], [8]],
  ],
  [
    'E34: a chain that ends in a group',
    ({ add }) => group(chain(add.s(1, 1), group(add.s(1), add.s(2))), add.s(5, 5)),
    [[3, 4], 10],
  ],
  [
    'E37: a chord, then tasks',
    ({ add, tsum }) => chain(chord([add.s(1, 1), add.s(2, 2)], tsum.s()), add.s(1), add.s(2)),
    9,
  ],
  [
    'E38: a chord, then a group',
    ({ add, tsum }) => chain(chord([add.s(1, 1), add.s(2, 2)], tsum.s()), group(add.s(1), add.s(2))),
    [7, 8],
  ],
  [
    'E40: groups one after the other',
    ({ add, tsum }) => chain(group(add.s(1, 1), add.s(2, 2)), group(tsum.s(), tsum.s()), tsum.s()),
    12,
  ],
];

describe('a workflow that is applied gives its value', () => {
  test.each(values)('%s', async (_, make, value) => {
    const here = await make(fixture()).apply([]);
    const always = await make(fixture({ taskAlwaysEager: true })).delay();

    expect(await here?.get()).toEqual(value);
    expect(await always?.get()).toEqual(value);
  });

  test('and takes arguments for what starts first', async () => {
    const { add } = fixture();

    expect(await (await group(add.s(1), add.s(2)).apply([10])).get()).toEqual([11, 12]);
    expect(await (await chain(add.s(1), add.s(2)).apply([10])).get()).toBe(13);
    expect(await chain().apply([])).toBeNull();
  });

  test('and sends every result through its wire form', async () => {
    const { app } = fixture();
    const first = app.task('first', (at: Date) => ({ at, nothing: undefined }));
    const second = app.task('second', (value: object) => [value, Object.keys(value)]);

    const result = await chain(first.s(new Date(0)), second.s()).apply([]);

    expect(await result.get()).toEqual([{ at: new Date(0) }, ['at']]);
  });

  test('and runs what stands in its options, in the form of Celery', async () => {
    const { app, add, fail, echo, messages } = fixture();
    const rest = { options: { chain: [echo.s('last').toJSON(), add.s([4]).toJSON()] } };

    await app.signature({ ...group(add.s(1, 1), add.s(2, 1)).toJSON(), ...rest }).apply([]);
    await app.signature({ ...group(add.s(1, 1), fail.s()).toJSON(), ...rest }).apply([]);

    expect(messages).toEqual([[[2, 3, 4], 'last']]);
  });

  test('and every outcome to a body that settles', async () => {
    const { app, identity, fail } = fixture();
    const ignores = app.task('ignores', (): unknown => {
      throw new Ignore();
    });
    const members = [identity.si(1), fail.si(), ignores.si(), chain(fail.si(), identity.s())];

    const result = await chord(members, identity.s(), { settle: true }).apply([]);

    const { id } = result.parent ?? {};
    const error = expected;
    expect(await result.get()).toEqual([
      { id: `${id}:0`, state: 'SUCCESS', result: 1 },
      { id: `${id}:1`, state: 'FAILURE', error },
      { id: `${id}:2`, state: 'IGNORED', error: null },
      { id: `${id}:3`, state: 'FAILURE', error },
    ]);
  });
});

const failures: [string, (it: Fixture) => Runnable][] = [
  ['121: before a group', ({ add, fail }) => chain(add.s(1, 1), fail.s(), group(add.s(1), add.s(1)))],
  ['122: in a group at the end', ({ add, fail }) => chain(add.s(1, 1), add.s(1), group(add.s(1), fail.s()))],
  ['124: in the body of a chord', ({ identity, fail }) => chord([identity.si(42)], fail.s())],
  [
    '128: in a chain in a header',
    ({ identity: id, fail }) => chord([chain(id.si(42), fail.s(), id.si(42))], id.s()),
  ],
  [
    '133: at the end of a chain in a header',
    ({ identity: id, fail }) => chord([chain(id.si(42), fail.s())], id.s()),
  ],
  ['136: in a group in a header', ({ identity: id, fail }) => chord([group(id.si(42), fail.s())], id.s())],
  [
    '154: in a header before a group',
    ({ add, fail }) => chain(group(add.si(15, 7), fail.si()), group(add.si(9, 7), add.si(5, 7))),
  ],
  [
    '154: in a header before a chord',
    ({ add, fail }) =>
      chain(group(add.si(15, 7), fail.si()), chord(group(add.si(1, 1), add.si(2, 2)), add.si(10, 10))),
  ],
  [
    '155: in a chain of chains',
    ({ add, identity, fail }) => chain(chain(group(add.si(1, 1), fail.si()), identity.s()), identity.s()),
  ],
  [
    '157: in a group that three steps follow',
    ({ identity: id, fail }) =>
      chain(id.si('start'), group(id.si('a'), fail.si()), id.si('break'), id.si('end')),
  ],
];

describe('a workflow that fails throws what its task has thrown', () => {
  test.each(failures)('%s', async (_, make) => {
    const here = await make(fixture()).apply([]);
    const always = await make(fixture({ taskAlwaysEager: true })).delay();
    const propagating = make(fixture({ taskAlwaysEager: true, taskEagerPropagates: true })).delay();

    await expect(here?.get()).rejects.toMatchObject(expected);
    await expect(always?.get()).rejects.toMatchObject(expected);
    await expect(propagating).rejects.toMatchObject(expected);
  });

  test('and leaves no step of it waiting', async () => {
    const { app, identity: id, fail, messages, echo } = fixture();
    const inner = chord([id.s(), id.s()], chain(id.s(), id.s()));
    const body = chain(id.s(), group(id.s(), echo.s()));

    const result = await chain(fail.s(), id.s(), inner, body).apply([]);

    const all = [...ancestorsOf(result), result].flatMap((one) => leavesOf([one]));
    const states = await Promise.all(all.map((one) => one.state()));
    expect([states.length, new Set(states)]).toEqual([9, new Set(['FAILURE'])]);
    await expect(all[8]?.result()).resolves.toMatchObject(expected);
    expect(messages).toEqual([]);
    expect(app.settings.taskAlwaysEager).toBe(false);
  });

  test('or a ChordError to whoever only knows the body', async () => {
    const { fail, add, tsum, messages, echo } = fixture();

    const result = await chord([fail.si(), chain(add.s(1, 1), echo.s())], tsum.s()).apply([]);

    const body = await result.result();
    expect(body).toBeInstanceOf(ChordError);
    expect(body).toMatchObject({ message: "ExpectedException('Task expected to fail')" });
    expect(messages).toEqual([2]);
  });

  test('E22: or that to each member of a group that was to follow', async () => {
    const { add, fail, identity, tsum } = fixture();

    const result = await chord([fail.s(), add.s(1, 1)], group(identity.s(), tsum.s())).apply([]);

    const errors = await Promise.all(leavesOf([result]).map((one) => one.result()));
    expect(errors).toMatchObject([expected, expected]);
  });

  test('E1, E3: but not when it has expired', async () => {
    const { add, echo, messages } = fixture();
    const late = add.s(2).set({ expires: past }).linkError(echo.s());

    const result = await chain(add.s(1, 1), late, add.s(3)).apply([]);

    await expect(result.get()).rejects.toThrow(new TaskRevokedError('expired'));
    expect(
      await Promise.all(
        [result.parent?.parent, result.parent, result].map((one) => (one as AsyncResult).state()),
      ),
    ).toEqual(['SUCCESS', 'REVOKED', 'REVOKED']);
    expect(messages).toEqual([]);
  });

  test('or that a task is not defined', async () => {
    const { app, add } = fixture({ taskAlwaysEager: true });
    const elsewhere = app.signature<[number], number>('elsewhere');

    const result = await chain(add.s(1, 1), elsewhere, add.s(1)).delay();
    const alone = await app.signature('elsewhere').apply([]);

    await expect(result.get()).rejects.toThrow(NotRegistered);
    expect(await (result.parent as AsyncResult).state()).toBe('FAILURE');
    await expect(alone.get()).rejects.toThrow(/'elsewhere'/);
  });

  test('or that its queue is not there', async () => {
    const { app, add, echo, messages } = fixture({ taskAlwaysEager: true });
    const lost = add.s(1).set({ queue: 'nowhere' }).linkError(echo.si('called'));

    const result = await chain(add.s(1, 1), lost, add.s(1)).delay();

    await expect(result.get()).rejects.toThrow(/'nowhere'/);
    expect(messages).toEqual(['called']);
    await expect(chain(lost.clone([1]), add.s(1)).delay()).rejects.toThrow(/'nowhere'/);
    expect(app.settings.queues.size).toBe(1);
  });

  test('or that JSON cannot hold a result', async () => {
    const { app, add, echo, messages } = fixture();
    const bad = app.task('bad', (): unknown => () => 1);

    const result = await chain(bad.s().link(echo.s()), add.s(1)).apply([]);

    await expect(result.get()).rejects.toMatchObject({ name: 'EncodeError' });
    expect(messages).toEqual([]);
  });
});

describe('callbacks of a workflow that is applied', () => {
  test('E19: run with the result', async () => {
    const { add, tsum, echo, messages } = fixture();

    await add.s(1, 1).apply([], { link: [echo.s('alone'), echo.si('immutable')] });
    await chord([add.s(1, 1)], tsum.s())
      .link(echo.s())
      .apply([]);
    await chain(add.s(1, 1), add.s(1)).apply([], { link: echo.s() });

    expect(messages).toEqual([[2, 'alone'], 'immutable', 2, 3]);
  });

  test('40: run for each step of a chain', async () => {
    const { identity, count, counts } = fixture();

    const result = await chain(times(42, () => identity.si(1337).link(count.s('link')))).apply([]);

    expect([await result?.get(), counts.get('link')]).toEqual([1337, 42]);
  });

  test('44, 82: run for a task that has replaced itself', async () => {
    const { addReplaced, identity, count, counts } = fixture();
    const child = addReplaced.si(42, 1337).link(count.s('link'));

    expect(await (await chain(child, identity.s()).apply([])).get()).toBe(1379);
    expect(counts.get('link')).toBe(1);
  });

  test('34: run in the replacement and behind it', async () => {
    const { add, identity, replaceWithChainAndEcho, messages } = fixture();

    const steps = chain(identity.s('Hello '), replaceWithChainAndEcho.s('Internal'), add.s('world'));

    expect(await (await steps.apply([])).get()).toBe('Hello world');
    expect(messages).toEqual(['Internal']);
  });

  test('E14: run without the result after the first member of a group', async () => {
    const { add, echo, messages } = fixture();

    const result = await group(add.s(1, 1), add.s(2, 2)).link(echo.s(9)).apply([]);

    expect([await result.get(), messages]).toEqual([[2, 4], [9]]);
  });

  test('may be workflows, and may fail without changing anything', async () => {
    const { add, fail, echo, messages } = fixture({ taskEagerPropagates: true });

    const result = await add
      .s(1, 1)
      .link(chain(add.s(1), echo.s()))
      .link(fail.s())
      .apply([]);

    expect([await result.get(), messages]).toEqual([2, [3]]);
    expect(await Promise.all((await result.children()).map((child) => child.ready()))).toEqual([true, true]);
  });
});

describe('error callbacks of a workflow that is applied', () => {
  test('1, 2: run on failure, whose error is the result', async () => {
    const { fail, errbackOldStyle, counts } = fixture();

    const result = await fail.s('test').apply([], { linkError: errbackOldStyle.s() });

    expect(await result.get({ propagate: false })).toMatchObject(expected);
    expect(counts).toEqual(new Map([[result.id, 1]]));
  });

  test('E46: run when a call is eager, too', async () => {
    const { fail, errbackOldStyle, counts } = fixture({ taskAlwaysEager: true });

    const result = await fail.applyAsync([], { linkError: errbackOldStyle.s() });

    expect([await result.state(), counts.get(result.id)]).toEqual(['FAILURE', 1]);
    await expect(result.get()).rejects.toMatchObject(expected);
  });

  test('E18, E21: are given the error if they take it', async () => {
    const it = fixture();
    const seen: unknown[] = [];
    const errback = it.app.task('errback', (request: { id: string }, error: Error, ...rest: unknown[]) => {
      seen.push([request.id, error.name, error.message, rest[0] === null, rest[1]]);
      throw new Error('of the error callback itself');
    });
    // What comes before its own argument is given when it is called.
    const onError = it.app.signature('errback', ['mine']);

    const alone = await failed(it.fail.s().linkError(onError).apply([]));
    const body = await failed(chord([it.fail.s(), it.add.s(1, 1)], it.tsum.s().linkError(onError)).apply([]));

    const { name, message } = expected;
    expect(errback.name).toBe('errback');
    expect(seen).toEqual([
      [alone.id, name, message, false, 'mine'],
      [body.id, 'ChordError', `${name}('${message}')`, true, 'mine'],
    ]);
  });

  const counted: [string, (it: Fixture) => Runnable, number][] = [
    [
      '41: of a chain run once',
      ({ fail, count }) => chain(times(42, () => fail.si().linkError(count.si('err')))),
      1,
    ],
    [
      '43: of a chain run once for a later step',
      ({ addReplaced, fail, count }) => chain(addReplaced.si(42, 1337), fail.s()).linkError(count.si('err')),
      1,
    ],
    [
      '79: of a group run for each member that fails',
      ({ identity, fail, count }) =>
        group([...times(24, () => identity.si(42)), ...times(42, () => fail.si())]).linkError(
          count.si('err'),
        ),
      42,
    ],
    [
      '85: of a member run though it has replaced itself',
      ({ identity, failReplaced, count }) =>
        group(failReplaced.si().linkError(count.si('err')), identity.si(42)),
      1,
    ],
    [
      '139: of a chord run once, however many members fail',
      ({ identity, fail, count }) =>
        chord(
          times(42, () => fail.si()),
          identity.s(),
        ).linkError(count.si('err')),
      1,
    ],
    [
      '140: of a body that is a group run for each member',
      ({ identity, fail, count }) =>
        chord([identity.si(42)], group(times(42, () => fail.s()))).linkError(count.si('err')),
      42,
    ],
    [
      'of a chord and of one in its header run once each',
      ({ identity: id, fail, count }) => {
        const body = id.si(1).linkError(count.si('err'));
        return chord([chord([fail.si()], body)], body);
      },
      2,
    ],
    [
      '149: of chords in a chord run once',
      ({ identity: id, fail, count }) =>
        chord(group(id.si('t3'), chord([id.si('t1'), fail.si()], id.si('t2'))), count.si('body')).linkError(
          count.si('err'),
        ),
      1,
    ],
  ];

  test.each(counted)('%s', async (_, make, count) => {
    const it = fixture();

    const result = await make(it).apply([]);

    await expect(result?.get()).rejects.toMatchObject(expected);
    expect([it.counts.get('err'), it.counts.get('body')]).toEqual([count, undefined]);
  });

  test('151: of a chord run for each member of its header, too, if the app says so', async () => {
    const { fail, identity, count, counts } = fixture({ taskAllowErrorCbOnChordHeader: true });

    await chord([fail.si(), fail.si(), identity.si(1)], identity.s())
      .linkError(count.si('err'))
      .apply([]);

    expect(counts.get('err')).toBe(3);
  });

  test('E32: of a task that is not defined have a failure of their own', async () => {
    const { app, fail, identity } = fixture();

    const result = await chain(fail.s().linkError(app.signature('elsewhere')), identity.s()).apply([]);

    await expect(result.get()).rejects.toMatchObject(expected);
  });
});

describe('the handle of a workflow that was applied', () => {
  test('106: has every step before as a parent', async () => {
    const { ids, collectIds } = fixture();
    const header = group(times(3, (i) => ids.si(i + 3)));

    const result = await chain(
      ids.si(1),
      ids.si(2),
      chord(header, chain(collectIds.s(50), ids.si(51))),
    ).apply([]);

    const [root, second, members, body] = ancestorsOf(result);
    expect(members).toBeInstanceOf(GroupResult);
    expect(await root?.get()).toEqual([root?.id, null, 1]);
    expect(await second?.get()).toEqual([root?.id, root?.id, 2]);
    expect(await members?.get()).toEqual([3, 4, 5].map((i) => [root?.id, second?.id, i]));
    expect(await body?.get()).toEqual([
      expect.anything(),
      [root?.id, leavesOf([members as Result]).at(-1)?.id, 50],
    ]);
    expect(await result.get()).toEqual([root?.id, body?.id, 51]);
  });

  test('has the id that the call has asked for', async () => {
    const { add, tsum } = fixture();

    const result = await chord([add.s(1, 1)], tsum.s()).apply([], { taskId: 'mine' });

    expect([result.id, await result.get(), (await result.meta()).worker]).toEqual(['mine', 2, 'eager']);
  });

  test('knows what tasks have started, to the end', async () => {
    const it = fixture({ taskAlwaysEager: true });
    const inner = it.app.task('inner', async () => (await chain(it.add.s(1, 1), it.add.s(2)).delay()).get());
    const outer = it.app.task('outer', async () => (await inner.delay()).get());

    const alone = await outer.delay();
    const first = (await outer.s().pipe(it.identity.s()).delay()).parent as AsyncResult;

    const seen: unknown[] = [];
    for await (const [, value] of alone.collect()) seen.push(value);
    expect(seen).toEqual([4, 4, 2, 4]);
    expect(await first.get()).toBe(4);
    expect((await first.children()).length).toBe(2);
    expect(await alone.getLeaf()).toBe(4);
  });

  test('E45: may be what a task returns', async () => {
    const it = fixture({ taskAlwaysEager: true });
    const starts = it.app.task('starts', async () => group(it.add.s(1, 1), it.add.s(2, 2)).delay());

    const result = await starts.delay();

    const [started] = await result.children();
    expect(await result.get()).toEqual(started?.asTuple());
    expect(await started?.get()).toEqual([2, 4]);
  });

  test('14: can be asked inside a task, where nobody may wait', async () => {
    const it = fixture({ taskAlwaysEager: true, taskEagerPropagates: true });
    const task = it.app.task('task', async () =>
      (await chain(it.add.s(4, 4), group(it.add.s(8), it.add.s(9))).delay()).get(),
    );

    expect(await (await task.delay()).get()).toEqual([16, 17]);
  });

  test('gives null for a task that threw Ignore, and REVOKED for what would have followed it', async () => {
    const { app, identity, add } = fixture();
    const ignores = app.task('ignores', (): number => {
      throw new Ignore();
    });

    const last = await chain(add.s(1, 1), ignores.si()).apply([]);
    const early = await chain(ignores.s(), add.s(1)).apply([]);
    const member = await chord([add.s(1, 1), ignores.s(), chain(ignores.s(), add.s(1))], identity.s()).apply(
      [],
    );

    expect([await last.get(), await last.state()]).toEqual([null, 'PENDING']);
    await expect(early.get()).rejects.toThrow(new TaskRevokedError('ignored'));
    expect(await member.get()).toEqual([2, null, null]);
  });

  test('tells of a task whose result nobody wanted, but not the body of its chord', async () => {
    const { app, identity, add } = fixture();
    const quiet = app.task('quiet', { ignoreResult: true }, () => 1);

    const members = [quiet.s(), add.s(2, 2).set({ ignoreResult: true }), chain(quiet.s(), add.s(1))];
    const result = await chord(members, identity.s()).apply([]);

    expect(await result.get()).toEqual([null, null, 2]);
    expect(await result.parent?.get()).toEqual([1, 4, 2]);
  });

  test('does not let anybody wait for what will never come, or save what is nowhere', async () => {
    const { app, add } = fixture();

    const result = await group(add.s(1, 1), add.s(2, 2)).apply([]);
    const [first] = leavesOf([result]);
    await first?.forget();

    await expect(result.get()).rejects.toThrow(TimeoutError);
    await expect(result.save()).rejects.toThrow(/an eager run/);
    expect(app.settings.taskAlwaysEager).toBe(false);
  });
});

describe('a task of a workflow that is applied', () => {
  test('4: is retried at once', async () => {
    const { fail, add, retryOnce, echo, messages } = fixture();

    await fail.s().linkError(retryOnce.s().link(echo.s())).apply([]);

    expect(messages).toEqual([1]);
    expect(await (await chain(retryOnce.s(), add.s(1)).apply([])).get()).toBe(2);
  });

  test('keeps its id when it replaces itself, again and again', async () => {
    const { app } = fixture();
    const countdown = app.task('countdown', { bind: true }, (self: TaskContext, left: number): unknown =>
      left === 0 ? self.request.id : self.replace(app.signature('countdown', [left - 1])),
    );

    const result = await countdown.s(5).apply([]);

    expect(await result.get()).toBe(result.id);
  });

  test('fails when it replaces itself with what fails, and may take no chord for one', async () => {
    const it = fixture();

    const replaced = await it.replaceWithRaisingChainAndEcho.s('in', 'M').link(it.echo.s('never')).apply([]);
    const empty = await it.replaceWithEmptyChain.s().apply([]);
    const alone = await it.addToAllToChord.s([1], 2).apply([]);

    await expect(replaced.get()).rejects.toThrow('deliberate error');
    expect(it.messages).toEqual(['M']);
    await expect(empty.get()).rejects.toMatchObject({ name: 'ConfigurationError' });
    await expect(alone.get()).rejects.toThrow(/member of a chord/);
  });

  test('adds members that add others, which all come in order', async () => {
    const { app, identity } = fixture();
    const adds = app.task('adds', { bind: true }, (self: TaskContext, left: number): unknown => {
      if (left > 0) self.addToChord(app.signature('adds', [left - 1]));
      if (left > 1) self.addToChord(app.signature('adds', [0]));
      return left;
    });

    const result = await chord([adds.s(3), adds.s(0)], identity.s()).apply([]);

    expect(await result.get()).toEqual([3, 2, 1, 0, 0, 0, 0]);
  });

  test('knows what follows it as its child, also when it has replaced itself', async () => {
    const { add, addReplaced, identity } = fixture();

    const result = await chain(addReplaced.s(1, 1), group(add.s(1), add.s(2)), identity.s()).apply([]);

    const first = result.parent?.parent as AsyncResult;
    expect((await first.children()).map(({ id }) => id)).toEqual([result.parent?.id]);
    expect(await result.get()).toEqual([3, 4]);
  });

  test('fails the chord when a member fails that it has added', async () => {
    const { app, identity } = fixture();
    const adds = app.task('adds', { bind: true }, (self: TaskContext) =>
      self.addToChord(app.signature('fail')),
    );

    const result = await chord([identity.s(1), adds.s()], identity.s()).apply([]);

    expect(await result.result()).toMatchObject({
      name: 'ChordError',
      message: expect.stringContaining('ExpectedException'),
    });
  });

  test('sees what the signature says, and that it runs eagerly', async () => {
    const { app, identity } = fixture({ queues: { other: {} } });
    const see = app.task('see', { bind: true }, ({ request }: TaskContext, ..._: unknown[]) => [
      request.isEager,
      request.deliveryInfo.routingKey,
      request.deliveryInfo.priority,
      request.headers,
      request.group !== null,
      request.groupIndex,
    ]);
    const options = { queue: 'other', priority: 3, headers: { mine: 1 }, countdown: '1h' } as const;

    const result = await chain(see.s(), group(see.si(), see.si()).set(options)).apply([]);
    const body = await chord([chain(see.s(), identity.s())], see.si())
      .set(options)
      .apply([]);

    const usual = [true, 'other', 3, { mine: 1 }, true] as const;
    expect(await body.get()).toEqual([true, 'other', 3, { mine: 1 }, false, null]);
    expect(await body.parent?.get()).toEqual([[true, 'other', 3, { mine: 1 }, false, null]]);
    expect(await result.get()).toEqual([
      [...usual, 0],
      [...usual, 1],
    ]);
    expect(await result.parent?.get()).toEqual([true, 'default', 5, {}, false, null]);
  });
});

// The worker is the reference: whatever the workflow, here everything must end as it does there.

const leaf = fc.record({
  task: fc.constantFrom('mix', 'mix', 'mix', 'fail', 'retry', 'reject', 'unknown'),
  args: fc.constantFrom([], ['x']),
  immutable: fc.boolean(),
  options: fc.constantFrom({}, {}, {}, { queue: 'other' }, { expires: past.toISOString() }),
});

/** Workflows of tasks and of what `more` gives. */
function workflows(more: fc.Arbitrary<SignatureJson>): fc.Arbitrary<SignatureJson> {
  const { any } = fc.letrec<{ any: SignatureJson; bare: SignatureJson }>((tie) => ({
    bare: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      fc.oneof(
        { weight: 4, arbitrary: leaf.map(({ task, ...parts }) => taskSignature(task, parts)) },
        { weight: 1, arbitrary: more },
      ),
      fc.array(tie('any'), { minLength: 1, maxLength: 4 }).map((tasks) => chainSignature(tasks)),
      fc.array(tie('any'), { maxLength: 4 }).map((tasks) => groupSignature(tasks)),
      fc
        .record({
          header: fc.array(tie('any'), { maxLength: 4 }).map((tasks) => groupSignature(tasks)),
          body: tie('any'),
          settle: fc.boolean(),
        })
        .map((parts) => chordSignature(parts)),
    ),
    any: fc
      .tuple(tie('bare'), fc.constantFrom('none', 'none', 'link', 'old', 'new'))
      .map(([signature, link]) => {
        if (link === 'link') return withCallbacks(signature, [taskSignature('log', { args: ['link'] })]);
        const old = taskSignature('log', { args: ['errback'], immutable: true });
        const errbacks = { none: [], old: [old], new: [taskSignature('log_error', {})] };
        return withErrbacks(signature, errbacks[link]);
      }),
  }));
  return any;
}

/** An app whose tasks can do all that tasks can do to a workflow, and what they have told. */
function witness(options: ConstructorParameters<typeof Tallo>[1] = {}) {
  const app = new Tallo('witness', { queues: { other: {} }, ...options });
  const log: string[] = [];
  const noIds = (value: unknown) => JSON.stringify(value).replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'an id');
  const mixed = (args: unknown) => createHash('sha256').update(noIds(args)).digest('hex').slice(0, 8);
  app.task('mix', (...args: unknown[]) => mixed(args));
  app.task('fail', (...args: unknown[]) => {
    throw new TaskError('Failed', [mixed(args), args.length]);
  });
  app.task('reject', () => {
    throw new Reject('no');
  });
  app.task('retry', { bind: true }, (self: TaskContext, ...args: unknown[]) =>
    self.request.retries > 0 ? mixed(args) : self.retry({ countdown: '1m' }),
  );
  app.task('replace', { bind: true }, (self: TaskContext, json: SignatureJson) =>
    self.replace(app.signature(json)),
  );
  app.task('extend', { bind: true }, (self: TaskContext, json: SignatureJson) =>
    self.addToChord(app.signature(json)),
  );
  app.task('log', (...args: unknown[]) => log.push(noIds(args)));
  app.task('log_error', (_request: unknown, error: Error, traceback: unknown) =>
    log.push(`${error.name} ${error.message} ${traceback === null}`),
  );
  return { app, log, noIds };
}

/** Every end that the handle knows. */
async function endsOf(result: Result | null): Promise<unknown> {
  const leaves = result === null ? [] : [...ancestorsOf(result), result].flatMap((one) => leavesOf([one]));
  return Promise.all(
    leaves.map(async (one) => {
      const { state, result: value, children, retries } = await one.meta();
      return { state, value, children: children.length, retries };
    }),
  );
}

describe('any workflow that is applied', () => {
  const plain = workflows(leaf.map(({ task, ...parts }) => taskSignature(task, parts)));
  const changing = fc
    .tuple(fc.constantFrom('replace', 'extend'), plain)
    .map(([task, json]) => taskSignature(task, { args: [json], immutable: true }));

  test('ends as with a worker', async () => {
    await fc.assert(
      fc.asyncProperty(workflows(changing), async (json) => {
        const there = witness();
        const cloud = memoryCloud(there.app, { log: silentLogger });
        const sent = await there.app.signature(json).applyAsync([], {});
        await cloud.untilIdle();
        const ends = await endsOf(sent);
        await cloud.stop();

        const here = witness();
        const applied = await endsOf(await here.app.signature(json).apply([]));

        expect(here.noIds(applied)).toEqual(here.noIds(ends));
        expect(here.log.toSorted()).toEqual(there.log.toSorted());
      }),
      { numRuns: 100, seed: 20_261_120 },
    );
  });
});
