import {
  type AppOptions,
  ArgumentsError,
  type CallOptions,
  ConfigurationError,
  EncodeError,
  PayloadTooLargeError,
  Tallo,
} from 'tallo';
import { memoryCloud } from 'tallo/testing';
import { describe, expect, test } from 'vitest';
import { maxEnvelopeBytes } from '../../sdk/wire/size.ts';

/** An app whose messages stay in the queue. */
function withoutWorker(options: AppOptions = {}) {
  const app = new Tallo('calls', options);
  const cloud = memoryCloud(app, { handler: false });
  const add = app.task('math.add', (x: number, y: number) => x + y);
  const messagesIn = (queue: string) =>
    cloud.queues
      .named(`calls-${queue}`)
      .peek()
      .map(({ body }) => JSON.parse(body));
  return { app, cloud, add, messagesIn };
}

describe('delay', () => {
  test('sends one message and writes nothing', async () => {
    const { cloud, add, messagesIn } = withoutWorker();

    const result = await add.delay(2, 3);

    expect(messagesIn('default')).toMatchObject([{ headers: { task: 'math.add', id: result.id } }]);
    expect(cloud.table.rows()).toEqual([]);
    expect(await result.state()).toBe('PENDING');
  });

  test('refuses too few arguments before anything is sent', async () => {
    const { add, messagesIn } = withoutWorker();
    const untyped = add.delay as (...args: unknown[]) => Promise<unknown>;

    await expect(untyped(1)).rejects.toThrow(ArgumentsError);
    await expect(untyped(1)).rejects.toThrow(/'math.add' takes at least 2 arguments, got 1/);
    expect(messagesIn('default')).toEqual([]);
  });

  test('says what may be wrong when only the running task is missing', async () => {
    const { app } = withoutWorker();
    const task = app.task('t', (_self: unknown, _x: number) => 1) as unknown as {
      delay(x: number): Promise<unknown>;
    };

    await expect(task.delay(1)).rejects.toThrow(
      /got 1. If its first parameter is the running task, it needs bind: true/,
    );
  });

  test('is refused after the cloud was stopped, and never reaches another one', async () => {
    const { add, cloud, app } = withoutWorker();
    await cloud.stop();

    await expect(add.delay(1, 2)).rejects.toThrow(/App 'calls' was closed, or its cloud was stopped/);
    await expect(app.AsyncResult('x').get()).rejects.toThrow(ConfigurationError);
  });

  test('refuses what JSON cannot hold', async () => {
    const { app } = withoutWorker();
    const task = app.task('t', (_value: unknown) => 1);

    await expect(task.delay(() => 1)).rejects.toThrow(EncodeError);
  });

  test('takes a message of exactly the limit, in bytes of UTF-8, and refuses one byte more with both numbers', async () => {
    const { app, messagesIn } = withoutWorker();
    const task = app.task('t', (_text: string) => 1);
    const taskId = crypto.randomUUID();
    await task.applyAsync([''], { taskId });
    const room = maxEnvelopeBytes - Buffer.byteLength(JSON.stringify(messagesIn('default')[0]));
    // Three bytes of UTF-8, one unit of JavaScript's strings.
    const full = `${'€'.repeat(Math.floor(room / 3))}${'x'.repeat(room % 3)}`;

    await task.applyAsync([full], { taskId });
    const refused = task.applyAsync([`${full}x`], { taskId });

    await expect(refused).rejects.toThrow(PayloadTooLargeError);
    await expect(refused).rejects.toMatchObject({
      size: maxEnvelopeBytes + 1,
      limit: maxEnvelopeBytes,
      code: 'PAYLOAD_TOO_LARGE',
    });
    expect(messagesIn('default')).toHaveLength(2);
  });
});

describe('applyAsync', () => {
  test.each([[5], [{ args: [1, 2] }]])('refuses %j where the arguments belong', async (parameters) => {
    const { add } = withoutWorker();

    const call = add.applyAsync(parameters as unknown as [number, number]);

    await expect(call).rejects.toThrow(
      /Expected the arguments as an array, applyAsync\(\[1, 2\], options\), got/,
    );
  });

  test('carries the options as Celery writes them', async () => {
    const { cloud, add, messagesIn } = withoutWorker();
    const eta = new Date(cloud.clock.now() + 60_000);

    await add.applyAsync([2, 3], {
      taskId: 'my-id',
      eta,
      expires: '1h',
      headers: { tenant: 'acme' },
      ignoreResult: true,
      priority: 7,
      softTimeLimit: 10,
      timeLimit: 20,
      argsrepr: '(secret)',
    });

    const [{ headers, properties }] = messagesIn('default');
    expect(headers).toEqual({
      lang: 'js',
      task: 'math.add',
      id: 'my-id',
      root_id: 'my-id',
      eta: '2026-01-01T00:01:00.000+00:00',
      expires: '2026-01-01T01:00:00.000+00:00',
      tenant: 'acme',
      argsrepr: '(secret)',
      ignore_result: true,
      timelimit: [20, 10],
    });
    expect(properties).toMatchObject({ priority: 7, delivery_info: { routing_key: 'default' } });
  });

  test('is never early, whether the time is told as countdown or as eta', async () => {
    const app = new Tallo('calls');
    await using cloud = memoryCloud(app);
    const now = app.task('now', () => cloud.clock.now());
    const start = cloud.clock.now();

    const options: CallOptions[] = [
      { countdown: 0.4 },
      { countdown: '10m' },
      { countdown: 3, eta: new Date(start + 99_000) },
      { eta: new Date(start + 2_500) },
      { countdown: 0 },
      { eta: new Date(start - 5_000) },
    ];

    const results = await Promise.all(options.map((option) => now.applyAsync([], option)));
    const times = await Promise.all(results.map(async (result) => (await result.get()) - start));

    expect(times.map((time) => Math.floor(time / 1_000))).toEqual([1, 600, 3, 3, 0, 0]);
    expect(times[1]).toBeGreaterThanOrEqual(600_000);
  });

  test('reaches beyond the 15 minutes of SQS', async () => {
    const app = new Tallo('calls');
    await using cloud = memoryCloud(app);
    const now = app.task('now', () => cloud.clock.now());
    const start = cloud.clock.now();

    const ran = await (await now.applyAsync([], { countdown: '7h' })).get();

    expect(ran - start).toBeGreaterThanOrEqual(7 * 3_600_000);
    expect(ran - start).toBeLessThan(7 * 3_600_000 + 1_000);
  });

  test.each([
    [{ countdown: 'soon' }, /Expected countdown to be a number of seconds/],
    [{ countdown: -1 }, /got -1/],
    [{ eta: new Date('x') }, /Expected eta to be a valid Date/],
    [{ queue: 'nowhere' }, /goes to queue 'nowhere', which app 'calls' does not have. Its queues: default/],
    [{ headers: { task: 'other' } }, /'task', which belongs to the protocol/],
    [
      { countDown: 3 },
      /A call of task 'math.add': unknown option 'countDown'. Known ones: argsrepr, compression, countdown/,
    ],
    [{ priority: 10 }, /priority to be a whole number from 0 to 9, got 10/],
  ])('refuses %j', async (options, reason) => {
    const { add, messagesIn } = withoutWorker();

    await expect(add.applyAsync([1, 2], options as CallOptions)).rejects.toThrow(ConfigurationError);
    await expect(add.applyAsync([1, 2], options as CallOptions)).rejects.toThrow(reason);
    expect(messagesIn('default')).toEqual([]);
  });
});

describe('routes', () => {
  const queues = { default: {}, emails: {}, heavy: {}, urgent: {} };

  test.each([
    ['emails.send', 'emails'],
    ['video.encode.hd', 'heavy'],
    ['sales.report', 'urgent'],
    ['other', 'default'],
    ['my.emails.send', 'default'],
  ])('send %s to %s', async (name, queue) => {
    const routes = [
      { 'emails.*': 'emails', 'video.*': { queue: 'heavy' } },
      (task: string) => (task.endsWith('.report') ? 'urgent' : undefined),
    ];
    const { app, messagesIn } = withoutWorker({ queues, routes });
    const task = app.task(name, () => 1);

    await task.delay();

    expect(messagesIn(queue)).toHaveLength(1);
  });

  test('yield to the queue of the task, and both to that of the call', async () => {
    const { app, messagesIn } = withoutWorker({ queues, routes: { '*': 'emails' } });
    const task = app.task('t', { queue: 'heavy' }, () => 1);

    await task.delay();
    await task.applyAsync([], { queue: 'urgent' });

    expect(
      [messagesIn('emails'), messagesIn('heavy'), messagesIn('urgent')].map(({ length }) => length),
    ).toEqual([0, 1, 1]);
  });

  test('end in the default queue that the app names', async () => {
    const { app, messagesIn } = withoutWorker({ defaultQueue: 'celery' });

    await app.task('t', () => 1).delay();

    expect(messagesIn('celery')).toHaveLength(1);
  });
});

describe('sendTask', () => {
  test('calls a task that this app does not define', async () => {
    const { app, messagesIn } = withoutWorker({ queues: { python: {} } });

    await app.sendTask('shop.tasks.pay', [1], { kwargs: { currency: 'EUR' }, queue: 'python' });

    const [{ headers, body }] = messagesIn('python');
    expect(headers.task).toBe('shop.tasks.pay');
    expect(JSON.parse(body).slice(0, 2)).toEqual([[1], { currency: 'EUR' }]);
  });

  test('runs a task of the app in eager mode, and sends any other', async () => {
    const { app, messagesIn } = withoutWorker({ taskAlwaysEager: true });

    const own = await app.sendTask('math.add', [1, 2]);
    await app.sendTask('elsewhere', [1, 2]);

    expect(await own.get()).toBe(3);
    expect(messagesIn('default')).toHaveLength(1);
  });

  test('checks the arguments of one that it does define', async () => {
    const { app } = withoutWorker();

    await expect(app.sendTask('math.add', [1])).rejects.toThrow(ArgumentsError);
    await expect(app.sendTask('math.add', [1, 2], { kwargs: { z: 3 } })).rejects.toThrow(
      /takes no keyword arguments, got z/,
    );
  });
});

describe('a call from inside a task', () => {
  test('is the child of that task, in the workflow of its root', async () => {
    const app = new Tallo('calls');
    await using _cloud = memoryCloud(app);
    const ids = app.task('ids', { bind: true }, ({ request }) => [request.rootId, request.parentId]);
    const middle = app.task('middle', { bind: true }, async (self) => [
      (await ids.delay()).id,
      self.request.parentId,
    ]);
    const root = app.task('root', async () => (await middle.delay()).id);

    const result = await root.delay();
    const middleId = await result.get();
    const [leafId, middleParent] = await app.AsyncResult<string[]>(middleId).get();

    expect(middleParent).toBe(result.id);
    expect(await app.AsyncResult(String(leafId)).get()).toEqual([result.id, middleId]);
    const children = await result.children();
    expect(children.map(({ id }) => id)).toEqual([middleId]);
  });

  test('is listed among the children as long as they are no more than a thousand', async () => {
    const app = new Tallo('calls', { queues: { other: {} } });
    await using _cloud = memoryCloud(app);
    const parent = app.task('parent', async () => {
      for (let i = 0; i <= 1_000; i += 1) await app.sendTask('child', [], { queue: 'other', retry: false });
    });

    const result = await parent.delay();
    await result.get();

    expect(await result.children()).toHaveLength(1_000);
  });

  test('may not be waited for there, unless the task insists', async () => {
    const app = new Tallo('calls');
    await using _cloud = memoryCloud(app);
    const leaf = app.task('leaf', () => 'leaf');
    const waits = app.task('waits', async () => (await leaf.delay()).get());
    const insists = app.task('insists', async () => (await leaf.delay()).get({ disableSyncSubtasks: false }));

    await expect((await waits.delay()).get()).rejects.toThrow(/Expected a task not to wait for another/);
    expect(await (await insists.delay()).get()).toBe('leaf');
  });
});

describe('an app', () => {
  test.each([
    [() => new Tallo('my app'), /name of the app to be 1 to 38 letters, digits, '-' or '_', got 'my app'/],
    [() => new Tallo('x', { queues: { 'a.b': {} } }), /name of a queue/],
    [
      () => new Tallo('x', { timezone: 'Mars/Olympus' }),
      /IANA name such as 'America\/Mexico_City', got 'Mars\/Olympus'/,
    ],
    [
      () => new Tallo('x', { queues: { q: { timeLimit: '15m' } } }),
      /timeLimit to be from 1 to 840 s, got "15m"/,
    ],
    [
      () => new Tallo('x', { queues: { q: { concurrency: 1 } } }),
      /concurrency to be a whole number from 2 to 1000/,
    ],
    [() => new Tallo('x', { queues: { q: { batchSize: 20 } } }), /needs a batchWindow/],
    [
      () => new Tallo('x', { queues: { q: { visibilityTimeout: 5 } } }),
      /visibilityTimeout to be a whole number from 32/,
    ],
    [() => new Tallo('x', { resultExpires: 'never' } as unknown as AppOptions), /Expected resultExpires/],
    [() => new Tallo('x', { queue: 'y' } as AppOptions), /App 'x': unknown option 'queue'/],
    [
      () => new Tallo('x', { queues: { q: { workers: 3 } } } as object),
      /Queue 'q': unknown option 'workers'/,
    ],
    [
      () => new Tallo('x', { taskDefaults: { queue: 'q' } } as object),
      /taskDefaults: unknown option 'queue'/,
    ],
    [() => new Tallo(undefined as unknown as string), /name of the app/],
    [() => new Tallo('x', { queues: ['a'] as never }), /queues to be an object such as/],
    [() => new Tallo('x').AsyncResult(''), /Expected the id of a result, a text, got ""/],
    [
      () => new Tallo('x').task('t', { autoretryFor: Error } as object, () => 1),
      /autoretryFor to be a list of error classes/,
    ],
    [
      () => new Tallo('x').task('t', { dontAutoretryFor: ['Error'] } as object, () => 1),
      /dontAutoretryFor to be a list/,
    ],
    [() => new Tallo('x').task('', () => 1), /task's name/],
    [() => new Tallo('x').task('t', { maxRetries: -1 }, () => 1), /maxRetries to be null or a whole number/],
    [() => new Tallo('x').task('t', { queue: 'q' }, () => 1), /names queue 'q', which app 'x' does not have/],
    [() => new Tallo('x').task('t', { retries: 1 } as object, () => 1), /unknown option 'retries'/],
    [() => new Tallo('x').task('t', 5 as unknown as () => void), /expected a function, got number/],
  ])('refuses %s', (make, reason) => {
    expect(make).toThrow(ConfigurationError);
    expect(make).toThrow(reason);
  });

  test('may be closed twice, and refuses calls from then on', async () => {
    const app = new Tallo('x');
    const _cloud = memoryCloud(app);
    const task = app.task('t', () => 1);

    await app.close();
    await app.close();

    await expect(task.delay()).rejects.toThrow(/App 'x' was closed/);
  });

  test('refuses a second task of one name', () => {
    const app = new Tallo('x');
    app.task('t', () => 1);

    expect(() => app.task('t', () => 2)).toThrow(/'t' is defined twice/);
  });

  test('takes an option that is given as undefined for one that is not given', () => {
    const app = new Tallo('x');
    const options = {
      maxRetries: undefined,
      retryBackoff: undefined,
      autoretryFor: undefined,
      defaultRetryDelay: undefined,
    };

    const task = app.task('t', options as object, () => 1);

    expect(task.definition).toMatchObject({
      maxRetries: 3,
      retryBackoff: null,
      autoretryFor: [],
      defaultRetryDelay: 180,
    });
  });

  test('takes a large batch that has time to fill', () => {
    const app = new Tallo('store', { queues: { bulk: { batchSize: 10_000, batchWindow: '1s' } } });

    expect(app.topology().queues[1]).toMatchObject({ batchSize: 10_000, batchWindowSeconds: 1 });
  });

  test('describes a queue of which nothing is said by the defaults', () => {
    const [queue] = new Tallo('store').topology().queues;

    expect(queue).toEqual({
      name: 'default',
      queueName: 'store-default',
      deadLetterQueueName: 'store-default-dlq',
      timeLimitSeconds: 30,
      timeoutSeconds: 32,
      visibilitySeconds: 192,
      retentionSeconds: 1_209_600,
      deadLetterRetentionSeconds: 1_209_600,
      receiveWaitSeconds: 20,
      maxReceives: 100,
      batchSize: 10,
      batchWindowSeconds: 0,
      concurrency: null,
      lanes: [{ name: 'normal', queueName: 'store-default', least: 0, most: 9, concurrency: null }],
      memoryMiB: 512,
      base64: false,
      cpuUnits: null,
      runOn: 'lambda',
    });
  });

  test('describes what it needs in the cloud, every number derived from the time limit', () => {
    const app = new Tallo('store', {
      queues: { heavy: { timeLimit: '10m', concurrency: 5, memoryMiB: 2048 } },
    });

    expect(app.topology()).toMatchObject({
      app: 'store',
      tableName: 'store-tasks',
      queues: [
        {
          name: 'default',
          queueName: 'store-default',
          timeoutSeconds: 32,
          visibilitySeconds: 192,
          concurrency: null,
        },
        {
          name: 'heavy',
          queueName: 'store-heavy',
          deadLetterQueueName: 'store-heavy-dlq',
          timeLimitSeconds: 600,
          timeoutSeconds: 602,
          visibilitySeconds: 3_612,
          batchSize: 10,
          concurrency: 5,
          memoryMiB: 2048,
        },
      ],
    });
  });
});
