import { describe, expect, test } from 'vitest';
import { ConfigurationError } from '../../sdk/errors/index.ts';
import type { OutgoingMessage } from '../../sdk/ports/queues.ts';
import type { CloudFixture, MakeCloud } from './fixture.ts';

const limitBytes = 1_048_576;
const ok = { ok: true };

/** Tests run side by side, since some of them have to wait for a second where time is real. */
export function queuesConformance(name: string, makeCloud: MakeCloud): void {
  describe.concurrent(`queues: ${name}`, () => {
    sending(makeCloud);
    limits(makeCloud);
    receiving(makeCloud);
    acknowledging(makeCloud);
    hiding(makeCloud);
  });
}

const bodies = (...texts: readonly string[]): OutgoingMessage[] => texts.map((body) => ({ body }));

function receive({ cloud, queueName }: CloudFixture, max = 10) {
  return cloud.queues.receive(queueName, { max, waitSeconds: 0 });
}

async function receiveOne(fixture: CloudFixture) {
  const [message] = await receive(fixture, 1);
  if (!message) throw new Error('Expected a message, received none.');
  return message;
}

/** Sends one message and receives it. */
async function delivery(fixture: CloudFixture) {
  await fixture.cloud.queues.send(fixture.queueName, bodies('hello'));
  return receiveOne(fixture);
}

function sending(makeCloud: MakeCloud): void {
  test('delivers a message as it was sent', async () => {
    const fixture = await makeCloud();
    const sentAt = fixture.cloud.clock.now();

    await fixture.cloud.queues.send(fixture.queueName, [
      { body: '{"a":1}', attributes: { reason: 'late', by: 'é🌿' } },
    ]);

    const message = await receiveOne(fixture);
    expect(message).toMatchObject({
      body: '{"a":1}',
      attributes: { reason: 'late', by: 'é🌿' },
      receives: 1,
    });
    expect(Math.abs(message.sentAt - sentAt)).toBeLessThan(1_000);
    expect(message.messageId).not.toBe('');
  });

  test('delivers a message without attributes with none', async () => {
    const fixture = await makeCloud();

    const message = await delivery(fixture);

    expect(message.attributes).toEqual({});
  });

  test('carries every character that XML 1.0 has', async () => {
    const fixture = await makeCloud();
    const body = '\t\n\r ~\u0080\uD7FF\uE000\uFFFD\u{10000}🌿\u{10FFFF}';

    const answers = await fixture.cloud.queues.send(fixture.queueName, bodies(body));

    expect(answers).toEqual([ok]);
    expect((await receiveOne(fixture)).body).toBe(body);
  });

  test('refuses a message with a character that XML 1.0 has not, and takes the others of its batch', async () => {
    const fixture = await makeCloud();

    const answers = await fixture.cloud.queues.send(
      fixture.queueName,
      bodies('one', 'two\uFFFE', 'three', '\u0000'),
    );

    const refused = expect.objectContaining({ ok: false, retryable: false });
    expect(answers).toEqual([ok, refused, ok, refused]);
    expect((await receive(fixture)).map(({ body }) => body).toSorted()).toEqual(['one', 'three']);
  });

  test('takes messages of a group, and delivers all of them side by side', async () => {
    const fixture = await makeCloud();
    const groupIds = ['a', 'a', '!"#$%&()*+,-./:;<=>?@[]^_`{|}~', 'x'.repeat(128)];

    const messages = groupIds.map((groupId, index) => ({ body: String(index), groupId }));
    const answers = await fixture.cloud.queues.send(fixture.queueName, messages);

    expect(answers).toEqual(groupIds.map(() => ok));
    expect((await receive(fixture)).map(({ body }) => body).toSorted()).toEqual(['0', '1', '2', '3']);
  });

  test('delays a message of a group by a time of its own', async () => {
    const fixture = await makeCloud();

    await fixture.cloud.queues.send(fixture.queueName, [
      { body: 'later', groupId: 'a', delaySeconds: 1 },
      { body: 'now', groupId: 'a' },
    ]);

    expect((await receive(fixture)).map(({ body }) => body)).toEqual(['now']);
    await fixture.advance(1_000);
    expect((await receive(fixture)).map(({ body }) => body)).toEqual(['later']);
  });

  test('gives every message an id of its own', async () => {
    const fixture = await makeCloud();

    await fixture.cloud.queues.send(fixture.queueName, bodies('same', 'same'));

    const ids = (await receive(fixture)).map(({ messageId }) => messageId);
    expect(new Set(ids).size).toBe(2);
  });

  test('keeps queues apart', async () => {
    const fixture = await makeCloud();

    await fixture.cloud.queues.send(fixture.deadLetterQueueName, bodies('dead'));

    expect(await receive(fixture)).toEqual([]);
  });

  test('rejects a queue that does not exist with its name', async () => {
    const { cloud } = await makeCloud();

    const sent = cloud.queues.send('no-such-queue', bodies('hello'));
    const received = cloud.queues.receive('no-such-queue', { max: 1, waitSeconds: 0 });

    await expect(sent).rejects.toThrow(ConfigurationError);
    await expect(received).rejects.toThrow(/no-such-queue/);
  });
}

function limits(makeCloud: MakeCloud): void {
  test('takes ten messages at once', async () => {
    const fixture = await makeCloud();
    const ten = Array.from({ length: 10 }, (_, index) => String(index));

    const answers = await fixture.cloud.queues.send(fixture.queueName, bodies(...ten));

    expect(answers).toEqual(ten.map(() => ok));
    expect((await receive(fixture)).map(({ body }) => body).toSorted()).toEqual(ten);
  });

  test('rejects a batch of eleven', async () => {
    const { cloud, queueName } = await makeCloud();
    const eleven = Array.from({ length: 11 }, (_, index) => `handle-${index}`);

    await expect(cloud.queues.send(queueName, bodies(...eleven))).rejects.toThrow();
    await expect(cloud.queues.delete(queueName, eleven)).rejects.toThrow();
    await expect(cloud.queues.delay(queueName, eleven, 1)).rejects.toThrow();
  });

  test('answers an empty batch with nothing', async () => {
    const { cloud, queueName } = await makeCloud();

    expect(await cloud.queues.send(queueName, [])).toEqual([]);
    expect(await cloud.queues.delete(queueName, [])).toEqual([]);
    expect(await cloud.queues.delay(queueName, [], 1)).toEqual([]);
  });

  test('takes a message of 1 MiB of UTF-8, attributes included', async () => {
    const fixture = await makeCloud();
    const attributes = { reason: 'late' };
    const body = 'é'.repeat((limitBytes - 'reasonStringlate'.length) / 2);

    const answers = await fixture.cloud.queues.send(fixture.queueName, [{ body, attributes }]);

    expect(answers).toEqual([ok]);
    expect((await receiveOne(fixture)).body.length).toBe(body.length);
  });

  test('rejects a message one byte above 1 MiB', async () => {
    const fixture = await makeCloud();

    const sent = fixture.cloud.queues.send(fixture.queueName, bodies('x'.repeat(limitBytes + 1)));

    await expect(sent).rejects.toThrow();
    expect(await receive(fixture)).toEqual([]);
  });

  test('counts the names, types and values of attributes into the size', async () => {
    const fixture = await makeCloud();
    const body = 'x'.repeat(limitBytes - 'reasonStringlate'.length + 1);

    const sent = fixture.cloud.queues.send(fixture.queueName, [{ body, attributes: { reason: 'late' } }]);

    await expect(sent).rejects.toThrow();
  });

  test('rejects a batch that is above 1 MiB together, and sends none of it', async () => {
    const fixture = await makeCloud();
    const half = 'x'.repeat(limitBytes / 2);

    const sent = fixture.cloud.queues.send(fixture.queueName, bodies(half, `${half}x`));

    await expect(sent).rejects.toThrow();
    expect(await receive(fixture)).toEqual([]);
  });
}

function receiving(makeCloud: MakeCloud): void {
  test('keeps a delayed message back until its time', async () => {
    const fixture = await makeCloud();

    await fixture.cloud.queues.send(fixture.queueName, [{ body: 'later', delaySeconds: 1 }]);

    expect(await receive(fixture)).toEqual([]);
    await fixture.advance(1_000);
    expect((await receiveOne(fixture)).body).toBe('later');
  });

  test('receives at most as many as asked', async () => {
    const fixture = await makeCloud();
    await fixture.cloud.queues.send(fixture.queueName, bodies('one', 'two', 'three'));

    const messages = await receive(fixture, 2);

    expect(messages.length).toBe(2);
  });

  test('wakes a waiting receiver when a message comes', async () => {
    const { cloud, queueName } = await makeCloud();

    const waiting = cloud.queues.receive(queueName, { max: 1, waitSeconds: 20 });
    await cloud.queues.send(queueName, bodies('at last'));

    expect((await waiting).map(({ body }) => body)).toEqual(['at last']);
  });

  test('lets a waiting receiver go when nothing came in time', async () => {
    const { cloud, queueName, advance } = await makeCloud();

    const waiting = cloud.queues.receive(queueName, { max: 1, waitSeconds: 1 });
    await advance(1_000);

    expect(await waiting).toEqual([]);
  });

  test('rejects a waiting receiver with the reason of its signal', async () => {
    const { cloud, queueName } = await makeCloud();
    const abort = new AbortController();
    const reason = new Error('The worker stops.');

    const waiting = cloud.queues.receive(queueName, { max: 1, waitSeconds: 20, signal: abort.signal });
    abort.abort(reason);

    await expect(waiting).rejects.toBe(reason);
  });
}

function acknowledging(makeCloud: MakeCloud): void {
  test('forgets a deleted message', async () => {
    const fixture = await makeCloud();
    const { cloud, queueName, advance } = fixture;
    const { handle } = await delivery(fixture);
    await cloud.queues.delay(queueName, [handle], 1);

    const answers = await cloud.queues.delete(queueName, [handle]);

    expect(answers).toEqual([ok]);
    await advance(1_000);
    expect(await receive(fixture)).toEqual([]);
  });

  test('answers a deletion made twice as it did the first', async () => {
    const fixture = await makeCloud();
    const { handle } = await delivery(fixture);
    await fixture.cloud.queues.delete(fixture.queueName, [handle]);

    const answers = await fixture.cloud.queues.delete(fixture.queueName, [handle]);

    expect(answers).toEqual([ok]);
  });

  test('takes the handle of the last delivery after the one before became stale', async () => {
    const fixture = await makeCloud();
    const { cloud, queueName } = fixture;
    const stale = await delivery(fixture);
    await cloud.queues.delay(queueName, [stale.handle], 0);
    const last = await receiveOne(fixture);

    const answers = await cloud.queues.delete(queueName, [last.handle]);

    expect(last.handle).not.toBe(stale.handle);
    expect(last.messageId).toBe(stale.messageId);
    expect(answers).toEqual([ok]);
  });
}

function hiding(makeCloud: MakeCloud): void {
  test('hides a message while it is worked on', async () => {
    const fixture = await makeCloud();

    await delivery(fixture);

    expect(await receive(fixture)).toEqual([]);
  });

  test('shows a message again when its time has passed, and counts the receives', async () => {
    const fixture = await makeCloud();
    const { handle } = await delivery(fixture);

    const answers = await fixture.cloud.queues.delay(fixture.queueName, [handle], 1);

    expect(answers).toEqual([ok]);
    expect(await receive(fixture)).toEqual([]);
    await fixture.advance(1_000);
    expect(await receiveOne(fixture)).toMatchObject({ body: 'hello', receives: 2 });
  });

  test('shows a message again at once when it is delayed by nothing', async () => {
    const fixture = await makeCloud();
    const { handle } = await delivery(fixture);

    await fixture.cloud.queues.delay(fixture.queueName, [handle], 0);

    expect(await receiveOne(fixture)).toMatchObject({ body: 'hello', receives: 2 });
  });

  test('refuses for good to delay a message that is gone, and delays the others of its batch', async () => {
    const fixture = await makeCloud();
    const { cloud, queueName } = fixture;
    const gone = await delivery(fixture);
    const here = await delivery(fixture);
    await cloud.queues.delete(queueName, [gone.handle]);

    const answers = await cloud.queues.delay(queueName, [gone.handle, here.handle], 0);

    expect(answers).toEqual([expect.objectContaining({ ok: false, retryable: false }), ok]);
    expect((await receiveOne(fixture)).messageId).toBe(here.messageId);
  });
}
