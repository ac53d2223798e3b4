import { PayloadTooLargeError, Tallo } from 'tallo';
import { memoryCloud } from 'tallo/testing';
import { describe, expect, test } from 'vitest';
import { type Death, MortalWorker } from '../consumer/mortal-worker.ts';
import { placeIn, text, tooLarge, world } from './world.ts';

const day = 86_400_000;
const begin = Date.UTC(2026, 0, 1);

describe('a large call that is due far from now', () => {
  test.each([
    { bytes: tooLarge, days: 2 / 24, lifetime: '30d' },
    // Too large for a timer alone.
    { bytes: 300_000, days: 2 / 24, lifetime: '30d' },
    { bytes: tooLarge, days: 2, lifetime: '30d' },
    { bytes: tooLarge, days: 3, lifetime: '90d' },
    { bytes: tooLarge, days: 62, lifetime: '90d' },
    { bytes: tooLarge, days: 63, lifetime: '400d' },
    { bytes: tooLarge, days: 372, lifetime: '400d' },
  ])('waits in a timer, and its payload for as long: $bytes bytes, $days days', async (given) => {
    const { bytes, days, lifetime } = given;
    await using it = world({}, { resultExpires: '1000d' });
    const due = begin + days * day;

    const result = await it.measure.applyAsync([text(bytes)], { eta: new Date(due) });
    const [key = ''] = it.cloud.payloads.keys();
    await it.cloud.untilIdle();

    expect(key).toMatch(new RegExp(`^payloads/${lifetime}/measure/${result.id}/`));
    expect(it.cloud.timers.requests.set).toBe(1);
    expect(it.runs).toEqual([result.id]);
    expect(await result.get()).toBe(bytes);
    expect(it.cloud.clock.now() - due).toBeGreaterThanOrEqual(0);
    expect(it.cloud.clock.now() - due).toBeLessThan(5_000);
  });

  test('needs no bucket if it fits into a timer', async () => {
    await using it = world();

    await it.measure.applyAsync([text(239_000)], { countdown: '2h' });
    await it.cloud.untilIdle();

    expect(it.runs).toHaveLength(1);
    expect(it.cloud.payloads.requests).toEqual({ put: 0, get: 0 });
  });

  test('is refused when no payload is kept for so long, and nothing is stored', async () => {
    await using it = world({ handler: false });

    const call = it.measure.applyAsync([text(tooLarge)], { countdown: '373d' });

    await expect(call).rejects.toThrow(PayloadTooLargeError);
    await expect(call).rejects.toThrow(
      /Expected the message of task 'measure', which is due in more than 372 days, to have at most 240000 bytes, got 1100\d\d\d\. No bucket keeps its payload for so long\./,
    );
    expect(it.cloud.payloads.requests.put).toBe(0);
    expect(it.cloud.timers.requests.set).toBe(0);
  });

  test('fails with that reason if it is a retry that asks for so long', async () => {
    await using it = world();
    const later = it.app.task('later', { bind: true }, (self, _given: string) =>
      self.retry({ countdown: '400d' }),
    );

    const result = await later.delay(text(tooLarge));

    await expect(result.get()).rejects.toThrow(/which is due in more than 372 days/);
  });

  test('hops from delay to delay to a worker of Celery, as without a bucket', async () => {
    const queues = { python: { runOn: 'celery' } } as const;
    await using it = world({}, { queues });

    await it.measure.applyAsync([text(300_000)], { countdown: '2h', queue: 'python' });

    expect(it.cloud.queues.named('large-python').size).toBe(1);
    expect(it.cloud.payloads.requests.put).toBe(0);
  });

  test('runs no more often than one that fits, where every message comes twice', async () => {
    await using it = world({ duplicates: 1 });

    await it.measure.applyAsync([text(tooLarge)], { countdown: '5h' });
    await it.cloud.untilIdle();

    expect(it.runs).toHaveLength(4);
    expect(it.cloud.timers.requests.set).toBe(1);
  });

  test('is not set twice by two workers that put it off', async () => {
    await using it = world({ duplicates: 1 });
    const once = it.app.task('once', { bind: true }, (self, given: string) => {
      if (self.request.retries === 0) self.retry({ countdown: '1h' });
      it.runs.push(self.request.id);
      return given.length;
    });

    await once.delay(text(tooLarge));
    await it.cloud.untilIdle();

    expect(it.cloud.timers.requests).toEqual({ set: 1, find: 0, cancel: 0 });
    expect(it.runs).toHaveLength(4);
  });

  test('ends at once when it is revoked', async () => {
    await using it = world();
    const result = await it.measure.applyAsync([text(tooLarge)], { countdown: '60d' });

    await result.revoke();

    await expect(result.get()).rejects.toMatchObject({ code: 'REVOKED' });
    expect(it.cloud.timers.size).toBe(0);
    expect(it.runs).toEqual([]);
  });

  test('ends when its time comes if it is revoked while its payload cannot be read', async () => {
    await using it = world({}, { resultExpires: '1000d' });
    const result = await it.measure.applyAsync([text(tooLarge)], { countdown: '10d' });
    const get = it.cloud.payloads.get.bind(it.cloud.payloads);
    it.cloud.payloads.get = () => Promise.reject(new Error('down'));

    await expect(result.revoke()).rejects.toThrow(
      /is on the revoked list, but looking for its payload failed/,
    );
    it.cloud.payloads.get = get;
    await it.cloud.untilIdle();

    await expect(result.get()).rejects.toMatchObject({ code: 'REVOKED' });
    expect(it.runs).toEqual([]);
  });
});

describe('a worker that dies, before or after any one of its requests', () => {
  async function story(deaths: readonly Death[] = []) {
    const starts: string[] = [];
    let cloud: ReturnType<typeof memoryCloud>;
    const define = () => {
      const app = new Tallo('large', { payloadBucket: true });
      app.task('retried', { bind: true }, (self, given: string) => {
        starts.push(`attempt ${self.request.retries} of ${given.length}`);
        if (self.request.retries === 0) self.retry({ countdown: '2h' });
        return given.length;
      });
      return app;
    };
    const worker = new MortalWorker({ define, cloud: () => cloud, deaths });
    const client = new Tallo('large', { payloadBucket: true });
    cloud = memoryCloud(client, { handler: worker.handler });
    const result = await client.sendTask('retried', [text(tooLarge)]);
    await cloud.untilIdle();
    const value = await result.get({ propagate: false });
    const letters = cloud.deadLetters().map(({ body }) => placeIn(body));
    await client.close();
    return { value, starts, letters, requests: worker.requests };
  }

  test('loses no large call, and none runs more often than a small one would', async () => {
    const usual = await story();
    expect(usual).toMatchObject({
      value: tooLarge,
      starts: [`attempt 0 of ${tooLarge}`, `attempt 1 of ${tooLarge}`],
    });

    for (let atRequest = 0; atRequest < usual.requests; atRequest += 1) {
      for (const isCarriedOut of [false, true]) {
        const { value, starts, letters } = await story([{ atRequest, isCarriedOut }]);
        const what = `death at request ${atRequest}, carried out: ${isCarriedOut}: ${starts}`;
        expect([value, letters], what).toEqual([tooLarge, []]);
        expect(starts.length, what).toBeLessThanOrEqual(3);
      }
    }
  });
});
