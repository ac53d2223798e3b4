import { describe, expect, test } from 'vitest';
import { timerOf } from '../../sdk/call/dispatch.ts';
import { at, begin, day, hour, isOnTime, minute, world } from './world.ts';

const count = 10_000;

/** From a second to 400 days, as many of them short as long. */
function distance(random: () => number): number {
  const seconds = random() < 0.5 ? random() * 400 * day : (400 * day) ** random();
  return Math.max(1, Math.round(seconds * 1_000) / 1_000);
}

const isFar = (seconds: number) => seconds > 900;

describe('ten thousand calls, due in a second to 400 days', () => {
  test('begin when they are due, none earlier and none a second later, each once', async () => {
    await using it = world({ concurrency: 1_000, seed: 3 });
    const { cloud, note, starts } = it;
    const distances = Array.from({ length: count }, () => distance(cloud.chance.random));

    await Promise.all(
      distances.map((seconds, index) =>
        note.applyAsync([String(index)], index % 2 === 0 ? { eta: at(seconds) } : { countdown: seconds }),
      ),
    );
    const { set } = cloud.timers.requests;
    await cloud.untilIdle();

    const wrong = starts.filter(
      (start) => !isOnTime(start.at, begin + (distances[Number(start.name)] ?? 0) * 1_000),
    );
    expect(wrong).toEqual([]);
    expect(starts).toHaveLength(count);
    expect(new Set(starts.map(({ name }) => name)).size).toBe(count);
    const far = distances.filter(isFar).length;
    expect(far).toBeGreaterThan(count / 2);
    expect(far).toBeLessThan(count);
    // A call that is far costs its timer, and one message more. No worker has set another one.
    expect(cloud.timers.requests).toEqual({ set: far, find: 0, cancel: 0 });
    expect(set).toBe(far);
    expect(cloud.queues.messages.send).toBe(count);
  });

  test('can be revoked as long as they wait, by the name of their timers', async () => {
    await using it = world({ concurrency: 1_000, seed: 4 });
    const { cloud, note, starts } = it;
    const distances = Array.from({ length: count }, () => distance(cloud.chance.random)).filter(isFar);
    const results = await Promise.all(
      distances.map((seconds, index) => note.applyAsync([String(index)], { countdown: seconds })),
    );

    const cancelled = await Promise.all(
      results.map(async ({ id }, index) => {
        if (index % 2 === 0) return false;
        const name = timerOf({ id, retries: 0, headers: {} });
        expect((await cloud.timers.find(name))?.message.body).toContain(id);
        return cloud.timers.cancel(name);
      }),
    );
    await cloud.untilIdle();

    expect(cancelled.every((was, index) => was === (index % 2 === 1))).toBe(true);
    expect(starts.map(({ name }) => Number(name) % 2)).toEqual(
      Array(Math.ceil(distances.length / 2)).fill(0),
    );
  });

  test('can be revoked at any moment before they are due, and never run then', async () => {
    await using it = world({ concurrency: 1_000, seed: 5 });
    const { cloud, note, starts } = it;
    const distances = Array.from({ length: 500 }, () => 2 + distance(cloud.chance.random));
    const results = await Promise.all(
      distances.map((seconds, index) => note.applyAsync([String(index)], { countdown: seconds })),
    );

    // A worker looks at the revoked list once in a second.
    const revocations = results.map((result, index) => ({
      result,
      at: cloud.chance.random() * ((distances[index] ?? 0) - 1.5),
    }));
    for (const { result, at: seconds } of revocations.toSorted((one, other) => one.at - other.at)) {
      await cloud.advance(Math.max(0, begin / 1_000 + seconds - cloud.clock.now() / 1_000));
      await result.revoke();
    }
    await cloud.untilIdle();

    expect(starts).toEqual([]);
    const states = await Promise.all(results.map((result) => result.state()));
    expect(new Set(states)).toEqual(new Set(['REVOKED']));
  });
});

describe('the edge of what a queue delays', () => {
  test.each([
    [899.2, 0],
    [900, 0],
    [900.001, 1],
    [901, 1],
  ])('%d seconds: %d timers', async (seconds, timers) => {
    await using it = world();

    await it.note.applyAsync(['n'], { countdown: seconds });
    await it.cloud.untilIdle();

    const [start = 0] = it.startsOf('n');
    expect(isOnTime(start * 1_000, seconds * 1_000)).toBe(true);
    expect(it.cloud.timers.requests.set).toBe(timers);
  });
});

describe('what a time far off costs', () => {
  test.each([
    ['at once', {}, { set: 0, send: 1 }],
    ['in ten minutes', { countdown: 10 * minute }, { set: 0, send: 1 }],
    // One message is sent by the timer, which we do not pay for by request.
    ['in two hours', { eta: at(2 * hour) }, { set: 1, send: 1 }],
    ['in a year', { countdown: 365 * day }, { set: 1, send: 1 }],
  ])('%s', async (_when, options, { set, send }) => {
    await using it = world();
    const { cloud } = it;

    const result = await it.note.applyAsync(['n'], options);
    await cloud.untilIdle();

    expect(await result.get()).toBe('n');
    expect(cloud.timers.requests).toEqual({ set, find: 0, cancel: 0 });
    expect(cloud.queues.requests).toEqual({ send, receive: 0, delete: 0, delay: 0 });
    expect(cloud.table.requests).toMatchObject({ put: 0, putAll: 1, change: 0 });
  });
});
