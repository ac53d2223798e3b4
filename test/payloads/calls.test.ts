import { chain, group, OperationalError, PayloadTooLargeError } from 'tallo';
import { describe, expect, test } from 'vitest';
import { placeIn, text, tooLarge, world } from './world.ts';

describe('a call that is too large for SQS', () => {
  test('goes out as a reference to its payload, and runs with all of it', async () => {
    await using it = world({ handler: false });

    const result = await it.measure.delay(text(tooLarge));

    const [message] = it.queue().peek();
    const { s3BucketName, s3Key } = placeIn(message?.body);
    expect(s3BucketName).toBe('large-payloads');
    expect(s3Key).toMatch(new RegExp(`^payloads/30d/measure/${result.id}/[-0-9a-f]{36}$`));
    const stored = (await it.cloud.payloads.get(s3Key)) ?? '';
    expect(JSON.parse(stored).headers).toMatchObject({ task: 'measure', id: result.id });
    expect(message?.attributes).toEqual({ ExtendedPayloadSize: String(Buffer.byteLength(stored)) });
  });

  test.each([
    ['just too large', text(tooLarge), tooLarge],
    ['5 MiB of letters', text(5 * 1_048_576), 5 * 1_048_576],
    ['5 MiB of what is not ASCII', text(300_000, 'é🌿\u2028"\\'), 300_000 * 6],
    ['50 MiB', text(50 * 1_048_576), 50 * 1_048_576],
  ])('is run with what was given: %s', async (_what, given, length) => {
    await using it = world({ patience: '30s' });

    const result = await it.measure.delay(given);

    expect(await result.get()).toBe(length);
    expect(it.cloud.payloads.requests).toEqual({ put: 1, get: 1 });
    expect(it.cloud.deadLetters()).toEqual([]);
  });

  test('costs what any other costs if it is not', async () => {
    await using it = world();

    const results = await Promise.all(Array.from({ length: 30 }, () => it.measure.delay('short')));
    await Promise.all(results.map((result) => result.get()));

    expect(it.cloud.payloads.requests).toEqual({ put: 0, get: 0 });
    expect(it.cloud.queues.requests.send).toBe(3);
    expect(it.cloud.table.requests.putAll).toBe(3);
  });

  test('is refused above 100 MiB, with both numbers, and nothing is stored', async () => {
    await using it = world({ handler: false });

    const call = it.measure.delay(text(100 * 1_048_576));

    await expect(call).rejects.toThrow(PayloadTooLargeError);
    await expect(call).rejects.toThrow(
      /Expected the message of task 'measure' to have at most 104857600 bytes, got 104858\d\d\d\. Store the data elsewhere/,
    );
    expect(it.cloud.payloads.requests.put).toBe(0);
    expect(it.queue().size).toBe(0);
  });

  test('is refused without a bucket, with the advice to have one', async () => {
    await using it = world({ handler: false }, { payloadBucket: false });

    const call = it.measure.delay(text(tooLarge));

    await expect(call).rejects.toThrow(
      /at most 1044480 bytes, got 1100\d\d\d\. .*give the app the option payloadBucket\./,
    );
    expect(it.cloud.payloads.requests.put).toBe(0);
  });

  test('is refused for a queue that Python serves, which could not read it', async () => {
    const queues = { python: { runOn: 'celery' } } as const;
    await using it = world({ handler: false }, { queues });

    const call = it.measure.applyAsync([text(tooLarge)], { queue: 'python' });

    await expect(call).rejects.toThrow(
      /queue 'python' runs on Celery, whose workers read no payloads from a bucket/,
    );
    await expect(call).rejects.toMatchObject({ limit: 1_044_480 });
    expect(it.cloud.payloads.requests.put).toBe(0);
  });

  test('is retried under the same id, each attempt with all of its arguments', async () => {
    await using it = world();
    const lengths: number[] = [];
    const flaky = it.app.task('flaky', { bind: true }, (self, given: string) => {
      lengths.push(given.length);
      if (self.request.retries < 2) self.retry({ countdown: '1m' });
      return self.request.retries;
    });

    expect(await (await flaky.delay(text(tooLarge))).get()).toBe(2);
    expect(lengths).toEqual([tooLarge, tooLarge, tooLarge]);
    expect(it.cloud.payloads.requests).toEqual({ put: 3, get: 3 });
  });

  test('may take the place of a small one', async () => {
    await using it = world();
    const grow = it.app.task('grow', { bind: true }, (self) => self.replace(it.measure.s(text(tooLarge))));

    expect(await (await grow.delay()).get()).toBe(tooLarge);
  });

  test('may be a part of workflows: a first step, members of a group, the value of a step before', async () => {
    await using it = world();
    const double = it.app.task('double', (n: number) => n * 2);
    const sum = it.app.task('sum', (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0));
    const large = () => it.measure.s(text(tooLarge));

    const chained = await chain(large(), double.s()).delay();
    const joined = await chain(group([large(), large(), it.measure.s('abc')]), sum.s()).delay();

    expect(await chained.get()).toBe(2 * tooLarge);
    expect(await joined.get()).toBe(2 * tooLarge + 3);
  });

  test('keeps the key of fair queues, its priority and its lane', async () => {
    const queues = { default: { lanes: 2 } } as const;
    await using it = world({ handler: false }, { queues });
    const groups: (string | undefined)[] = [];
    const send = it.cloud.queues.send.bind(it.cloud.queues);
    it.cloud.queues.send = (name, messages) => {
      groups.push(name, ...messages.map(({ groupId }) => groupId));
      return send(name, messages);
    };

    await it.measure.applyAsync([text(tooLarge)], { priority: 9, fairnessKey: 'customer-1' });

    expect(groups).toEqual(['large-default-urgent', 'customer-1']);
  });
});

describe('when the bucket', () => {
  const refused = { ok: false, code: 'AccessDenied', message: 'no', retryable: false } as const;
  const busy = { ok: false, code: 'SlowDown', message: 'later', retryable: true } as const;

  test('refuses, the call is refused and nothing is sent', async () => {
    await using it = world();
    it.cloud.payloads.put = async () => refused;

    const call = it.measure.delay(text(tooLarge));

    await expect(call).rejects.toThrow(OperationalError);
    await expect(call).rejects.toThrow(
      "Storing the payload of task 'measure' in bucket 'large-payloads' failed after one attempt: Error: AccessDenied: no",
    );
    expect(it.cloud.queues.requests.send).toBe(0);
  });

  test('cannot be reached, it is tried as often as sending is, and nothing is sent', async () => {
    await using it = world();
    let attempts = 0;
    it.cloud.payloads.put = () => {
      attempts += 1;
      return Promise.reject(new Error('no route'));
    };

    await expect(it.measure.delay(text(tooLarge))).rejects.toThrow(
      /failed after 4 attempts: Error: no route/,
    );
    await expect(it.measure.applyAsync([text(tooLarge)], { retry: false })).rejects.toThrow(
      /after one attempt/,
    );
    expect(attempts).toBe(5);
    expect(it.cloud.queues.requests.send).toBe(0);
  });

  test('is busy, the call goes out all the same', async () => {
    await using it = world();
    const put = it.cloud.payloads.put.bind(it.cloud.payloads);
    let attempts = 0;
    it.cloud.payloads.put = async (key, payload) => (attempts++ < 2 ? busy : put(key, payload));

    expect(await (await it.measure.delay(text(tooLarge))).get()).toBe(tooLarge);
  });

  test('has the payload and the queue refuses its message, the call is refused', async () => {
    await using it = world();
    it.cloud.queues.send = async (_name, messages) => messages.map(() => refused);

    await expect(it.measure.delay(text(tooLarge))).rejects.toThrow(/Sending to queue 'large-default' failed/);
    expect(it.cloud.payloads.keys()).toHaveLength(1);
    expect(it.runs).toEqual([]);
  });
});
