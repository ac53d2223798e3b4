import { silentLogger, Tallo, WorkerLostError } from 'tallo';
import { consumer } from 'tallo/functions';
import { memoryCloud } from 'tallo/testing';
import { expect, test } from 'vitest';
import type { InterruptibleContext } from '../../functions/consumer/interruption.ts';
import { sqsEvent } from '../../functions/event-source/sqs-event.ts';
import { Interruption } from '../../sdk/engine/time-limits.ts';
import { openingsKey, startsKey } from '../../sdk/wire/keys.ts';
import { MortalWorker } from '../consumer/mortal-worker.ts';
import { placeIn, text, tooLarge } from './world.ts';

/** A cloud whose workers die of a payload that begins with `die`, while they open it. */
function world() {
  const define = () => {
    const app = new Tallo('large', { payloadBucket: true });
    app.task('measure', async (given: string) => {
      await cloud.clock.sleep(5_000);
      return given.length;
    });
    return app;
  };
  const client = new Tallo('large', { payloadBucket: true });
  const worker = new MortalWorker({ define, cloud: () => cloud });
  const cloud = memoryCloud(client, { handler: worker.handler });
  const get = cloud.payloads.get.bind(cloud.payloads);
  cloud.payloads.get = async (key) => {
    const found = await get(key);
    await cloud.clock.sleep(1_000);
    if (found?.includes('die')) worker.kill();
    return found;
  };
  return { client, cloud };
}

test('a payload that kills its workers before it is opened is buried, and takes nobody with it', async () => {
  const { client, cloud } = world();
  const deadly = await client.sendTask('measure', [`die${text(tooLarge)}`]);
  const mates = await Promise.all([
    client.sendTask('measure', ['a']),
    client.sendTask('measure', [text(tooLarge)]),
  ]);

  const values = await Promise.all(mates.map((mate) => mate.get({ timeout: '3h' })));
  const error = await deadly.get({ timeout: '3h' }).catch((reason: unknown) => reason);
  await cloud.untilIdle();

  expect(values).toEqual([1, tooLarge]);
  expect(error).toEqual(
    new WorkerLostError(
      "The payload was begun to be read 4 times and its worker was lost each time: it may be too large for the memory of queue 'default', 512 MiB.",
    ),
  );
  const [letter, ...others] = cloud.deadLetters();
  expect(others).toEqual([]);
  expect(letter?.attributes).toMatchObject({
    'tallo-reason': 'worker-lost',
    'tallo-task': 'measure',
    'tallo-task-id': deadly.id,
  });
  expect(cloud.payloads.keys()).toContain(placeIn(letter?.body).s3Key);
  await cloud.stop();
});

/** An app whose messages are given to its consumer by hand, in one batch, in order, and for the second time. */
function byHand() {
  const app = new Tallo('large', { payloadBucket: true, queues: { default: { timeLimit: '30s' } } });
  const cloud = memoryCloud(app, { handler: false, reorder: false });
  const nap = app.task('nap', { bind: true }, async ({ signal }, _given: string, seconds: number) => {
    if (seconds > 0) await cloud.clock.sleep(seconds * 1_000, signal);
  });
  const handle = consumer(app, { log: silentLogger });
  const queue = cloud.queues.named('large-default');
  const deliver = (interruption = new AbortController().signal) => {
    for (const { handle: first } of queue.take(10)) queue.hide(first, 0);
    const origin = { queueName: 'large-default', region: 'memory', account: '0' };
    const end = cloud.clock.now() + 32_000;
    const getRemainingTimeInMillis = () => end - cloud.clock.now();
    const context = { getRemainingTimeInMillis, interruption } as InterruptibleContext;
    return cloud.clock.occupied(() => handle(sqsEvent(queue.take(10), origin), context));
  };
  return { cloud, nap, queue, deliver, [Symbol.asyncDispose]: () => cloud.stop() };
}

test('a suspect that has waited so long that its time would not be enough is given back unread', async () => {
  await using it = byHand();
  const slow = await it.nap.delay('', 20);
  await it.nap.delay(text(tooLarge), 0);
  const [key = ''] = it.cloud.payloads.keys();
  await it.cloud.table.change(startsKey(slow.id, 0), { add: { starts: 1 } });
  await it.cloud.table.change(openingsKey(key), { add: { starts: 1 } });

  const { table, clock } = it.cloud;
  const read = table.read.bind(table);
  // The other one is at the gate first.
  table.read = async (ids: readonly string[]) => {
    if (ids.includes(openingsKey(key))) await clock.sleep(1_000);
    return read(ids);
  };

  const answering = it.deliver();
  await it.cloud.advance('21s');

  expect((await answering).batchItemFailures).toHaveLength(1);
  expect(await slow.state()).toBe('SUCCESS');
  expect(it.cloud.payloads.requests.get).toBe(0);
  expect(it.queue.hasVisible).toBe(true);
});

test('one that is read, and one that cannot be, are no suspects', async () => {
  await using it = byHand();
  await it.nap.delay(text(tooLarge), 0);
  const [key = ''] = it.cloud.payloads.keys();
  const { get } = it.cloud.payloads;
  it.cloud.payloads.get = () => Promise.reject(new Error('down'));
  for (let time = 0; time < 5; time += 1) {
    const answer = await it.deliver();
    expect(answer.batchItemFailures).toHaveLength(1);
    await it.cloud.advance('10m');
  }

  it.cloud.payloads.get = get.bind(it.cloud.payloads);
  const answer = await it.deliver();

  expect(answer.batchItemFailures).toEqual([]);
  expect(it.cloud.deadLetters()).toEqual([]);
  expect(it.cloud.table.rows().find(({ id }) => id === openingsKey(key))).toMatchObject({ starts: 0 });
});

test('one that waits for room when its worker is asked to stop is not read any more', async () => {
  await using it = byHand();
  // Half of the memory for payloads each, and more.
  await Promise.all([it.nap.delay(text(20_000_000), 20), it.nap.delay(text(20_000_000), 20)]);
  const stopping = new AbortController();

  const answering = it.deliver(stopping.signal);
  it.cloud.clock.after(1_000, () => stopping.abort(new Interruption('The worker stops.')));
  await it.cloud.advance('5s');

  expect((await answering).batchItemFailures).toHaveLength(2);
  expect(it.cloud.payloads.requests.get).toBe(1);
});
