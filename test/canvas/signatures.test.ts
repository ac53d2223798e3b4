import {
  type AnySignature,
  ArgumentsError,
  type CallOptions,
  ConfigurationError,
  chain,
  chord,
  chunks,
  EncodeError,
  group,
  LazyChord,
  Signature,
  type SignatureJson,
  Tallo,
  type UntypedSignature,
} from 'tallo';
import { memoryCloud } from 'tallo/testing';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';

const app = new Tallo('canvas');
const add = app.task('add', (x: number, y: number) => x + y);
const sum = app.task('tsum', (numbers: number[]) => numbers.reduce((x, y) => x + y, 0));
const log = app.task('log', (...messages: unknown[]) => messages);

/** A signature of a task as Celery 5.6 writes it. */
function json(task: string, args: readonly unknown[] = [], more: Partial<SignatureJson> = {}) {
  return { task, args, kwargs: {}, options: {}, subtask_type: null, immutable: false, ...more };
}

function listJson(kind: 'chain' | 'group', tasks: readonly unknown[], options = {}) {
  return json(`celery.${kind}`, [], { kwargs: { tasks: tasks as never }, options, subtask_type: kind });
}

function chordJson(header: unknown, body: unknown, more: Record<string, unknown> = {}) {
  return json('celery.chord', [], {
    kwargs: { kwargs: {}, header, body, ...more } as never,
    subtask_type: 'chord',
  });
}

/** What plain JavaScript could call. */
const untyped = { chain, chord, group } as unknown as {
  readonly [name in 'chain' | 'chord' | 'group']: (...given: unknown[]) => unknown;
};

describe('a signature', () => {
  test('has exactly the keys of Celery, in its order', () => {
    expect(JSON.stringify(add.s(2, 2))).toBe(
      '{"task":"add","args":[2,2],"kwargs":{},"options":{},"subtask_type":null,"immutable":false}',
    );
    expect(add.si(2, 2).toJSON()).toEqual(json('add', [2, 2], { immutable: true }));
    expect(add.signature([2], { countdown: 3, queue: 'q' }).toJSON()).toEqual(
      json('add', [2], { options: { countdown: 3, queue: 'q' } }),
    );
  });

  test('says what it is', () => {
    const signature = add.s(4).set({ taskId: 'four', priority: 3 });

    const { id, name, args, kwargs, options, immutable, kind, tasks, header, body } = signature;
    expect({ id, name, args, kwargs, options, immutable, kind }).toEqual({
      ...{ id: 'four', name: 'add', args: [4], kwargs: {}, immutable: false, kind: 'task' },
      options: { task_id: 'four', priority: 3 },
    });
    expect({ tasks, header, body }).toEqual({ tasks: [], header: undefined, body: undefined });
    expect(add.s().id).toBeUndefined();
  });

  test('is never changed by its methods', () => {
    const signature = add.s(4);
    const before = JSON.stringify(signature);

    const others = [
      signature.set({ countdown: 1 }),
      signature.clone([2]),
      signature.link(log.s()),
      signature.linkError(log.s()),
      signature.onError(log.s()),
      signature.setImmutable(true),
      signature.freeze('an-id'),
      signature.stamp({ by: 'me' }),
      signature.pipe(add.s(1)),
    ];

    expect(JSON.stringify(signature)).toBe(before);
    expect(others.every((other) => JSON.stringify(other) !== before)).toBe(true);
  });

  test('puts the arguments of a clone before its own, unless it is immutable', () => {
    expect(add.s(1).clone([9], { queue: 'q' }).toJSON()).toEqual(
      json('add', [9, 1], { options: { queue: 'q' } }),
    );
    expect(add.s().clone([2]).clone([1]).args).toEqual([1, 2]);
    const immutable = add.si(1, 2) as unknown as Signature;
    expect(immutable.clone([9], { queue: 'q' }).toJSON()).toEqual(
      json('add', [1, 2], { options: { queue: 'q' }, immutable: true }),
    );
  });

  test('gives the arguments of a clone of a workflow to what starts at once', () => {
    const argsOf = (signature: { tasks: readonly UntypedSignature[] }) =>
      signature.tasks.map(({ args }) => args);

    expect(argsOf(chain(add.s(1), add.s(2)).clone([9]))).toEqual([[9, 1], [2]]);
    expect(argsOf(group(add.s(1), add.s(2), add.si(3, 3)).clone([9]))).toEqual([
      [9, 1],
      [9, 2],
      [3, 3],
    ]);
    const cloned = chord([add.s(1), add.s(2)], sum.s()).clone([9]);
    expect([argsOf(cloned.header as never), cloned.body.args]).toEqual([
      [
        [9, 1],
        [9, 2],
      ],
      [],
    ]);
  });

  test('writes options under the names of Celery', () => {
    const signature = add.s(2, 2).set({
      ...{
        countdown: '1m',
        expires: '1h',
        softTimeLimit: 5,
        timeLimit: '10s',
        ignoreResult: true,
        taskId: 'x',
      },
      ...{ eta: new Date(0), retryPolicy: { maxRetries: 2, intervalStart: '1s' }, headers: { a: 1 } },
    });

    expect(signature.options).toEqual({
      ...{
        countdown: 60,
        expires: 3_600,
        soft_time_limit: 5,
        time_limit: 10,
        ignore_result: true,
        task_id: 'x',
      },
      ...{ eta: '1970-01-01T00:00:00.000+00:00', retry_policy: { max_retries: 2, interval_start: 1 } },
      headers: { a: 1 },
    });
    expect(signature.set({ countdown: 2 }).options).toMatchObject({ countdown: 2, expires: 3_600 });
    expect(() => add.s(1).set({ quue: 'q' } as never)).toThrow(/Signature of 'add': unknown option 'quue'/);
  });

  test('says that an immutable workflow leaves results unused where it starts', () => {
    const flags = (signature: AnySignature) => JSON.stringify(signature).match(/"immutable":(true|false)/g);

    expect(
      group(add.s(1, 1), add.s(2))
        .setImmutable(true)
        .tasks.map(({ immutable }) => immutable),
    ).toEqual([true, true]);
    expect(
      chain(add.s(1, 1), add.s(2))
        .setImmutable(true)
        .tasks.map(({ immutable }) => immutable),
    ).toEqual([true, false]);
    const body = chord([add.s(1, 1)], sum.s()).setImmutable(true);
    expect([body.header.tasks[0]?.immutable, body.body.immutable]).toEqual([true, false]);
    expect(flags(add.s(1, 1).setImmutable(true).setImmutable(false))).toEqual(['"immutable":false']);
  });

  test('keeps its ids when it is frozen', () => {
    const frozen = chain(add.s(1, 1), add.s(2).set({ taskId: 'kept' }), add.s(3)).freeze('last');

    const ids = frozen.tasks.map(({ id }) => id);
    expect(ids.slice(1)).toEqual(['kept', 'last']);
    expect(ids[0]).toMatch(/^[0-9a-f-]{36}$/);
    expect(frozen.id).toBe('last');
    expect(frozen.freeze().toJSON()).toEqual(frozen.toJSON());
  });

  test('names the result of a workflow by taskId', () => {
    expect(
      chain(add.s(1, 1), add.s(2))
        .set({ taskId: 'x' })
        .tasks.map(({ id }) => id),
    ).toEqual([undefined, 'x']);
    expect(chord([add.s(1, 1)], sum.s()).set({ taskId: 'x' }).body.id).toBe('x');
    expect(group(add.s(1, 1)).set({ taskId: 'x' }).id).toBe('x');
    expect(chain().set({ taskId: 'x' }).tasks).toEqual([]);
  });
});

describe('signatures from names and JSON', () => {
  test('name a task that lives elsewhere', () => {
    const signature = app.signature('py.tasks.add', [1, new Date(0)], { kwargs: { z: 2 }, queue: 'python' });

    expect(signature.toJSON()).toEqual(
      json('py.tasks.add', [1, { __type__: 'datetime', __value__: '1970-01-01T00:00:00.000+00:00' }], {
        kwargs: { z: 2 },
        options: { queue: 'python' },
      }),
    );
    expect(signature.clone([5], { kwargs: { y: 1 } }).toJSON()).toMatchObject({
      args: [5, 1, {}],
      kwargs: { z: 2, y: 1 },
    });
  });

  type Make = (...parts: AnySignature[]) => UntypedSignature;
  const inChord: Make = (...members) => chord(members, app.signature('tsum')) as never;
  const makers = { chain: chain as unknown as Make, group: group as unknown as Make, chord: inChord };
  const pairs = Object.entries(makers).flatMap(([outer, make]) =>
    Object.entries(makers).map(([inner, makeInner]) => [outer, inner, make, makeInner] as const),
  );
  test.for(pairs)('survive the way through JSON: a %s that holds a %s', ([, , make, makeInner]) => {
    const signature = make(makeInner(add.s(1, 1), add.s(2)), add.s(3)).link(log.s());

    const again = app.signature(JSON.parse(JSON.stringify(signature)));

    const partsOf = ({ tasks, header, body }: UntypedSignature) =>
      [...tasks, header, body].filter((part) => part !== undefined);
    const all = (one: UntypedSignature): UntypedSignature[] => [one, ...partsOf(one).flatMap(all)];
    expect(again.toJSON()).toEqual(signature.toJSON());
    expect(all(again).every((part) => part instanceof Signature)).toBe(true);
    expect(all(again).length).toBeGreaterThan(3);
    expect(Signature.fromJSON(app, signature.toJSON()).toJSON()).toEqual(signature.toJSON());
  });

  test('are as Python writes them: a header without its group, links as they are', () => {
    const fromPython = JSON.stringify(chordJson([json('add', [1, 1]), json('add', [2, 2])], json('tsum')));

    const { header, body } = app.signature(JSON.parse(fromPython));

    expect([header?.kind, header?.tasks.map(({ args }) => args), body?.name]).toEqual([
      'group',
      [
        [1, 1],
        [2, 2],
      ],
      'tsum',
    ]);
  });

  test('are not shared with the JSON that was given', () => {
    const given = { ...json('add', [1]), args: [1] };

    const signature = app.signature(given as never);
    given.args.push(2);

    expect(signature.args).toEqual([1]);
  });

  test('are refused if they are none', () => {
    const signature = app.signature.bind(app) as unknown as (given: unknown) => unknown;

    expect(() => signature({ tasks: [] })).toThrow(ConfigurationError);
    expect(() => signature(5)).toThrow('Expected the JSON to be a signature, such as add.s(2, 2), got 5.');
    expect(() => signature(add)).toThrow(/got the task 'add' itself. Write .s\(\) behind it/);
  });
});

describe('chain', () => {
  test('is as Celery writes it', () => {
    expect(chain(add.s(1, 1), add.s(2)).toJSON()).toEqual(
      listJson('chain', [json('add', [1, 1]), json('add', [2])]),
    );
    expect(chain(add.s(1, 1)).toJSON()).toEqual(listJson('chain', [json('add', [1, 1])]));
    expect(chain().toJSON()).toEqual(listJson('chain', []));
    expect(chain([add.s(1)]).toJSON()).toEqual(listJson('chain', [json('add', [1])]));
  });

  test('splices chains inside, however they were put together', () => {
    const steps = listJson('chain', [json('add', [1, 1]), json('add', [2]), json('add', [3])]);

    expect(chain(chain(add.s(1, 1), add.s(2)), add.s(3)).toJSON()).toEqual(steps);
    expect(chain(add.s(1, 1), chain(add.s(2), chain(add.s(3)))).toJSON()).toEqual(steps);
    expect(add.s(1, 1).pipe(add.s(2)).pipe(add.s(3)).toJSON()).toEqual(steps);
    expect(chain(chain(), chain(add.s(1, 1)) as never, add.s(2), add.s(3)).toJSON()).toEqual(steps);
  });

  test('keeps the frame of a chain inside that says something', () => {
    const inner = chain(add.s(2), add.s(3)).set({ queue: 'q' });

    expect(chain(add.s(1, 1), inner).tasks.map(({ kind }) => kind)).toEqual(['task', 'chain']);
  });

  test('unrolls a group that was written with one member, but not in front of something', () => {
    const kinds = (signature: { tasks: readonly UntypedSignature[] }) =>
      signature.tasks.map(({ kind }) => kind);

    expect(chain(add.s(1, 1), group(add.s(5))).toJSON()).toEqual(
      listJson('chain', [json('add', [1, 1]), json('add', [5])]),
    );
    expect(chain(group(add.s(1, 1))).toJSON()).toEqual(listJson('chain', [json('add', [1, 1])]));
    expect(
      kinds(
        add
          .s(1, 1)
          .pipe(group(add.s(5)))
          .pipe(add.s(1)),
      ),
    ).toEqual(['task', 'task', 'task']);
    expect(kinds(chain(add.s(1, 1), group(group(add.s(5)))))).toEqual(['task', 'task']);
    expect(kinds(chain(add.s(1, 1), group(add.s(5)).set({ queue: 'q' }).link(log.s())))).toEqual([
      'task',
      'task',
    ]);
    expect(kinds(chain(group(add.s(1, 1)), sum.s()))).toEqual(['group', 'task']);
    expect(kinds(group(add.s(1, 1)).pipe(sum.s()))).toEqual(['group', 'task']);
    expect(kinds(chain(add.s(1, 1), chain(group(add.s(1)), sum.s())))).toEqual(['task', 'group', 'task']);
  });

  test('never unrolls a group of an array, whose length the types do not know', () => {
    const kinds = (signature: { tasks: readonly UntypedSignature[] }) =>
      signature.tasks.map(({ kind }) => kind);

    expect(kinds(chain(add.s(1, 1), group([add.s(5)])))).toEqual(['task', 'group']);
    expect(kinds(chain(add.s(1, 1), group(group([add.s(5)]))))).toEqual(['task', 'group']);
    expect(kinds(chain(group(new Set([add.s(1, 1)]))))).toEqual(['group']);
  });

  test('gives the options of an unrolled group to its member', () => {
    const [, step] = chain(add.s(1, 1), group(add.s(5)).set({ queue: 'q', taskId: 'x' })).tasks;

    expect(step?.options).toEqual({ queue: 'q', task_id: 'x' });
  });

  test('links its last step, and every step for errors', () => {
    const { tasks } = chain(add.s(1, 1), add.s(2)).link(log.s(9)).linkError(log.s(3));

    expect(tasks.map(({ options }) => options)).toEqual([
      { link_error: [json('log', [3])] },
      { link: [json('log', [9])], link_error: [json('log', [3])] },
    ]);
  });

  test('links the body for errors where a group becomes a chord, and not each member', () => {
    const { tasks } = chain(add.s(1, 1), group(add.s(1), add.s(2)), sum.s(), add.s(3)).onError(log.s());

    expect(tasks.map(({ kind }) => kind)).toEqual(['task', 'chord', 'task']);
    expect(tasks.map(({ options }) => options)).toEqual([
      { link_error: [json('log')] },
      {},
      { link_error: [json('log')] },
    ]);
    expect(tasks[1]?.body?.options).toEqual({ link_error: [json('log')] });
    expect(tasks[1]?.header?.tasks.map(({ options }) => options)).toEqual([{}, {}]);
  });

  test('of nothing gives null without any cloud', async () => {
    expect(await chain().delay()).toBeNull();
    expect(await chain(chain(), chain([]) as never).applyAsync([])).toBeNull();
    expect(await app.signature(chain().toJSON()).apply([])).toBeNull();
  });

  test('says which step is none', () => {
    expect(() => untyped.chain(add.s(1, 1), 5)).toThrow(ConfigurationError);
    expect(() => untyped.chain(add.s(1, 1), 5)).toThrow(
      'Expected step 2 of a chain to be a signature, such as add.s(2, 2), got 5.',
    );
    expect(() => untyped.chain(add)).toThrow(
      /step 1 of a chain .*got the task 'add' itself. Write .s\(\) behind it/,
    );
    expect(() => untyped.chain(() => 1)).toThrow(/got the function '' itself/);
    expect(() => untyped.chain(Promise.resolve())).toThrow(
      /got a Promise. s\(\) makes a signature, delay\(\) calls at once/,
    );
    expect(() => untyped.chain([add.s(1, 1), null])).toThrow(/step 2 of a chain .*got null/);
    expect(() => untyped.chain('add')).toThrow(/got add/);
    expect(() => add.s(1, 1).pipe({} as never)).toThrow(/the next step of a chain .*got \{\}/);
  });
});

describe('group', () => {
  test('is as Celery writes it', () => {
    const members = [json('add', [1, 1]), json('add', [2, 2])];

    expect(group(add.s(1, 1), add.s(2, 2)).toJSON()).toEqual(listJson('group', members));
    expect(group([add.s(1, 1), add.s(2, 2)]).toJSON()).toEqual(listJson('group', members));
    expect(group(group(add.s(1, 1), add.s(2, 2))).toJSON()).toEqual(listJson('group', members));
    expect(group([]).toJSON()).toEqual(listJson('group', []));
    expect(group(chain(add.s(1, 1), add.s(2))).toJSON()).toEqual(
      listJson('group', [listJson('chain', [json('add', [1, 1]), json('add', [2])])]),
    );
  });

  test('links an immutable callback to its first member, and every member for errors', () => {
    const { tasks } = group(add.s(1, 1), add.s(2, 2)).link(log.s(9)).linkError(log.s(3));

    const link = [json('log', [9], { immutable: true })];
    expect(tasks.map(({ options }) => options)).toEqual([
      { link, link_error: [json('log', [3])] },
      { link_error: [json('log', [3])] },
    ]);
  });

  test('refuses links of its call, as Celery does', async () => {
    const sums = group(add.s(1, 1), add.s(2, 2));

    await expect(sums.applyAsync([], { link: log.s() })).rejects.toThrow(ConfigurationError);
    await expect(sums.applyAsync([], { link: log.s() })).rejects.toThrow(
      'Cannot add link to a group: use a chord.',
    );
    await expect(sums.applyAsync([], { linkError: log.s() })).rejects.toThrow(
      /Cannot add linkError to the call of a group/,
    );
  });

  test('of nothing has its results without any cloud', async () => {
    const results = await group([]).delay();

    expect([await results.get(), results.length, await results.ready()]).toEqual([[], 0, true]);
    expect(await (await group(group([]), group([])).applyAsync([], { taskId: 'none' })).get()).toEqual([]);
    expect((await group([]).set({ taskId: 'none' }).delay()).id).toBe('none');
  });

  test('says which member is none', () => {
    expect(() => untyped.group(add.s(1, 1), 'x')).toThrow(
      /Expected member 2 of a group to be a signature.*got x/,
    );
    expect(() => untyped.group([1])).toThrow(/member 1 of a group/);
  });
});

describe('chord', () => {
  test('is as Celery writes it', () => {
    const members = [json('add', [1, 1]), json('add', [2, 2])];

    expect(chord([add.s(1, 1), add.s(2, 2)], sum.s()).toJSON()).toEqual(chordJson(members, json('tsum')));
    expect(chord(group(add.s(1, 1), add.s(2, 2)), sum.s()).toJSON()).toEqual(
      chordJson(members, json('tsum')),
    );
    expect(chord([], sum.s()).toJSON()).toEqual(chordJson([], json('tsum')));
    expect(chord(add.s(1, 1), sum.s()).toJSON()).toEqual(chordJson([json('add', [1, 1])], json('tsum')));
  });

  test('keeps what a header says for itself', () => {
    const header = group(add.s(1, 1)).set({ taskId: 'g' });

    expect(chord(header, sum.s()).toJSON()).toEqual(chordJson(header.toJSON(), json('tsum')));
    expect(chord(header, sum.s()).header.id).toBe('g');
  });

  test('asks for outcomes only if it should', () => {
    expect(chord([add.s(1, 1)], log.s(), { settle: true }).toJSON()).toEqual(
      chordJson([json('add', [1, 1])], json('log'), { settle: true }),
    );
    expect(() => untyped.chord([], sum.s(), { settled: true })).toThrow(/A chord: unknown option 'settled'/);
  });

  test('links its body, and the members of its header for errors if the app says so', () => {
    const { header, body } = chord([add.s(1, 1)], sum.s())
      .link(log.s(9))
      .linkError(log.s(3));

    expect(body.options).toEqual({ link: [json('log', [9])], link_error: [json('log', [3])] });
    expect(header.tasks[0]?.options).toEqual({});
    const strict = new Tallo('strict', { taskAllowErrorCbOnChordHeader: true });
    const one = strict.task('one', () => 1);
    expect(chord([one.s()], log.s()).linkError(log.s()).header.tasks[0]?.options).toEqual({
      link_error: [json('log')],
    });
  });

  test('says what is wrong with its parts', () => {
    expect(() => untyped.chord(5, sum.s())).toThrow(ConfigurationError);
    expect(() => untyped.chord(5, sum.s())).toThrow(
      'Expected the header of a chord to be an array of signatures, a group, or an iterable, got 5.',
    );
    expect(() => untyped.chord('urls', sum.s())).toThrow(/the header of a chord .*got urls/);
    expect(() => untyped.chord([add.s(1, 1), 5], sum.s())).toThrow(
      /Expected member 2 of the header of a chord to be a signature/,
    );
    expect(() => untyped.chord([add.s(1, 1)])).toThrow(
      /Expected the body of a chord to be a signature.*got undefined/,
    );
    expect(() => untyped.chord([add.s(1, 1)], sum)).toThrow(/the task 'tsum' itself/);
  });

  test('with a header that is made while it is sent does nothing before it is started', () => {
    let made = 0;
    function* members() {
      made += 1;
      yield add.s(1, 1);
    }

    const lazy = chord(members(), sum.s());

    expect(lazy).toBeInstanceOf(LazyChord);
    expect(made).toBe(0);
    expect(() => untyped.chain(add.s(1, 1), lazy)).toThrow(
      /got a chord whose header is made while it is sent. Give the header as an array/,
    );
  });
});

describe('map, starmap and chunks', () => {
  test('are as Celery writes them', () => {
    const over = (task: string, inner: string, it: unknown) =>
      json(task, [], { kwargs: { task: json(inner), it } as never, immutable: true });

    expect(sum.map([[1, 2], [3]]).toJSON()).toEqual(over('celery.map', 'tsum', [[1, 2], [3]]));
    expect(add.starmap(new Map([[1, 2]])).toJSON()).toEqual(over('celery.starmap', 'add', [[1, 2]]));
    const tuples = [
      [1, 2],
      [3, 4],
      [5, 6],
    ] as const satisfies [number, number][];
    expect(chunks(add, tuples, 2).toJSON()).toEqual(
      listJson('group', [
        over('celery.starmap', 'add', tuples.slice(0, 2)),
        over('celery.starmap', 'add', [[5, 6]]),
      ]),
    );
    expect(add.chunks([], 2).tasks).toEqual([]);
  });

  test('say what is wrong with their items', () => {
    const {
      map,
      starmap,
      chunks: inChunks,
    } = add as unknown as Record<string, (...given: unknown[]) => unknown>;

    expect(() => map?.(5)).toThrow('Expected map to get an array or another iterable, got 5.');
    expect(() => map?.('text')).toThrow(/got text/);
    expect(() => starmap?.([1])).toThrow(
      /Expected starmap to get the arguments of each run as an array, got 1 in place 0/,
    );
    expect(() => inChunks?.([[1, 2]], 0)).toThrow(
      'Expected chunks of a whole number of items from 1, got 0.',
    );
    expect(() => inChunks?.([[1, 2]])).toThrow(ConfigurationError);
    const mail = app.task('mail', { kwargs: z.object({ to: z.string() }) }, ({ to }) => to);
    expect(() => mail.map([{ to: 'a' }])).toThrow(
      /'mail' takes keyword arguments, which celery.map cannot give. Use a group/,
    );
  });
});

/** An app whose messages stay in the queue. */
function withoutWorker() {
  const sender = new Tallo('sender', { queues: { default: {}, heavy: {} }, routes: { 'heavy.*': 'heavy' } });
  const cloud = memoryCloud(sender, { handler: false });
  const isoDate = z.codec(z.iso.datetime(), z.date(), {
    decode: (text) => new Date(text),
    encode: (date) => date.toISOString(),
  });
  const tasks = {
    plus: sender.task('heavy.plus', (x: number, y: number) => x + y),
    at: sender.task('at', { args: z.tuple([isoDate]) }, (date) => date.getTime()),
    between: sender.task('between', { args: z.tuple([isoDate, isoDate]) }, (from, to) => [from, to]),
    short: sender.task(
      'short',
      { args: z.tuple([z.string().refine(async (text) => text.length < 3)]) },
      (text) => text,
    ),
    mail: sender.task(
      'mail',
      { args: z.tuple([z.number()]), kwargs: z.object({ to: z.string(), on: isoDate.optional() }) },
      (x, { to }) => `${x}${to}`,
    ),
  };
  const sent = (queue = 'default') =>
    cloud.queues
      .named(`sender-${queue}`)
      .peek()
      .map(({ body }) => {
        const message = JSON.parse(body);
        const [args, kwargs, embed] = JSON.parse(message.body);
        return { ...message, args, kwargs, embed };
      });
  return { sender, cloud, sent, ...tasks };
}

const newYear = new Date('2026-01-01T00:00:00Z');
const wireNewYear = '2026-01-01T00:00:00.000Z';

describe('starting a signature', () => {
  test('of a single task sends what applyAsync sends', async () => {
    const { plus, sent } = withoutWorker();
    const options: CallOptions = {
      ...({ countdown: '1m', expires: '1h', queue: 'heavy', taskId: 'same', priority: 3 } as const),
      ...({
        headers: { a: 1 },
        softTimeLimit: 5,
        timeLimit: '10s',
        argsrepr: '***',
        shadow: 'other',
      } as const),
      ignoreResult: true,
    };

    await plus.applyAsync([1, 2], options);
    await plus.s(2).set({ countdown: 7, shadow: 'other' }).applyAsync([1], options);
    await plus.s(1, 2).set(options).delay();

    const messages = sent('heavy').map(({ headers, args, kwargs, embed }) => ({
      headers,
      args,
      kwargs,
      embed,
    }));
    expect(messages).toHaveLength(3);
    expect(messages[1]).toEqual(messages[0]);
    expect(messages[2]).toEqual(messages[0]);
  });

  test('encodes complete arguments by their schema, wherever they stand', async () => {
    const { at, between, sent } = withoutWorker();

    await at.s(newYear).delay();
    await at.s().delay(newYear);
    await at.si(newYear).link(at.si(newYear)).delay();
    await group(at.s(newYear), between.s(newYear, newYear)).delay();
    await chain(at.s(newYear), at.si(newYear)).delay();
    await at.applyAsync([newYear], { link: at.si(newYear) });

    const messages = sent();
    const one = [wireNewYear];
    expect(messages.map(({ args }) => args)).toEqual([one, one, one, one, [...one, ...one], one, one]);
    expect(messages[2]?.embed.callbacks[0].args).toEqual([wireNewYear]);
    expect(messages[5]?.embed.chain[0].args).toEqual([wireNewYear]);
    expect(messages[6]?.embed.callbacks[0].args).toEqual([wireNewYear]);
  });

  test('sends the arguments that a result completes as without a schema', async () => {
    const { at, between, sent } = withoutWorker();

    await chain(at.s(newYear), between.s(newYear) as never).delay();

    expect(sent()[0]?.embed.chain[0].args).toEqual([
      { __type__: 'datetime', __value__: '2026-01-01T00:00:00.000+00:00' },
    ]);
  });

  test('encodes the items of maps and chunks by the schema, and sends them where the task goes', async () => {
    const { at, plus, sent } = withoutWorker();

    await at.map([newYear]).delay();
    await at.chunks([[newYear], [newYear]], 1).delay();
    await plus.starmap([[1, 2]]).delay();

    expect(sent().map(({ kwargs }) => kwargs.it)).toEqual([[wireNewYear], [[wireNewYear]], [[wireNewYear]]]);
    expect(sent('heavy').map(({ headers, kwargs }) => [headers.task, kwargs.it])).toEqual([
      ['celery.starmap', [[1, 2]]],
    ]);
  });

  test('gives keyword arguments as one object, the last parameter', async () => {
    const { mail, sent } = withoutWorker();

    await mail.s(1, { to: 'a', on: newYear }).delay();
    await mail.s({ to: 'a' }).delay(2);
    await mail.s().delay(3, { to: 'b' });
    await mail
      .s({ to: 'a' })
      .clone([4], { kwargs: { to: 'c' } })
      .applyAsync([], { kwargs: { on: newYear } });

    expect(sent().map(({ args, kwargs }) => [args, kwargs])).toEqual([
      [[1], { to: 'a', on: wireNewYear }],
      [[2], { to: 'a' }],
      [[3], { to: 'b' }],
      [[4], { to: 'c', on: wireNewYear }],
    ]);
  });

  test('refuses arguments before anything is sent', async () => {
    const { sender, plus, at, short, mail, sent, cloud } = withoutWorker();
    const wrong: [Promise<unknown>, RegExp][] = [
      [(plus.s(1) as unknown as Signature<[]>).delay(), /'heavy.plus' takes at least 2 arguments, got 1/],
      [chain(plus.s(1, 2), at.si(5 as never)).delay(), /Arguments of task 'at' refused by the schema/],
      [group(plus.s(1, 2), short.s('long')).delay(), /'short' refused by the schema/],
      [chord([plus.s(1, 2)], short.si('long')).delay(), /'short' refused by the schema/],
      [plus.s(1, 2).link(short.si('long')).delay(), /'short' refused by the schema/],
      [mail.s(1, { to: 5 as never }).delay(), /Keyword arguments of task 'mail' refused/],
      [plus.s(1, 2).applyAsync([], { kwargs: { z: 1 } }), /'heavy.plus' takes no keyword arguments, got z/],
      [sender.signature('at', ['soon']).delay(), /'at' refused by the schema/],
      [plus.s().applyAsync(5 as never), /Expected the missing arguments as an array/],
      [short.map(['long']).delay(), /'short' refused by the schema/],
    ];

    for (const [started, message] of wrong) {
      await expect(started).rejects.toThrow(ArgumentsError);
      await expect(started).rejects.toThrow(message);
    }
    expect([sent(), sent('heavy'), cloud.table.rows()]).toEqual([[], [], []]);
  });

  test('refuses at once what can be seen at once', () => {
    const { at, mail } = withoutWorker();
    const any = (task: unknown) =>
      task as { s(...given: unknown[]): unknown; signature(given: unknown): unknown };

    expect(() => any(at).s(newYear, newYear)).toThrow(
      "Task 'at' takes at most 1 positional arguments, got 2.",
    );
    expect(() => any(mail).s(1, 2, { to: 'a' })).toThrow(ArgumentsError);
    expect(() => any(mail).s(1)).toThrow(
      /'mail' takes keyword arguments: expected the last parameter to be an object/,
    );
    expect(() => any(log).s(() => 1)).toThrow(EncodeError);
    expect(() => any(add).signature(5)).toThrow(/Expected the arguments as an array/);
  });

  test('carries what follows a single task, also one that is called by itself', async () => {
    const { plus, sent } = withoutWorker();

    await plus.applyAsync([1, 2], { link: plus.s(4), linkError: [log.s(), log.s(1)] });
    await plus.s(1, 2).applyAsync([], { link: [plus.s(4).toJSON()], linkError: log.s() });

    const [first, second] = sent('heavy').map(({ embed }) => embed);
    expect(first.callbacks).toEqual([json('heavy.plus', [4])]);
    expect(first.errbacks).toEqual([json('log'), json('log', [1])]);
    expect([second.callbacks, second.errbacks]).toEqual([[json('heavy.plus', [4])], [json('log')]]);
    await expect(plus.applyAsync([1, 2], { link: 5 as never })).rejects.toThrow(
      /Expected link to be a signature.*got 5/,
    );
    await expect(plus.applyAsync([1, 2], { linkError: [log.s(), {}] as never })).rejects.toThrow(
      /linkError\[1\]/,
    );
  });

  test('of no app is refused', async () => {
    const parts = [json('py.tasks.add', [1, 1]), json('py.tasks.add', [2])];

    await expect((untyped.chain(parts) as Signature<[]>).delay()).rejects.toThrow(
      /Expected this celery.chain to have a part that an app made/,
    );
    await expect((untyped.chain(parts) as Signature<[]>).delay()).rejects.toThrow(ConfigurationError);
  });

  test('of a header that can be run through once is done once', async () => {
    const { sender, plus, sent } = withoutWorker();
    const total = sender.task('total', (numbers: number[]) => numbers.length);
    function* members() {
      yield plus.s(1, 1);
      yield plus.s(2, 2);
    }
    const once = chord(members(), total.s());
    const often = chord(new Set([plus.s(3)]), total.s());

    await once.delay();
    await often.delay(1);
    await often.applyAsync([2]);

    expect(sent('heavy').map(({ args }) => args)).toEqual([
      [1, 1],
      [2, 2],
      [1, 3],
      [2, 3],
    ]);
    await expect(once.delay()).rejects.toThrow(/got a generator that was run through before/);
    await expect((untyped.chord(new Set([5]), total.s()) as LazyChord<[]>).delay()).rejects.toThrow(
      /Expected member 1 of the header of a chord to be a signature/,
    );
  });
});

describe('stamp', () => {
  test('is written into the options, with the list of the names', () => {
    expect(add.si(1, 1).stamp({ stamp: 42 }).options).toEqual({ stamp: 42, stamped_headers: ['stamp'] });
    expect(add.s(1).stamp({ a: 1 }).stamp({ a: 2, b: 3 }).options).toEqual({
      a: 2,
      b: 3,
      stamped_headers: ['a', 'b'],
    });
    expect(add.s(1).stamp({ a: 1, b: 2, stamped_headers: ['a'] }).options).toEqual({
      ...{ a: 1, b: 2 },
      stamped_headers: ['a'],
    });
    expect(add.s(1).stamp({}).options).toEqual({});
  });

  test('reaches every task of a workflow, and none of its frames', () => {
    const workflow = chain(add.s(1, 1), group(add.s(1), add.s(2)), chord([sum.s(), log.s()], log.s())).stamp({
      by: 'me',
    });

    const written = JSON.stringify(workflow);
    const stamps = written.match(/"options":\{[^}]*\}/g) ?? [];
    expect(stamps.filter((options) => options.includes('by'))).toHaveLength(6);
    expect(stamps.filter((options) => options === '"options":{}')).toHaveLength(3);
  });

  test('reaches callbacks, also those that are added between two stampings, and those of Python', () => {
    const signature = add
      .s(1, 1)
      .link(log.s().toJSON())
      .stamp({ a: 1 })
      .link(log.s(2))
      .linkError(log.s(3))
      .stamp({ b: 2 });

    const { link, link_error } = signature.options as unknown as Record<string, SignatureJson[]>;
    expect(link?.map(({ options }) => options)).toEqual([
      { a: 1, b: 2, stamped_headers: ['b', 'a'] },
      { b: 2, stamped_headers: ['b'] },
    ]);
    expect(link_error?.[0]?.options).toEqual({ b: 2, stamped_headers: ['b'] });
  });

  test('asks a visitor about each part, from above', () => {
    const asked: string[] = [];
    const hook = (name: string) => (part: UntypedSignature) => {
      asked.push(`${name} ${part.name}`);
      return { [`on_${name}`]: 1 };
    };
    const visitor = {
      onSignature: hook('signature'),
      onChainStart: hook('chain'),
      onChainEnd: hook('chainEnd'),
      onGroupStart: hook('group'),
      onGroupEnd: hook('groupEnd'),
      onChordBody: hook('body'),
      onCallback: hook('callback'),
      onErrback: hook('errback'),
    };

    const { tasks } = chain(add.s(1, 1).link(log.s()).linkError(log.s()), chord([add.s(1)], sum.s())).stamp(
      visitor,
    );

    expect(asked).toEqual([
      ...['chain celery.chain', 'callback log', 'signature log', 'errback log', 'signature log'],
      ...[
        'signature add',
        'group celery.group',
        'signature add',
        'groupEnd celery.group',
        'body celery.chord',
      ],
      ...['signature tsum', 'chainEnd celery.chain'],
    ]);
    const namesOf = (part: UntypedSignature | undefined) => part?.options.stamped_headers;
    expect(namesOf(tasks[0])).toEqual(['on_chain', 'on_signature']);
    expect(namesOf(tasks[1]?.header?.tasks[0])).toEqual(['on_chain', 'on_group', 'on_signature']);
    expect(namesOf(tasks[1]?.body)).toEqual(['on_chain', 'on_group', 'on_body', 'on_signature']);
    const [callback] = (tasks[0]?.options.link ?? []) as unknown as SignatureJson[];
    expect(callback?.options.stamped_headers).toEqual(['on_chain', 'on_callback', 'on_signature']);
  });

  test('asks a visitor about the header of a chord with the chord, if it wants that', () => {
    const asked: string[] = [];
    const visitor = {
      onChordHeaderStart: ({ kind }: UntypedSignature) => {
        asked.push(`start ${kind}`);
        return { header: 1, hidden: 2, stamped_headers: ['header'] };
      },
      onChordHeaderEnd: ({ kind }: UntypedSignature) => void asked.push(`end ${kind}`),
      onGroupStart: () => ({ never: 1 }),
    };

    const { header } = chord([add.s(1, 1)], sum.s()).stamp(visitor);

    expect(asked).toEqual(['start chord', 'end chord']);
    expect(header.tasks[0]?.options).toEqual({ header: 1, hidden: 2, stamped_headers: ['header'] });
  });

  test('tells a visitor the stamps from above, which win', () => {
    const seen: unknown[] = [];
    const signature = chain(add.s(1, 1)).stamp(
      {
        onSignature: (_part, headers) => {
          seen.push(headers);
          return { a: 'visitor', b: 'visitor' };
        },
      },
      { a: 'given' },
    );

    expect(seen).toEqual([{ a: 'given', stamped_headers: ['a'] }]);
    expect(signature.tasks[0]?.options).toEqual({ a: 'given', b: 'visitor', stamped_headers: ['a', 'b'] });
  });

  test('travels in the headers of the message', async () => {
    const { plus, sent } = withoutWorker();

    await plus.s(1, 2).stamp({ monitoringId: '7' }).delay();

    const [{ headers, properties }] = sent('heavy') as [Record<string, Record<string, unknown>>];
    expect(headers).toMatchObject({ stamped_headers: ['monitoringId'], stamps: { monitoringId: '7' } });
    expect(properties).not.toHaveProperty('monitoringId');
  });

  test('refuses names of options, and what is neither stamps nor a visitor', () => {
    expect(() => add.s(1).stamp({ queue: 'x' })).toThrow(ConfigurationError);
    expect(() => add.s(1).stamp({ task_id: 'x' })).toThrow(/got 'task_id', which is an option of a call/);
    expect(() => add.s(1).stamp(5 as never)).toThrow('Expected stamps { name: value } or a visitor, got 5.');
    expect(() => add.s(1).stamp({ onSignature: () => ({ link: 1 }) })).toThrow(/got 'link'/);
  });
});
