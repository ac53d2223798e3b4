import { type LogFields, type Logger, Tallo } from 'tallo';
import { consumer } from 'tallo/functions';
import { memoryCloud } from 'tallo/testing';
import { describe, expect, test, vi } from 'vitest';
import * as z from 'zod';
import { badMessages } from './bad-input.ts';

function greeter() {
  const app = new Tallo('bad');
  const greet = app.task(
    'greet',
    { args: z.tuple([z.object({ name: z.string() })]) },
    ({ name }) => `Hello ${name}`,
  );
  return { app, greet };
}

describe('a message that cannot be understood', () => {
  test.each(badMessages)(
    '$what: is explained in the dead-letter queue at once, and its batch mates are unharmed',
    async (bad) => {
      const { app, greet } = greeter();
      await using cloud = memoryCloud(app);
      const mates = await Promise.all([1, 2, 3].map((i) => greet.delay({ name: `mate ${i}` })));
      await cloud.queues.send('bad-default', [{ body: bad.body }]);

      await cloud.untilIdle();

      const [letter, ...others] = cloud.deadLetters();
      expect(others).toEqual([]);
      expect(letter?.body).toBe(bad.body);
      expect(letter?.attributes).toMatchObject({
        'tallo-reason': bad.reason,
        'tallo-error': expect.stringMatching(bad.error),
        'tallo-time': '2026-01-01T00:00:00.000Z',
        ...(bad.taskId ? { 'tallo-task-id': bad.taskId } : {}),
      });
      expect(await Promise.all(mates.map((mate) => mate.get()))).toEqual([
        'Hello mate 1',
        'Hello mate 2',
        'Hello mate 3',
      ]);
      if (bad.taskId) {
        expect(await app.AsyncResult(bad.taskId).state()).toBe('FAILURE');
        await expect(app.AsyncResult(bad.taskId).get()).rejects.toThrow(bad.error);
      }
    },
  );

  test('leaves no trace in objects that it did not belong to', async () => {
    const { app } = greeter();
    await using cloud = memoryCloud(app);

    await cloud.queues.send(
      'bad-default',
      badMessages.filter(({ what }) => what.includes('__proto__')).map(({ body }) => ({ body })),
    );
    await cloud.untilIdle();

    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined();
    expect(cloud.deadLetters()).toHaveLength(2);
  });

  test('keeps at least the reason when it fills the message to the last byte', async () => {
    const { app } = greeter();
    await using cloud = memoryCloud(app);
    const body = 'x'.repeat(1_048_576 - 100);

    await cloud.queues.send('bad-default', [{ body }]);
    await cloud.untilIdle();

    expect(cloud.deadLetters()).toEqual([
      { body, attributes: { 'tallo-reason': 'not-understood', 'tallo-time': '2026-01-01T00:00:00.000Z' } },
    ]);
  });
});

describe('when effects cannot be stored', () => {
  test('only the message that they belong to is delivered again', async () => {
    const app = new Tallo('effects');
    await using cloud = memoryCloud(app);
    const runs: number[] = [];
    const task = app.task('t', (n: number) => {
      runs.push(n);
      if (n === 2) throw new Error('fails, which is written alone');
      return n;
    });
    const put = cloud.table.put.bind(cloud.table);
    let refusals = 0;
    cloud.table.put = (item, condition) =>
      refusals++ < 1 ? Promise.reject(new Error('throttled')) : put(item, condition);

    const results = await Promise.all([1, 2, 3].map((n) => task.delay(n)));
    const values = await Promise.all(results.map((result) => result.get({ propagate: false })));

    expect(values.map(String)).toEqual(['1', 'Error: fails, which is written alone', '3']);
    expect(runs.toSorted()).toEqual([1, 2, 2, 3]);
  });

  test('because the table is down, everything is delivered again and nothing is lost', async () => {
    const app = new Tallo('effects');
    await using cloud = memoryCloud(app);
    const task = app.task('t', (n: number) => n);
    const { putAll, read } = cloud.table;
    cloud.table.putAll = () => Promise.reject(new Error('down'));
    cloud.table.read = () => Promise.reject(new Error('down'));
    const results = await Promise.all([1, 2, 3].map((n) => task.delay(n)));
    await cloud.advance('1h');
    expect(cloud.queues.named('effects-default').size).toBe(3);

    cloud.table.putAll = putAll;
    cloud.table.read = read;

    expect(await Promise.all(results.map((result) => result.get()))).toEqual([1, 2, 3]);
    expect(cloud.deadLetters()).toEqual([]);
  });

  test('of one row of a batch, that row is written again, without the others', async () => {
    const app = new Tallo('effects');
    await using cloud = memoryCloud(app);
    const task = app.task('t', (n: number) => n);
    const sizes: number[] = [];
    const putAll = cloud.table.putAll.bind(cloud.table);
    cloud.table.putAll = async (items) => {
      sizes.push(items.length);
      const refused = sizes.length === 1 ? 2 : -1;
      await putAll(items.filter((_, i) => i !== refused));
      return items.map((_, i) =>
        i === refused ? { ok: false, code: 'Unprocessed', message: '', retryable: true } : { ok: true },
      );
    };

    const results = await Promise.all([1, 2, 3, 4, 5].map((n) => task.delay(n)));

    expect(await Promise.all(results.map((result) => result.get()))).toEqual([1, 2, 3, 4, 5]);
    expect(sizes).toEqual([5, 1]);
  });
});

describe('a result', () => {
  test('that is final is never overwritten by a late duplicate', async () => {
    const app = new Tallo('late');
    await using cloud = memoryCloud(app);
    let runs = 0;
    const task = app.task('t', async () => {
      runs += 1;
      if (runs > 1) throw new Error('the duplicate fails');
      return 'first';
    });
    const result = await task.delay();
    await result.get();

    // The same call again, as a fresh message: what a producer's repeated send looks like.
    await task.applyAsync([], { taskId: result.id });
    await cloud.untilIdle();

    expect(runs).toBe(2);
    expect(await app.AsyncResult(result.id).get()).toBe('first');
  });

  test('of a duplicate that comes while the first run is still going stays as it is', async () => {
    const app = new Tallo('late', { queues: { default: { timeLimit: 10, visibilityTimeout: 12 } } });
    await using cloud = memoryCloud(app, { duplicates: 1 });
    const task = app.task('t', { bind: true }, async (self) => {
      await cloud.clock.sleep(5_000);
      self.updateState('PROGRESS', 'half way');
      return 'done';
    });

    const results = await Promise.all(Array.from({ length: 20 }, () => task.delay()));

    expect(await Promise.all(results.map((result) => result.get()))).toEqual(results.map(() => 'done'));
    await cloud.untilIdle();
    expect(await Promise.all(results.map(({ id }) => app.AsyncResult(id).state()))).toEqual(
      results.map(() => 'SUCCESS'),
    );
  });
});

describe('a batch', () => {
  test('runs all at once', async () => {
    const app = new Tallo('batch');
    await using cloud = memoryCloud(app);
    const task = app.task('t', () => cloud.clock.sleep(1_000));
    const start = cloud.clock.now();

    const results = await Promise.all(Array.from({ length: 10 }, () => task.delay()));
    await Promise.all(results.map((result) => result.get({ interval: 0.01 })));

    expect(cloud.clock.now() - start).toBeLessThan(2_000);
  });

  test('is answered in time even if the table never answers, with what is stored by then', async () => {
    const app = new Tallo('batch', { queues: { default: { timeLimit: 5 } } });
    const answers: unknown[] = [];
    const silent = { middlewares: [], log: quiet([]) };
    const handle = consumer(app, silent);
    await using cloud = memoryCloud(app, {
      handler: async (event, context) => {
        const answer = await handle(event, context);
        answers.push(answer.batchItemFailures.length, context.getRemainingTimeInMillis());
        return answer;
      },
    });
    const put = cloud.table.put.bind(cloud.table);
    let isStuck = true;
    cloud.table.put = (item, condition) => (isStuck ? new Promise(() => undefined) : put(item, condition));
    const fine = app.task('fine', () => 'fine');
    const failing = app.task('failing', () => {
      throw new Error('no');
    });

    const [good, bad] = await Promise.all([fine.delay(), failing.delay()]);
    await cloud.advance('8s');
    isStuck = false;

    expect(answers).toEqual([1, 300]);
    expect(await good.get()).toBe('fine');
    await expect(bad.get()).rejects.toThrow('no');
  });

  test('passes through middy middlewares', async () => {
    const app = new Tallo('batch');
    const seen: string[] = [];
    const handler = consumer(app, {
      middlewares: [{ before: () => void seen.push('before one'), after: () => void seen.push('after one') }],
      log: quiet([]),
    }).use({
      before: ({ event }) => void seen.push(`before two: ${event.Records.length}`),
      after: ({ response }) => void seen.push(`after two: ${JSON.stringify(response)}`),
    });
    await using _cloud = memoryCloud(app, { handler });

    await (await app.task('t', () => 1).delay()).get();

    expect(seen).toEqual(['before one', 'before two: 1', 'after two: {"batchItemFailures":[]}', 'after one']);
  });

  test.each([
    ['no event of SQS', { detail: {} }],
    [
      'a queue of another app',
      {
        Records: [
          {
            eventSourceARN: 'arn:aws:sqs:eu-west-1:1:other-default',
            body: '',
            messageId: 'm',
            attributes: {},
          },
        ],
      },
    ],
  ])('is refused as a whole when it is %s', async (_what, event) => {
    const handler = consumer(new Tallo('mine'), { log: quiet([]) });

    await expect(handler(event as never, {} as never)).rejects.toThrow(/Expected an SQS event/);
  });
});

describe('the log of a task', () => {
  test('knows the task, its id and the attempt', async () => {
    const app = new Tallo('logs');
    const lines: LogFields[] = [];
    await using _cloud = memoryCloud(app, { log: quiet(lines) });
    const task = app.task('talk', { bind: true }, (self) => {
      self.log.info('hello', { step: 1 });
      if (self.request.retries === 0) self.retry({ countdown: 1 });
    });

    const { id } = await task.delay();
    await app.AsyncResult(id).get();

    expect(lines.filter(({ message }) => message === 'hello')).toEqual([
      { message: 'hello', task: 'talk', taskId: id, attempt: 0, step: 1 },
      { message: 'hello', task: 'talk', taskId: id, attempt: 1, step: 1 },
    ]);
    expect(lines.map(({ message }) => message)).toContain('task will be retried');
  });
});

/** A logger that keeps its lines. */
function quiet(lines: LogFields[], fields: LogFields = {}): Logger {
  const keep = (message: string, more: LogFields = {}) => void lines.push({ message, ...fields, ...more });
  return {
    debug: keep,
    info: keep,
    warn: keep,
    error: keep,
    child: (more) => quiet(lines, { ...fields, ...more }),
  };
}

describe('a worker on Lambda', () => {
  test('connects while it is initialised, and nowhere else', () => {
    const connections: string[] = [];
    const appNamed = (name: string) => {
      const app = new Tallo(name);
      app.connection = () => {
        connections.push(name);
        return Promise.reject(new Error('not in this test'));
      };
      return app;
    };

    consumer(appNamed('laptop'));
    vi.stubEnv('AWS_LAMBDA_FUNCTION_NAME', 'store-default-consumer');
    consumer(appNamed('lambda'));
    vi.unstubAllEnvs();

    expect(connections).toEqual(['lambda']);
  });
});
