import { DecodeError, type LogFields, type Logger, Tallo } from 'tallo';
import { consumer } from 'tallo/functions';
import { memoryCloud } from 'tallo/testing';
import { describe, expect, test, vi } from 'vitest';
import * as z from 'zod';
import { badMessages, protocol2 } from './bad-input.ts';

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

  test('has a result that tells its task, its queue and the time', async () => {
    const { app } = greeter();
    await using cloud = memoryCloud(app);

    await cloud.queues.send('bad-default', [{ body: protocol2({ id: 'i', args: '7' }) }]);
    await cloud.untilIdle();

    expect(await app.AsyncResult('i').meta()).toMatchObject({
      state: 'FAILURE',
      name: 'greet',
      queue: 'default',
      dateDone: new Date('2026-01-01T00:00:00.000Z'),
    });
  });

  test('comes again until the dead-letter queue has taken it', async () => {
    const { app } = greeter();
    await using cloud = memoryCloud(app);
    const send = cloud.queues.send.bind(cloud.queues);
    let refusals = 0;
    cloud.queues.send = async (queueName, messages) => {
      if (queueName !== 'bad-default-dlq' || refusals > 0) return send(queueName, messages);
      refusals += 1;
      return messages.map(() => ({ ok: false, code: 'AccessDenied', message: 'no', retryable: false }));
    };

    await cloud.queues.send('bad-default', [{ body: 'hello' }]);
    await cloud.untilIdle();

    expect(cloud.deadLetters()).toMatchObject([{ body: 'hello' }]);
  });

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

  test('nor looked up, a redelivered message waits, and a fresh one does not', async () => {
    const app = new Tallo('effects');
    const lines: LogFields[] = [];
    const handle = consumer(app, { log: quiet(lines) });
    let batches = 0;
    await using cloud = memoryCloud(app, {
      handler: (event, context) => {
        batches += 1;
        const again = event.Records.find(({ body }) => JSON.parse(body).headers.id === 'again');
        if (again) again.attributes.ApproximateReceiveCount = '2';
        return handle(event, context);
      },
    });
    const read = cloud.table.read.bind(cloud.table);
    cloud.table.read = (ids) => (batches === 1 ? Promise.reject(new Error('down')) : read(ids));
    const runs: string[] = [];
    const task = app.task('t', { bind: true }, (self) => void runs.push(`${self.request.id} in ${batches}`));

    await Promise.all(['fresh', 'again'].map((taskId) => task.applyAsync([], { taskId })));
    await cloud.untilIdle();

    expect(runs).toEqual(['fresh in 1', 'again in 2']);
    expect(lines[0]).toMatchObject({ message: 'histories of redelivered messages could not be read' });
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

  test('that is final is never overwritten by a later delivery that succeeds', async () => {
    const app = new Tallo('late', { queues: { default: { timeLimit: 10, visibilityTimeout: 12 } } });
    await using cloud = memoryCloud(app);
    // The first delivery fails, and that is only stored when the second has looked and begun.
    const put = cloud.table.put.bind(cloud.table);
    cloud.table.put = async (item, condition) => {
      if (cloud.clock.now() === start) await cloud.clock.sleep(13_000);
      return put(item, condition);
    };
    const start = cloud.clock.now();
    const task = app.task('t', { bind: true }, async (self) => {
      if (self.request.receives === 1) throw new RangeError('first');
      await cloud.clock.sleep(5_000);
      return 'second';
    });

    const { id } = await task.delay();
    await cloud.advance('1m');

    await expect(app.AsyncResult(id).get()).rejects.toThrow(RangeError);
  });

  test('of a call that the queue delivers once more comes from two runs, no more', async () => {
    const app = new Tallo('late');
    await using cloud = memoryCloud(app, { duplicates: 1 });
    let runs = 0;
    const task = app.task('t', () => {
      runs += 1;
    });

    await task.delay();
    await cloud.untilIdle();

    expect(runs).toBe(2);
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

  test('stores its results at once when the last one is ready', async () => {
    const app = new Tallo('batch');
    await using cloud = memoryCloud(app);
    const task = app.task('t', (n: number) => n);
    const start = cloud.clock.now();

    const results = await Promise.all([1, 2, 3].map((n) => task.delay(n)));
    await Promise.all(results.map((result) => result.get({ interval: '1ms' })));

    expect(cloud.clock.now() - start).toBeLessThan(10);
  });

  test('stores its results at once although a redelivered one is too large to be stored', async () => {
    const app = new Tallo('batch');
    const handle = consumer(app, { log: quiet([]) });
    await using cloud = memoryCloud(app, {
      handler: (event, context) => {
        const again = event.Records.find(({ body }) => JSON.parse(body).headers.task === 'huge');
        if (again) again.attributes.ApproximateReceiveCount = '2';
        return handle(event, context);
      },
    });
    const huge = app.task('huge', () => 'x'.repeat(400_001));
    const task = app.task('t', async (n: number) => {
      await cloud.clock.sleep(n);
      return cloud.clock.now();
    });

    const [, ...results] = await Promise.all([huge.delay(), task.delay(10), task.delay(20)]);
    const [, last] = await Promise.all(results.map((result) => result.get({ interval: '1ms' })));

    expect(cloud.clock.now() - Number(last)).toBeLessThan(10);
  });

  test('stores what is ready within a tenth of a second, however long another one takes', async () => {
    const app = new Tallo('batch');
    await using cloud = memoryCloud(app);
    const quick = app.task('quick', () => 'quick');
    const slow = app.task('slow', () => cloud.clock.sleep(20_000));
    const start = cloud.clock.now();

    const [result] = await Promise.all([quick.delay(), slow.delay()]);

    expect(await result.get({ interval: '1ms' })).toBe('quick');
    expect(cloud.clock.now() - start).toBeLessThan(110);
  });

  test('asks the table to write nothing when there is nothing', async () => {
    const app = new Tallo('batch');
    await using cloud = memoryCloud(app);
    let requests = 0;
    cloud.table.putAll = async () => {
      requests += 1;
      return [];
    };
    const task = app.task('t', () => {
      throw new Error('fails, which is written alone');
    });

    await (await task.delay()).get({ propagate: false });

    expect(requests).toBe(0);
  });

  test('may hold two calls of one id, which never share a write', async () => {
    const app = new Tallo('batch');
    const lines: LogFields[] = [];
    await using cloud = memoryCloud(app, { log: quiet(lines) });
    const task = app.task('t', () => 'done');

    await Promise.all([task.applyAsync([], { taskId: 'twin' }), task.applyAsync([], { taskId: 'twin' })]);
    await cloud.untilIdle();

    expect(await app.AsyncResult('twin').get()).toBe('done');
    expect(lines.map(({ message }) => message)).toEqual(['task success', 'task success']);
  });

  test('shares one write among the results that are ready within a tenth of a second', async () => {
    const app = new Tallo('batch');
    await using cloud = memoryCloud(app);
    const sizes: number[] = [];
    const putAll = cloud.table.putAll.bind(cloud.table);
    cloud.table.putAll = (items) => {
      sizes.push(items.length);
      return putAll(items);
    };
    const task = app.task('t', (milliseconds: number) => cloud.clock.sleep(milliseconds));

    const times = [10, 40, 90, 120, 180];
    const results = await Promise.all(times.map((milliseconds) => task.delay(milliseconds)));
    await Promise.all(results.map((result) => result.get()));

    expect(sizes).toEqual([3, 2]);
  });

  test('waits until a worker is free where the queue says how many there are', async () => {
    const app = new Tallo('batch', { queues: { default: { concurrency: 2, batchSize: 1 } } });
    await using cloud = memoryCloud(app);
    const start = cloud.clock.now();
    const ends: number[] = [];
    const task = app.task('t', async () => {
      await cloud.clock.sleep(1_000);
      ends.push(cloud.clock.now() - start);
    });

    await Promise.all([1, 2, 3, 4, 5].map(() => task.delay()));
    await cloud.untilIdle();

    expect(ends).toEqual([1_000, 1_000, 2_000, 2_000, 3_000]);
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

  test('tells that a task failed, why, and after how many seconds', async () => {
    const app = new Tallo('logs');
    const lines: LogFields[] = [];
    await using cloud = memoryCloud(app, { log: quiet(lines) });
    const error = new RangeError('no');
    const task = app.task('fails', async () => {
      await cloud.clock.sleep(1_500);
      throw error;
    });

    const { id } = await task.delay();
    await app.AsyncResult(id).get({ propagate: false });

    const facts = { task: 'fails', taskId: id, attempt: 0, seconds: 1.5, error };
    expect(lines).toEqual([{ message: 'task failure', ...facts }]);
  });

  test('tells what could not be understood', async () => {
    const { app } = greeter();
    const lines: LogFields[] = [];
    await using cloud = memoryCloud(app, { log: quiet(lines) });

    await cloud.queues.send('bad-default', [{ body: protocol2({ id: 'i', args: '7' }) }]);
    await cloud.untilIdle();

    expect(lines).toEqual([
      {
        message: 'message not understood',
        messageId: expect.any(String),
        taskId: 'i',
        task: 'greet',
        error: expect.any(DecodeError),
      },
    ]);
  });

  test('tells after how many seconds a task succeeded', async () => {
    const app = new Tallo('logs');
    const lines: LogFields[] = [];
    await using cloud = memoryCloud(app, { log: quiet(lines) });
    const task = app.task('t', () => cloud.clock.sleep(1_500));

    const { id } = await task.delay();
    await app.AsyncResult(id).get();

    expect(lines).toEqual([{ message: 'task success', task: 't', taskId: id, attempt: 0, seconds: 1.5 }]);
  });

  test('tells the reason of a retry, if there is one', async () => {
    const app = new Tallo('logs');
    const lines: LogFields[] = [];
    await using _cloud = memoryCloud(app, { log: quiet(lines) });
    const task = app.task('t', { bind: true }, (self) => {
      if (self.request.retries === 0) self.retry({ countdown: 1 });
      if (self.request.retries === 1) self.retry({ countdown: 1, exc: new RangeError('why') });
    });

    await (await task.delay()).get();

    expect(
      lines.filter(({ message }) => message === 'task will be retried').map(({ reason }) => reason),
    ).toEqual([undefined, 'RangeError: why']);
  });

  test('tells that a predicate of the task threw', async () => {
    const app = new Tallo('logs');
    const lines: LogFields[] = [];
    await using _cloud = memoryCloud(app, { log: quiet(lines) });
    const error = new TypeError('no such property');
    const isTemporary = () => {
      throw error;
    };
    const task = app.task('t', { autoretryFor: [isTemporary] }, () => {
      throw new RangeError('no');
    });

    const { id } = await task.delay();
    await app.AsyncResult(id).get({ propagate: false });

    expect(lines).toContainEqual({
      message: 'a predicate of autoretryFor or dontAutoretryFor threw',
      ...{ task: 't', taskId: id, attempt: 0, error },
    });
  });

  test('tells that a result could not be stored', async () => {
    const app = new Tallo('logs');
    const lines: LogFields[] = [];
    await using _cloud = memoryCloud(app, { log: quiet(lines) });
    const task = app.task('huge', () => 'x'.repeat(400_001));

    await (await task.delay()).get({ propagate: false });

    expect(lines.map(({ message, error }) => [message, (error as Error | undefined)?.name])).toEqual([
      ['task success', undefined],
      ['too large to store', 'PayloadTooLargeError'],
    ]);
  });

  test('tells which message comes again because its effects could not be stored', async () => {
    const app = new Tallo('logs');
    const lines: LogFields[] = [];
    await using cloud = memoryCloud(app, { log: quiet(lines) });
    const error = new Error('throttled');
    const put = cloud.table.put.bind(cloud.table);
    let refusals = 0;
    cloud.table.put = (item, condition) => (refusals++ < 1 ? Promise.reject(error) : put(item, condition));
    const messageIds: string[] = [];
    const task = app.task('t', { bind: true }, (self) => {
      messageIds.push(self.request.deliveryInfo.messageId);
      throw new Error('fails, which is written alone');
    });

    const result = await task.delay();
    await result.get({ propagate: false });

    expect(lines).toContainEqual({
      message: 'effects not stored, the message will be delivered again',
      messageId: messageIds[0],
      taskId: result.id,
      task: 't',
      error,
    });
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
