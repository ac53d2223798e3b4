import { DecodeError } from 'tallo';
import { describe, expect, test } from 'vitest';
import { protocol2 } from '../consumer/bad-input.ts';
import { placeIn, text, tidyUp, tooLarge, world } from './world.ts';

const ours = 'payloads/30d/measure/id/0-0';
const uuid = '9cc30888-0e2e-40da-b594-c9ca2cd58722';
const pointer = (
  s3Key: string,
  s3BucketName = 'large-payloads',
  of = 'software.amazon.payloadoffloading.PayloadS3Pointer',
) => JSON.stringify([of, { s3BucketName, s3Key }]);
const message = (args = '["hello"]') => protocol2({ task: 'measure', id: 'id', args });
const base64 = (plain: string) => Buffer.from(plain).toString('base64');

describe('a reference', () => {
  test.each([
    ['by AWS in Java, Python and Go', { body: pointer(uuid), attributes: { ExtendedPayloadSize: '700' } }],
    [
      'by their first version',
      { body: pointer(uuid, 'large-payloads', 'com.amazon.sqs.javamessaging.MessageS3Pointer') },
    ],
    [
      'with spaces, as Python writes JSON',
      { body: pointer(uuid).replaceAll(',', ', ').replaceAll(':', ': ') },
    ],
    [
      'in an attribute, as by the client for JavaScript',
      { body: uuid, attributes: { S3MessageBodyKey: `(large-payloads)${uuid}` } },
    ],
  ])('is read as it was written %s', async (_by, given) => {
    await using it = world();
    await it.cloud.payloads.put(uuid, message());

    await it.cloud.queues.send('large-default', [given]);

    expect(await it.app.AsyncResult('id').get()).toBe(5);
  });

  test('may lead to a message in base64, as kombu writes them', async () => {
    await using it = world();
    const { body, ...rest } = JSON.parse(message());
    const inner = {
      ...rest,
      body: base64(body),
      properties: { ...rest.properties, body_encoding: 'base64' },
    };
    await it.cloud.payloads.put(uuid, base64(JSON.stringify(inner)));

    await it.cloud.queues.send('large-default', [{ body: pointer(uuid) }]);

    expect(await it.app.AsyncResult('id').get()).toBe(5);
  });
});

describe('a payload that is gone', () => {
  test('ends its call at once: FAILURE, and a dead letter with the reason and the reference', async () => {
    await using it = world();
    const { id } = await it.measure.applyAsync([text(tooLarge)], { countdown: '5m' });
    const [key = ''] = it.cloud.payloads.keys();
    tidyUp(it.cloud);

    await expect(it.app.AsyncResult(id).get()).rejects.toThrow(
      new DecodeError(
        `Expected the payload '${key}' in bucket 'large-payloads', found none: it was deleted, by the bucket's lifecycle if the call is old.`,
      ),
    );
    await it.cloud.untilIdle();

    expect(it.runs).toEqual([]);
    const [letter, ...others] = it.cloud.deadLetters();
    expect(others).toEqual([]);
    expect(placeIn(letter?.body)).toEqual({ s3BucketName: 'large-payloads', s3Key: key });
    expect(letter?.attributes).toMatchObject({
      'tallo-reason': 'not-understood',
      'tallo-error': expect.stringContaining('found none'),
      'tallo-task': 'measure',
      'tallo-task-id': id,
    });
    expect(it.cloud.payloads.requests.get).toBe(1);
  });

  test('is one that its bucket kept for its whole lifetime', async () => {
    await using it = world({ handler: false });
    await it.measure.delay(text(tooLarge));

    await it.cloud.advance(30 * 86_400 - 1);
    expect(it.cloud.payloads.keys()).toHaveLength(1);
    await it.cloud.advance(1);
    expect(it.cloud.payloads.keys()).toEqual([]);
  });
});

describe('nothing but payloads is read', () => {
  test.each([
    {
      what: 'in the bucket of another',
      body: pointer(ours, 'other-bucket'),
      reason: /in the app's bucket 'large-payloads', got one in 'other-bucket'/,
    },
    {
      what: 'under another key',
      body: pointer('backups/customers.json'),
      reason: /Expected the key of a payload, got 'backups\/customers.json'/,
    },
    {
      what: 'on a way out of the payloads',
      body: pointer('payloads/30d/../../secret'),
      reason: /Expected the key of a payload/,
    },
    {
      what: 'on a longer way out',
      body: pointer('payloads/30d/../../../other/payloads/30d/a/b/0-0'),
      reason: /Expected the key of a payload/,
    },
    {
      what: 'named in an attribute',
      body: 'x',
      attributes: { S3MessageBodyKey: `(other-bucket)${uuid}` },
      reason: /got one in 'other-bucket'/,
    },
    {
      what: 'larger than a worker can hold',
      body: pointer(uuid),
      attributes: { ExtendedPayloadSize: '104857601' },
      reason: /Expected a payload of at most 104857600 bytes, got one of 104857601/,
    },
    {
      what: 'of a name without end',
      body: pointer(`payloads/30d/${'x'.repeat(900)}`),
      reason: /Expected the key of a payload, got '.{400}\.\.\.'/,
    },
  ])('none $what: the message is buried with the reason', async ({ body, reason, attributes }) => {
    await using it = world();
    const read: string[] = [];
    it.cloud.payloads.get = async (key) => void read.push(key);

    await it.cloud.queues.send('large-default', [{ body, ...(attributes && { attributes }) }]);
    await it.cloud.untilIdle();

    expect(read).toEqual([]);
    expect(it.cloud.deadLetters()[0]?.attributes?.['tallo-error']).toMatch(reason);
  });

  test('what an attribute refers to lies in the dead-letter queue as a body that says so', async () => {
    await using it = world();

    const attributes = { S3MessageBodyKey: `(large-payloads)${uuid}` };
    await it.cloud.queues.send('large-default', [{ body: 'x', attributes }]);
    await it.cloud.untilIdle();

    expect(it.cloud.deadLetters()[0]?.body).toBe(pointer(uuid));
  });

  test('none at all by an app that has no bucket', async () => {
    await using it = world({}, { payloadBucket: false });

    await it.cloud.queues.send('large-default', [{ body: pointer(ours) }]);

    await expect(it.app.AsyncResult('id').get()).rejects.toThrow(/Give the app the option payloadBucket/);
    expect(it.cloud.payloads.requests.get).toBe(0);
  });

  test.each([
    [
      'half a message',
      message(JSON.stringify([text(1_000)])).slice(0, 500),
      /Expected the message to be JSON/,
    ],
    ['nothing', '', /Expected the message to be JSON/],
    ['another reference', pointer(ours), /Expected the message to be a JSON object, got an array of 2/],
    ['a message of another protocol', '{"task":"measure"}', /protocol 2/],
  ])('and one that holds %s is buried', async (_what, payload, reason) => {
    await using it = world();
    await it.cloud.payloads.put(ours, payload);

    await it.cloud.queues.send('large-default', [{ body: pointer(ours) }]);
    await it.cloud.untilIdle();

    const [letter] = it.cloud.deadLetters();
    expect(letter?.body).toBe(pointer(ours));
    expect(letter?.attributes?.['tallo-error']).toMatch(reason);
  });
});
