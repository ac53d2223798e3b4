import fc from 'fast-check';
import { ConfigurationError, Tallo } from 'tallo';
import { describe, expect, test } from 'vitest';
import { byRoom } from '../../functions/consumer/by-room.ts';
import { isBucketName, localBucketName } from '../../sdk/payloads/bucket-name.ts';
import { latestDays, lifetimeFor, payloadLifetimes } from '../../sdk/payloads/lifetimes.ts';
import { isPayloadKey, objectKey, ownerOf } from '../../sdk/payloads/object-key.ts';
import { readReference, writeReference } from '../../sdk/payloads/reference.ts';

const unique = '9cc30888-0e2e-40da-b594-c9ca2cd58722';

describe('the key of a payload', () => {
  test.each([
    ['math.add', 'id', 'payloads/30d/math.add/id/'],
    ['math.add', 'group-1:7', 'payloads/30d/math.add/group-1!3A7/'],
    ['größe/../x', "it's *me*!", 'payloads/30d/gr!C3!B6!C3!9Fe!2F..!2Fx/it!27s!20!2Ame!2A!21/'],
    ['..', '.', 'payloads/30d/-/-/'],
    ['x'.repeat(301), 'y'.repeat(300), `payloads/30d/-/${'y'.repeat(300)}/`],
  ])('tells whose it is: %s, %s', (task, taskId, prefix) => {
    expect(objectKey('payloads/30d/', { task, taskId }, unique)).toBe(prefix + unique);
  });

  test('is one that S3 takes and that is taken for one, and gives its owner back as far as there is room', () => {
    const prefixes = payloadLifetimes.map(({ prefix }) => prefix);
    const anyText = fc.string({ minLength: 1, unit: 'binary' });
    fc.assert(
      fc.property(fc.constantFrom(...prefixes), anyText, anyText, (prefix, task, taskId) => {
        const key = objectKey(prefix, { task, taskId }, unique);
        const owner = ownerOf(key);

        expect(Buffer.byteLength(key)).toBeLessThanOrEqual(1_024);
        expect(key).toMatch(/^[\w/!.-]+$/);
        expect(isPayloadKey(key)).toBe(true);
        expect(key.split('/')).toHaveLength(5);
        if (owner.task !== undefined) expect(owner.task).toBe(task.toWellFormed());
        if (owner.taskId !== undefined) expect(owner.taskId).toBe(taskId.toWellFormed());
      }),
    );
  });

  test.each([
    [unique, true],
    [unique.toUpperCase(), true],
    [`${unique}/x`, false],
    ['payloads/30d/a/b/c', true],
    ['payloads/31d/a/b/c', false],
    ['payloads/30d/a/b', false],
    ['payloads/30d/a/b/c/d', false],
    ['payloads/30d/../b/c', false],
    ['payloads/30d/a/../c', false],
    ['payloads/30d/a//c', false],
    ['/payloads/30d/a/b/c', false],
    ['payloads/30d/a/b%2F/c', false],
    ['', false],
  ])('%j is one: %s', (key, is) => {
    expect(isPayloadKey(key)).toBe(is);
  });

  test.each(['payloads/30d/!ZZ/!E0/c', 'x', 'payloads/30d/-/-/c'])('%j tells nothing', (key) => {
    expect(ownerOf(key)).toEqual({});
  });
});

describe('a reference', () => {
  test('is read back, with its size if an attribute tells it', () => {
    const body = writeReference({ bucket: 'b', key: 'k' });

    expect(body).toBe(
      '["software.amazon.payloadoffloading.PayloadS3Pointer",{"s3BucketName":"b","s3Key":"k"}]',
    );
    expect(readReference(body)).toEqual({ bucket: 'b', key: 'k' });
    expect(readReference(body, { ExtendedPayloadSize: '12' })).toEqual({ bucket: 'b', key: 'k', size: 12 });
    expect(readReference(body, { SQSLargePayloadSize: '-1' })).toEqual({ bucket: 'b', key: 'k' });
  });

  test.each([
    '',
    '{}',
    '[]',
    '["software.amazon.payloadoffloading.PayloadS3Pointer"]',
    '["software.amazon.payloadoffloading.PayloadS3Pointer",{"s3BucketName":"b"}]',
    '["software.amazon.payloadoffloading.PayloadS3Pointer",{"s3BucketName":"b","s3Key":7}]',
    '["another.Class",{"s3BucketName":"b","s3Key":"k"}]',
    '["software.amazon.payloadoffloading.PayloadS3Pointer",',
    `["software.amazon.payloadoffloading.PayloadS3Pointer",{"s3BucketName":"b","s3Key":"${'k'.repeat(5_000)}"}]`,
  ])('%s is none', (body) => {
    expect(readReference(body, { S3MessageBodyKey: 'no bucket' })).toBeUndefined();
  });
});

describe('a payload', () => {
  test('is kept for four weeks longer than its call waits', () => {
    const day = 86_400_000;
    const daysFor = (dueAt: number | null) => lifetimeFor(dueAt, 0)?.days;

    expect([null, -5, 0, 2 * day].map(daysFor)).toEqual([30, 30, 30, 30]);
    expect([2 * day + 1, 62 * day].map(daysFor)).toEqual([90, 90]);
    expect([62 * day + 1, latestDays * day].map(daysFor)).toEqual([400, 400]);
    expect(daysFor(latestDays * day + 1)).toBeUndefined();
  });
});

describe('the bucket of an app', () => {
  test('is in its topology, with what its lifecycle deletes', () => {
    const lifetimes = [
      { prefix: 'payloads/30d/', days: 30 },
      { prefix: 'payloads/90d/', days: 90 },
      { prefix: 'payloads/400d/', days: 400 },
    ];
    const payloadsOf = (payloadBucket?: boolean | string) =>
      new Tallo('a', payloadBucket === undefined ? {} : { payloadBucket }).topology().payloads;

    expect([payloadsOf(), payloadsOf(false)]).toEqual([null, null]);
    expect(payloadsOf(true)).toEqual({ bucketName: null, lifetimes });
    expect(payloadsOf('my-bucket.eu')).toEqual({ bucketName: 'my-bucket.eu', lifetimes });
  });

  test.each([
    '',
    'ab',
    'My-Bucket',
    'a_b',
    '-ab',
    'ab-',
    'a..b',
    '127.0.0.1',
    'x'.repeat(64),
    'evil.com/x',
    7,
  ])('cannot be named %j', (payloadBucket) => {
    expect(() => new Tallo('a', { payloadBucket } as never)).toThrow(ConfigurationError);
    expect(() => new Tallo('a', { payloadBucket } as never)).toThrow(
      /App 'a': expected payloadBucket to be true/,
    );
  });

  test.each(['store', 'Store_1-eu', '_', '-', 'a'.repeat(38), '__A'])(
    'has a name on this machine: of %s',
    (place) => {
      expect(isBucketName(localBucketName(place))).toBe(true);
    },
  );
});

describe('room', () => {
  /** Works that end when they are told. */
  function works() {
    const gate = byRoom();
    const log: string[] = [];
    const ends = new Map<string, () => void>();
    const begin = (name: string, size: number) =>
      gate({ size, room: 10 }, async (hasWaited) => {
        log.push(`${name}${hasWaited ? ' waited' : ''}`);
        await new Promise<void>((resolve) => ends.set(name, resolve));
      });
    const end = async (name: string) => {
      ends.get(name)?.();
      await new Promise((resolve) => setImmediate(resolve));
    };
    return { gate, log, begin, end };
  }

  test('is given as long as there is some, in the order of arrival', async () => {
    const { log, begin, end } = works();

    const all = [begin('a', 6), begin('b', 4), begin('c', 5), begin('d', 1)];
    expect(log).toEqual(['a', 'b']);
    await end('b');
    expect(log).toEqual(['a', 'b']);
    await end('a');
    expect(log).toEqual(['a', 'b', 'c waited', 'd waited']);
    await end('c');
    await end('d');
    await Promise.all(all);
  });

  test('is never enough for some work, which goes alone', async () => {
    const { log, begin, end } = works();

    const all = [begin('huge', 11), begin('small', 1), begin('vast', 100)];
    expect(log).toEqual(['huge']);
    await end('huge');
    expect(log).toEqual(['huge', 'small waited']);
    await end('small');
    expect(log).toEqual(['huge', 'small waited', 'vast waited']);
    await end('vast');
    await Promise.all(all);
  });

  test('is given back by work that fails', async () => {
    const { gate } = works();
    const fails = gate({ size: 10, room: 10 }, () => Promise.reject(new Error('no')));

    await expect(fails).rejects.toThrow('no');
    expect(await gate({ size: 10, room: 10 }, async (hasWaited) => hasWaited)).toBe(false);
  });
});
