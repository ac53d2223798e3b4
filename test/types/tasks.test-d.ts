import { type AsyncResult, Tallo, type TaskContext } from 'tallo';
import { describe, expectTypeOf, test } from 'vitest';
import * as z from 'zod';
import * as mini from 'zod/mini';

const app = new Tallo('types');

describe('a task', () => {
  const add = app.task('add', (x: number, y: number) => x + y);
  const fetchPage = app.task('fetch', async (url: string, depth?: number) => ({ url, depth: depth ?? 1 }));

  test('is still a function', () => {
    expectTypeOf(add(1, 2)).toEqualTypeOf<number>();
    expectTypeOf(fetchPage('x')).toEqualTypeOf<Promise<{ url: string; depth: number }>>();
  });

  test('gives a result of its return type', () => {
    expectTypeOf(add.delay(1, 2)).resolves.toEqualTypeOf<AsyncResult<number>>();
    expectTypeOf(fetchPage.delay('x')).resolves.toEqualTypeOf<AsyncResult<{ url: string; depth: number }>>();
    expectTypeOf<AsyncResult<number>>().toHaveProperty('get');
    const get = async (result: AsyncResult<number>) => result.get();
    expectTypeOf(get).returns.resolves.toEqualTypeOf<number>();
    const settled = async (result: AsyncResult<number>) => result.get({ propagate: false });
    expectTypeOf(settled).returns.resolves.toEqualTypeOf<number | Error>();
    const either = async (result: AsyncResult<number>, propagate: boolean) => result.get({ propagate });
    expectTypeOf(either).returns.resolves.toEqualTypeOf<number | Error>();
  });

  test('does not compile with wrong arguments', () => {
    // @ts-expect-error a string is no number
    void add.delay(1, '2');
    // @ts-expect-error one is missing
    void add.delay(1);
    // @ts-expect-error one too many
    void add.delay(1, 2, 3);
    // @ts-expect-error a tuple of two is expected
    void add.applyAsync([1]);
    // @ts-expect-error no such option
    void add.applyAsync([1, 2], { countDown: 3 });
    // @ts-expect-error not a duration
    void add.applyAsync([1, 2], { countdown: 'soon' });
    // @ts-expect-error not a number
    void fetchPage.delay('x', 'deep');
    void fetchPage.delay('x', 2);
  });
});

describe('a bound task', () => {
  test('hides its first parameter from callers', () => {
    const bound = app.task('bound', { bind: true }, (self, name: string) => `${self.request.id} ${name}`);
    expectTypeOf(bound.delay).parameters.toEqualTypeOf<[name: string]>();
    expectTypeOf(bound('x')).toEqualTypeOf<string>();
    app.task('bound2', { bind: true }, (self) => {
      expectTypeOf(self).toEqualTypeOf<TaskContext>();
    });
  });

  test('cannot go on after retry', () => {
    app.task('bound3', { bind: true }, (self) => {
      expectTypeOf(self.retry()).toEqualTypeOf<never>();
    });
  });
});

describe('schemas', () => {
  const isoDate = z.codec(z.iso.datetime(), z.date(), {
    decode: (text) => new Date(text),
    encode: (date) => date.toISOString(),
  });

  test('type the parameters of the function', () => {
    const charge = app.task(
      'charge',
      { args: z.tuple([z.object({ orderId: z.string(), cents: z.int() }), isoDate]) },
      (order, at) => {
        expectTypeOf(order).toEqualTypeOf<{ orderId: string; cents: number }>();
        expectTypeOf(at).toEqualTypeOf<Date>();
        return order.cents;
      },
    );
    expectTypeOf(charge.delay({ orderId: 'a', cents: 1 }, new Date())).resolves.toEqualTypeOf<
      AsyncResult<number>
    >();
    // @ts-expect-error cents is missing
    void charge.delay({ orderId: 'a' }, new Date());
    // @ts-expect-error the program's form is a Date
    void charge.delay({ orderId: 'a', cents: 1 }, '2026-01-01T00:00:00Z');
  });

  test('type a bound task as well, with zod/mini too', () => {
    const charge = app.task(
      'charge2',
      { bind: true, args: mini.tuple([mini.string()]) },
      async (self, id) => {
        expectTypeOf(id).toEqualTypeOf<string>();
        return self.request.retries;
      },
    );
    expectTypeOf(charge.delay('x')).resolves.toEqualTypeOf<AsyncResult<number>>();
    // @ts-expect-error a number is no string
    void charge.delay(1);
  });

  test('do not compile with a function that takes less than they let through', () => {
    const either = z.tuple([z.union([z.string(), z.number()])]);
    // @ts-expect-error a number may come
    app.task('narrow', { args: either }, (x: string) => x.length);
    // @ts-expect-error extra never comes
    app.task(
      'narrow2',
      { args: z.tuple([z.object({ id: z.string() })]) },
      (o: { id: string; extra: number }) => o.extra,
    );
    app.task('wide', { args: either }, (x: string | number | boolean) => String(x));
  });

  test('give keyword arguments as the last parameter', () => {
    const kwargs = z.object({ to: z.string() });
    const alone = app.task('kw', { kwargs }, ({ to }) => to.length);
    expectTypeOf(alone.delay).parameters.toEqualTypeOf<[{ to: string }]>();
    expectTypeOf(alone({ to: 'x' })).toEqualTypeOf<number>();
    const both = app.task(
      'kw2',
      { bind: true, args: z.tuple([z.number()]), kwargs },
      (_self, x, { to }) => x + to.length,
    );
    expectTypeOf(both.delay).parameters.toEqualTypeOf<[number, { to: string }]>();
    // @ts-expect-error to is no number
    void alone.delay({ to: 5 });
    // @ts-expect-error a text has no toFixed
    app.task('kw3', { kwargs }, ({ to }) => to.toFixed(2));
    // @ts-expect-error the keyword arguments are missing
    void both.delay(1);
    // @ts-expect-error positional arguments beside them need a schema
    app.task('kw4', { kwargs }, (x: number, { to }: { to: string }) => x + to.length);
  });

  test('bind what a function returns', () => {
    app.task('r', { result: z.object({ ok: z.boolean() }) }, () => ({ ok: true }));
    // @ts-expect-error the schema says ok: boolean
    app.task('r2', { result: z.object({ ok: z.boolean() }) }, () => ({ ok: 1 }));
  });
});

describe('options', () => {
  test('do not compile under a wrong name or with a wrong value', () => {
    // @ts-expect-error no such option
    app.task('o1', { maxRetry: 3 }, () => 1);
    // @ts-expect-error not a duration
    app.task('o2', { timeLimit: '1 minute' }, () => 1);
    // @ts-expect-error not a class or predicate
    app.task('o3', { autoretryFor: ['Error'] }, () => 1);
    // @ts-expect-error no such option of an app
    new Tallo('x', { queue: 'default' });
    // @ts-expect-error no such option of a queue
    new Tallo('x', { queues: { default: { workers: 2 } } });
  });
});
