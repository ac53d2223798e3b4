import { ArgumentsError, ConfigurationError, DecodeError, Tallo } from 'tallo';
import { memoryCloud } from 'tallo/testing';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import * as mini from 'zod/mini';

const isoDate = z.codec(z.iso.datetime(), z.date(), {
  decode: (text) => new Date(text),
  encode: (date) => date.toISOString(),
});

describe('an args schema', () => {
  test('is checked when calling', async () => {
    const app = new Tallo('schemas');
    await using cloud = memoryCloud(app);
    const charge = app.task(
      'charge',
      { args: z.tuple([z.object({ cents: z.int().positive() })]) },
      (order) => order.cents,
    );

    const refused = charge.delay({ cents: -5 });

    await expect(refused).rejects.toThrow(ArgumentsError);
    await expect(refused).rejects.toThrow(
      /Arguments of task 'charge' refused by the schema:\n.*>0[\s\S]*\[0\]\.cents/,
    );
    expect(cloud.queues.named('schemas-default').size).toBe(0);
    expect(await (await charge.delay({ cents: 5 })).get()).toBe(5);
  });

  test('is checked again when running, and fills in what producers left out', async () => {
    const app = new Tallo('schemas');
    await using cloud = memoryCloud(app);
    app.task(
      'greet',
      { args: z.tuple([z.object({ name: z.string(), greeting: z.string().default('Hello') })]) },
      (who) => `${who.greeting} ${who.name}`,
    );
    const elsewhere = new Tallo('schemas');
    elsewhere.connect(cloud);

    const good = await elsewhere.sendTask('greet', [{ name: 'Ada' }]);
    const bad = await elsewhere.sendTask('greet', [{ nom: 'Ada' }]);

    expect(await good.get()).toBe('Hello Ada');
    // Celery's name for it, which Python raises as well.
    await expect(bad.get()).rejects.toThrow(TypeError);
    expect(cloud.deadLetters()).toMatchObject([
      { attributes: { 'tallo-reason': 'refused', 'tallo-task-id': bad.id } },
    ]);
  });

  test.each([
    ['zod', z.tuple([isoDate])],
    [
      'zod/mini',
      mini.tuple([
        mini.codec(mini.iso.datetime(), mini.date(), {
          decode: (text) => new Date(text),
          encode: (date) => date.toISOString(),
        }),
      ]),
    ],
  ])('of %s encodes on send and decodes on receipt', async (_name, args) => {
    const app = new Tallo('schemas');
    const bodies: string[] = [];
    const spy = {
      before: ({ event }: { event: { Records: { body: string }[] } }) =>
        void bodies.push(...event.Records.map(({ body }) => body)),
    };
    await using _cloud = memoryCloud(app, { middlewares: [spy] });
    const year = app.task('year', { args }, (date: Date) => [date instanceof Date, date.getUTCFullYear()]);

    const result = await (await year.delay(new Date('2026-11-20T00:00:00Z'))).get();

    expect(result).toEqual([true, 2026]);
    expect(JSON.parse(JSON.parse(bodies[0] ?? '').body)[0]).toEqual(['2026-11-20T00:00:00.000Z']);
  });

  test('that only works one way is refused with advice', async () => {
    const app = new Tallo('schemas');
    await using _cloud = memoryCloud(app);
    const task = app.task(
      't',
      { args: z.tuple([z.string().transform((text) => text.length)]) },
      (length) => length,
    );

    await expect(task.delay(3)).rejects.toThrow(ConfigurationError);
    await expect(task.delay(3)).rejects.toThrow(/only works one way. Use z.codec\(\)/);
  });

  test('lets a caller leave out what is optional, also as undefined', async () => {
    const app = new Tallo('schemas');
    await using _cloud = memoryCloud(app);
    const task = app.task('t', { args: z.tuple([z.string(), z.number().optional()]) }, (text, n) => [
      text,
      n ?? 'none',
    ]);
    const plain = app.task('plain', (x: number, y: number | undefined = 7) => [x, y]);

    expect(await (await task.delay('a', undefined)).get()).toEqual(['a', 'none']);
    expect(await (await plain.delay(1, undefined)).get()).toEqual([1, 7]);
  });

  test('whose own check breaks down does not condemn the message', async () => {
    const app = new Tallo('schemas');
    await using cloud = memoryCloud(app);
    let checks = 0;
    const flaky = z.string().refine(() => {
      checks += 1;
      if (checks === 2) throw new Error('ECONNRESET');
      return true;
    });
    const task = app.task(
      't',
      { args: z.tuple([flaky]), autoretryFor: [Error], retryBackoff: true },
      (text) => text,
    );

    expect(await (await task.delay('a')).get()).toBe('a');
    expect(cloud.deadLetters()).toEqual([]);
  });

  test('may check asynchronously', async () => {
    const app = new Tallo('schemas');
    await using _cloud = memoryCloud(app);
    const known = z.string().refine(async (name) => name === 'Ada', 'unknown person');
    const task = app.task('t', { args: z.tuple([known]) }, (name) => name);

    await expect(task.delay('Bob')).rejects.toThrow(/unknown person/);
    expect(await (await task.delay('Ada')).get()).toBe('Ada');
  });
});

describe('a kwargs schema', () => {
  test('gives keyword arguments as the last parameter', async () => {
    const app = new Tallo('schemas');
    await using _cloud = memoryCloud(app);
    const add = app.task(
      'add',
      { args: z.tuple([z.number(), z.number()]), kwargs: z.object({ z: z.number().default(0) }) },
      (x, y, more) => x + y + more.z,
    );

    expect(await (await add.delay(1, 2, { z: 3 })).get()).toBe(6);
    expect(await (await app.sendTask('add', [1, 2], { kwargs: { z: 10 } })).get()).toBe(13);
    expect(await (await app.sendTask('add', [1, 2])).get()).toBe(3);
    await expect(app.sendTask('add', [1, 2], { kwargs: { z: 'x' } })).rejects.toThrow(
      /Keyword arguments of task 'add' refused/,
    );
  });
});

describe('args and kwargs schemas together', () => {
  test('keep their places when an optional argument is left out', async () => {
    const app = new Tallo('schemas');
    await using _cloud = memoryCloud(app);
    const options = {
      args: z.tuple([z.string(), z.string().optional()]),
      kwargs: z.object({ k: z.number() }),
    };
    app.task('t', options, (a, b, { k }) => [a, b ?? 'none', k]);

    expect(await (await app.sendTask('t', ['a'], { kwargs: { k: 1 } })).get()).toEqual(['a', 'none', 1]);
  });
});

describe('a result schema', () => {
  test('may say that a task returns nothing', async () => {
    const app = new Tallo('schemas');
    await using _cloud = memoryCloud(app);
    const task = app.task('t', { result: z.void() }, () => undefined);

    expect(await (await task.delay()).get()).toBeUndefined();
  });

  test('encodes what is stored and decodes what get returns', async () => {
    const app = new Tallo('schemas');
    await using cloud = memoryCloud(app);
    const task = app.task('t', { result: z.object({ at: isoDate }) }, () => ({ at: new Date(0) }));

    const result = await task.delay();

    expect(await result.get()).toEqual({ at: new Date(0) });
    const [row] = cloud.table.rows();
    expect(JSON.parse(new TextDecoder().decode(row?.result as Uint8Array)).result).toEqual({
      at: '1970-01-01T00:00:00.000Z',
    });
  });

  test('makes a task fail whose result it refuses', async () => {
    const app = new Tallo('schemas');
    await using cloud = memoryCloud(app);
    const task = app.task('t', { result: z.object({ n: z.number().max(3) }) }, () => ({ n: 4 }));

    await expect((await task.delay()).get()).rejects.toThrow(/the result of task 't' refused by the schema/);
    expect(cloud.deadLetters()).toEqual([]);
  });

  test('refuses, when it is read, what an older worker stored', async () => {
    const app = new Tallo('schemas');
    await using cloud = memoryCloud(app);
    const old = app.task('old', () => ({ n: 1 }));
    const { id } = await old.delay();
    await app.AsyncResult(id).get();
    const newer = new Tallo('schemas');
    newer.task('old', { result: z.object({ n: z.string() }) }, () => ({ n: '1' }));
    newer.connect(cloud);

    await expect(newer.AsyncResult(id).get()).rejects.toThrow(DecodeError);
    await expect(newer.AsyncResult(id).get()).rejects.toThrow(
      /The result of task 'old' was refused by the schema/,
    );
  });
});
