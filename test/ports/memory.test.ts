import { setTimeout as wait } from 'node:timers/promises';
import { Tallo } from 'tallo';
import { memoryCloud } from 'tallo/testing';
import { describe, expect, test } from 'vitest';
import {
  type CloudFixture,
  queuesConformance,
  schedulesConformance,
  tableConformance,
  timersConformance,
} from './conformance.ts';

async function makeCloud(): Promise<CloudFixture> {
  const app = new Tallo('app');
  const cloud = memoryCloud(app, { handler: false });
  return {
    cloud,
    queueName: 'app-default',
    deadLetterQueueName: 'app-default-dlq',
    advance: (milliseconds) => cloud.advance(milliseconds / 1_000),
    // By chance, as EventBridge Scheduler's.
    timersLateByMs: 60_000,
  };
}

queuesConformance('memory', makeCloud);
tableConformance('memory', makeCloud);
timersConformance('memory', makeCloud);
schedulesConformance('memory', makeCloud);

const queueName = 'app-default';
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

describe('requests in memory', () => {
  test('to the table are counted by kind, refused ones too, and a batch once', async () => {
    const { table } = memoryCloud(new Tallo('app'), { handler: false });

    await table.putAll([{ id: 'a' }, { id: 'b' }]);
    await table.put({ id: 'a' }, { absent: true });
    await table.put({ id: '' }).catch(() => undefined);
    await table.change('a', { add: { count: 1 } });
    await table.change('a', { add: { count: 1 } }, { absent: true });
    await table.change('c', {});
    await table.read(['a', 'b', 'c', 'd']);
    await table.delete('a');

    expect(table.requests).toEqual({ read: 1, put: 2, putAll: 1, change: 3, delete: 1 });
  });

  test('to queues are counted by kind, with their messages', async () => {
    const { queues } = memoryCloud(new Tallo('app'), { handler: false });

    await queues.send(
      queueName,
      numbers(5).map((index) => ({ body: String(index) })),
    );
    await queues.send(queueName, [{ body: 'x' }]);
    const received = await queues.receive(queueName, { max: 4, waitSeconds: 0 });
    await queues.receive(queueName, { max: 10, waitSeconds: 0 });
    await queues.receive(queueName, { max: 10, waitSeconds: 0 });
    const handles = received.map(({ handle }) => handle);
    await queues.delay(queueName, handles.slice(0, 1), 5);
    await queues.delete(queueName, handles.slice(1));

    expect(queues.requests).toEqual({ send: 2, receive: 3, delete: 1, delay: 1 });
    expect(queues.messages).toEqual({ send: 6, receive: 6, delete: 3, delay: 1 });
  });

  test('that ask for nothing are none', async () => {
    const { queues, table } = memoryCloud(new Tallo('app'), { handler: false });

    await Promise.all([
      queues.send(queueName, []),
      queues.delete(queueName, []),
      queues.delay(queueName, [], 5),
    ]);
    await Promise.all([table.read([]), table.putAll([])]);

    expect([queues.requests, table.requests].flatMap((counts) => Object.values(counts))).toEqual(
      Array(9).fill(0),
    );
  });

  test('are not those that Lambda makes by itself', async () => {
    const app = new Tallo('app');
    const task = app.task('t', () => 1);
    await using cloud = memoryCloud(app);

    await Promise.all(numbers(30).map(() => task.delay()));
    await cloud.untilIdle();

    expect(cloud.queues.requests).toEqual({ send: 3, receive: 0, delete: 0, delay: 0 });
    // The one read is the worker's look at the list of revoked calls, once per second at most.
    expect(cloud.table.requests).toEqual({ read: 1, put: 0, putAll: 3, change: 0, delete: 0 });
  });
});

/** The order in which tasks run, and the time that passed. */
async function run(options: Parameters<typeof memoryCloud>[1]) {
  const app = new Tallo('app', { queues: { default: { concurrency: 2, batchSize: 1 } } });
  const order: number[] = [];
  const task = app.task('t', { bind: true }, (self, index: number) => {
    order.push(index);
    if (self.request.retries === 0 && index % 10 === 0) self.retry({ countdown: index });
    return cloud.clock.sleep(index % 7);
  });
  await using cloud = memoryCloud(app, options);
  await Promise.all(numbers(100).map((index) => task.delay(index)));
  await cloud.untilIdle();
  return { order, ids: cloud.table.rows().map(({ id }) => id), now: cloud.clock.now() };
}

describe('a run in memory', () => {
  test('is repeated by its seed, and is another with another seed', async () => {
    const [one, again, other] = await Promise.all([run({ seed: 7 }), run({ seed: 7 }), run({ seed: 8 })]);

    expect(again).toEqual(one);
    expect(other.order).not.toEqual(one.order);
    expect(one.order.slice(0, 20)).not.toEqual(numbers(20));
    expect(new Set(one.order)).toEqual(new Set(numbers(100)));
  });

  test('takes messages in order where that is wanted', async () => {
    const { order } = await run({ reorder: false });

    expect(order.slice(0, 100)).toEqual(numbers(100));
  });

  test('is waited for however long it takes, as long as it moves: no time passes meanwhile', async () => {
    const app = new Tallo('app', { queues: { default: { concurrency: 2, batchSize: 1 } } });
    const task = app.task('t', () => wait(4));
    await using cloud = memoryCloud(app, { patience: '20ms' });
    const before = cloud.clock.now();

    await Promise.all(numbers(40).map(() => task.delay()));
    await cloud.untilIdle();

    expect(cloud.clock.now()).toBe(before);
    expect(cloud.table.rows().map(({ state }) => state)).toEqual(Array(40).fill('SUCCESS'));
  });

  test('comes to its end before more time passes, however many messages come at once', async () => {
    const app = new Tallo('app', { queues: { default: { concurrency: 2, batchSize: 1 } } });
    const ends: number[] = [];
    const task = app.task('t', () => ends.push(cloud.clock.now()));
    await using cloud = memoryCloud(app);
    const due = cloud.clock.now() + 60_000;

    await Promise.all(numbers(200).map(() => task.applyAsync([], { countdown: '1m' })));
    await cloud.advance('1h');

    expect(ends).toEqual(Array(200).fill(due));
  });
});

describe('a queue in memory', () => {
  test.each(['', 'x'.repeat(129), 'two words', 'é'])('refuses the group %j, as SQS does', async (groupId) => {
    const { queues } = memoryCloud(new Tallo('app'), { handler: false });

    const answers = await queues.send(queueName, [{ body: 'x', groupId }, { body: 'y' }]);

    expect(answers).toMatchObject([
      { ok: false, code: 'InvalidParameterValue', retryable: false },
      { ok: true },
    ]);
  });

  test.each([true, false])(
    'loses only what is deleted after it has become visible again (any order: %s)',
    async (reorder) => {
      const { queues } = memoryCloud(new Tallo('app'), { handler: false, reorder });
      await queues.send(
        queueName,
        numbers(10).map((index) => ({ body: String(index) })),
      );
      const received = await queues.receive(queueName, { max: 10, waitSeconds: 0 });
      const handles = received.map(({ handle }) => handle);
      await queues.delay(queueName, handles, 0);

      const deleted = received.filter((_, index) => index % 3 === 0);
      await queues.delete(
        queueName,
        deleted.map(({ handle }) => handle),
      );

      const again = await queues.receive(queueName, { max: 10, waitSeconds: 0 });
      const bodiesOf = (messages: typeof received) => messages.map(({ body }) => body).toSorted();
      expect(bodiesOf([...again, ...deleted])).toEqual(bodiesOf(received));

      await queues.send(queueName, [{ body: 'later' }]);
      const later = await queues.receive(queueName, { max: 10, waitSeconds: 0 });
      expect(bodiesOf(later)).toEqual(['later']);
    },
  );
});

describe('the virtual clock', () => {
  test('wakes sleepers in the order of their instants, those of one instant in the order in which they fell asleep', async () => {
    const { clock, chance } = memoryCloud(new Tallo('app'), { handler: false });
    const sleeps = numbers(500).map((index) => ({ index, milliseconds: Math.floor(chance.random() * 100) }));
    const woken: number[] = [];
    const calledOff = new AbortController();

    const all = sleeps.map(({ index, milliseconds }) => {
      const signal = index % 7 === 0 ? calledOff.signal : undefined;
      return clock.sleep(milliseconds, signal).then(
        () => woken.push(index),
        () => undefined,
      );
    });
    calledOff.abort();
    await Promise.all(all);

    const expected = sleeps
      .filter(({ index }) => index % 7 !== 0)
      .toSorted((one, other) => one.milliseconds - other.milliseconds);
    expect(woken).toEqual(expected.map(({ index }) => index));
  });

  test('stands still again when whoever slept was called off', async () => {
    const { clock } = memoryCloud(new Tallo('app'), { handler: false });
    const calledOff = new AbortController();
    const before = clock.now();

    const sleep = clock.sleep(2_000, calledOff.signal);
    calledOff.abort(new Error('enough'));
    clock.after(1_000, () => undefined);
    await expect(sleep).rejects.toThrow('enough');
    await wait(10);

    expect(clock.now()).toBe(before);
  });
});
