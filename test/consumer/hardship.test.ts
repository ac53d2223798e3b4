import { silentLogger, Tallo } from 'tallo';
import { consumer } from 'tallo/functions';
import { memoryCloud } from 'tallo/testing';
import { describe, expect, test } from 'vitest';
import { startsKey, taskMetaKey } from '../../sdk/wire/keys.ts';
import { protocol2 } from './bad-input.ts';

/** Five times the visibility timeout: whatever comes again has come. */
const aWhile = '16m';

describe('what is too large for the table', () => {
  test('among the arguments that are stored with a result is left out, and the result stays', async () => {
    const app = new Tallo('large', { resultExtended: true });
    await using cloud = memoryCloud(app);
    let runs = 0;
    const task = app.task('t', (_text: string) => {
      runs += 1;
    });

    const result = await task.delay('x'.repeat(450_000));

    expect(await result.get()).toBe(null);
    expect(await result.args()).toBe(null);
    await cloud.advance(aWhile);
    expect(runs).toBe(1);
    expect(cloud.deadLetters()).toEqual([]);
  });

  test.each([
    ['content type', protocol2({ id: 'i' }).replace('application/json', 'x'.repeat(500_000))],
    ['eta', protocol2({ id: 'i' }).replace('"id":"i"', `"id":"i","eta":"${'x'.repeat(500_000)}"`)],
    ['name of a task', protocol2({ id: 'i', task: 'x'.repeat(450_000) })],
  ])(
    'in an unreadable message, such as a %s, is buried once and told to whoever waits',
    async (_what, body) => {
      const app = new Tallo('large');
      await using cloud = memoryCloud(app);

      await cloud.queues.send('large-default', [{ body }]);
      await cloud.advance(aWhile);

      expect(cloud.deadLetters()).toHaveLength(1);
      expect(await app.AsyncResult('i').state()).toBe('FAILURE');
    },
  );
});

describe('a redelivered message', () => {
  test('is not kept waiting by a mate whose id is too long, or whose row nobody can read', async () => {
    const app = new Tallo('mates');
    await using cloud = memoryCloud(app, { handler: false });
    const task = app.task('t', () => 'ran');
    const mate = await task.applyAsync([], { taskId: 'unreadable' });
    await cloud.table.put({
      id: taskMetaKey('unreadable'),
      result: new TextEncoder().encode('{'),
      timestamp: cloud.clock.now() / 1_000,
    });
    const good = await task.delay();
    await cloud.queues.send('mates-default', [
      { body: protocol2({ task: 't', id: 'x'.repeat(3_000), args: '[]' }) },
    ]);
    const handler = consumer(app, { log: silentLogger });
    const event = await receiveTwice(cloud, 'mates-default');

    const answer = await handler(event as never, {} as never);

    expect(answer.batchItemFailures).toEqual([]);
    expect(await good.get()).toBe('ran');
    expect(await app.AsyncResult(mate.id).get()).toBe('ran');
  });

  test('that was sent back from the dead-letter queue runs, although its first delivery is lost', async () => {
    const app = new Tallo('back');
    let isRepaired = false;
    let losses = 1;
    let runs = 0;
    const handle = consumer(app, { log: silentLogger });
    await using cloud = memoryCloud(app, {
      handler: async (event, context) => {
        if (isRepaired && losses-- > 0) throw new Error('the worker was lost');
        return handle(event, context);
      },
    });
    const result = await app.sendTask('t');
    await expect(result.get()).rejects.toThrow(/got 't'/);
    app.task('t', () => {
      runs += 1;
      return 'ran';
    });
    isRepaired = true;
    await cloud.advance('1h');

    await cloud.queues.send(
      'back-default',
      cloud.deadLetters().map(({ body }) => ({ body })),
    );
    await cloud.untilIdle();

    expect(runs).toBe(1);
    expect(await app.AsyncResult(result.id).get()).toBe('ran');
  });

  test('is not called lost when its effects could not be stored', async () => {
    const app = new Tallo('outage');
    await using cloud = memoryCloud(app);
    let runs = 0;
    const task = app.task('t', () => {
      runs += 1;
      throw new RangeError('its own');
    });
    const put = cloud.table.put.bind(cloud.table);
    let outages = 8;
    cloud.table.put = (item, condition) =>
      outages-- > 0 ? Promise.reject(new Error('throttled')) : put(item, condition);

    const result = await task.delay();

    await expect(result.get({ timeout: '1d' })).rejects.toThrow(RangeError);
    expect(runs).toBe(9);
    expect(cloud.deadLetters()).toEqual([]);
  });
});

describe('a suspect', () => {
  test('runs although its mates take nearly all of the time', async () => {
    const app = new Tallo('suspects', { queues: { default: { timeLimit: 10 } } });
    await using cloud = memoryCloud(app, { handler: false });
    const suspect = await app.task('suspect', () => 'ran').delay();
    const mates = app.task('mate', () => cloud.clock.sleep(9_900));
    await cloud.table.change(startsKey(suspect.id, 0), { add: { starts: 1 } });
    await Promise.all([mates.delay(), mates.delay()]);
    const handler = consumer(app, { log: silentLogger });
    const event = await receiveTwice(cloud, 'suspects-default');
    const end = cloud.clock.now() + 12_000;

    const answering = handler(
      event as never,
      { getRemainingTimeInMillis: () => end - cloud.clock.now() } as never,
    );
    await cloud.advance('12s');

    expect((await answering).batchItemFailures).toEqual([]);
    expect(await suspect.get()).toBe('ran');
  });

  test('is given back at once, unstarted, when there is no time for it, but buried when it need not run', async () => {
    const app = new Tallo('suspects', { queues: { default: { timeLimit: 10 } } });
    await using cloud = memoryCloud(app, { handler: false });
    let runs = 0;
    const task = app.task('t', () => {
      runs += 1;
    });
    const [waiting, lost] = await Promise.all([task.delay(), task.delay()]);
    await cloud.table.change(startsKey(waiting.id, 0), { add: { starts: 1 } });
    await cloud.table.change(startsKey(lost.id, 0), { add: { starts: 3 } });
    const handler = consumer(app, { log: silentLogger });
    const event = await receiveTwice(cloud, 'suspects-default');

    const answer = await handler(event as never, { getRemainingTimeInMillis: () => 5_000 } as never);

    expect(answer.batchItemFailures).toHaveLength(1);
    expect(runs).toBe(0);
    expect(await lost.state()).toBe('FAILURE');
    expect(cloud.deadLetters()).toMatchObject([
      { attributes: { 'tallo-reason': 'worker-lost', 'tallo-task-id': lost.id } },
    ]);
    expect(cloud.queues.named('suspects-default').hasVisible).toBe(true);
  });
});

describe('untilIdle', () => {
  test('comes to an end although a task hangs', async () => {
    const app = new Tallo('hangs', { queues: { default: { timeLimit: 5 } } });
    await using cloud = memoryCloud(app, { patience: '50ms' });
    const result = await app.task('t', () => new Promise<void>(() => undefined)).delay();

    await cloud.untilIdle();

    expect(await result.state()).toBe('FAILURE');
  });
});

/** The messages of a queue as an event of Lambda's, delivered for the second time. */
async function receiveTwice(cloud: ReturnType<typeof memoryCloud>, queueName: string) {
  const first = await cloud.queues.receive(queueName, { max: 10, waitSeconds: 0 });
  await cloud.queues.delay(
    queueName,
    first.map(({ handle }) => handle),
    0,
  );
  const messages = await cloud.queues.receive(queueName, { max: 10, waitSeconds: 0 });
  const { sqsEvent } = await import('../../functions/event-source/sqs-event.ts');
  return sqsEvent(messages, { queueName, region: 'memory', account: '0' });
}
