import { ConfigurationError, OperationalError, Tallo } from 'tallo';
import { describe, expect, test } from 'vitest';
import { dying, dyingAfterRow, times, watchSends, world } from './world.ts';

/** An app whose task counts its runs. */
function counting({ duplicates = 0 } = {}) {
  const runs: string[] = [];
  const it = world(
    (app, cloud) => {
      app.task('pay', async (order: string) => {
        runs.push(order);
        await cloud().clock.sleep(5_000);
        return `paid ${order}`;
      });
      app.task('ship', (order: string) => {
        runs.push(order);
        return `shipped ${order}`;
      });
    },
    { duplicates },
  );
  const call = (options: object, { app = it.app, task = 'pay', order = 'o1' } = {}) =>
    app.sendTask<string>(task, [order], options);
  return { ...it, runs, call };
}

const key = { idempotencyKey: 'order-1' };

describe('calls with one idempotencyKey', () => {
  test('ten at the same time run the task once, and all give its result', async () => {
    await using it = counting();

    const results = await Promise.all(times(10, () => it.call(key)));

    expect(new Set(results.map(({ id }) => id)).size).toBe(1);
    expect(await Promise.all(results.map((result) => result.get()))).toEqual(times(10, () => 'paid o1'));
    expect(it.runs).toEqual(['o1']);
  });

  test.each([1, 2, 3])(
    'do so from ten processes too, and with messages that come twice (%i)',
    async (seed) => {
      await using it = counting({ duplicates: 0.5 });
      await it.cloud.advance(seed);
      const callers = times(10, () => it.caller());

      const results = await Promise.all(callers.map((app, i) => it.call(key, { app, order: `o${i}` })));
      await it.cloud.untilIdle();

      expect(new Set(results.map(({ id }) => id)).size).toBe(1);
      expect(it.runs).toHaveLength(1);
    },
  );

  test('give the first result after it ended, whatever their arguments, until the time is over', async () => {
    await using it = counting();
    const first = await it.call({ ...key, idempotencyExpires: '1h' });
    await first.get();
    await it.cloud.advance('59m');

    const within = await it.call({ ...key, idempotencyExpires: '1h' }, { order: 'o2' });
    expect(within.id).toBe(first.id);
    expect(await within.get()).toBe('paid o1');

    await it.cloud.advance('2m');
    const after = await it.call({ ...key, idempotencyExpires: '1h' }, { order: 'o3' });
    expect(await after.get()).toBe('paid o3');
    expect(it.runs).toEqual(['o1', 'o3']);
  });

  test('are remembered as long as results are, unless they say something else', async () => {
    await using it = counting();
    const first = await it.call(key);
    await it.cloud.advance('23h');
    const within = await it.call(key);
    await it.cloud.advance('2h');
    const after = await it.call(key);

    expect(within.id).toBe(first.id);
    expect(after.id).not.toBe(first.id);
  });

  test('are others with another key, or of another task', async () => {
    await using it = counting();

    const results = await Promise.all([
      it.call(key),
      it.call({ idempotencyKey: 'order-2' }),
      it.call(key, { task: 'ship' }),
    ]);

    expect(new Set(results.map(({ id }) => id)).size).toBe(3);
    expect(await Promise.all(results.map((result) => result.get()))).toEqual([
      'paid o1',
      'paid o1',
      'shipped o1',
    ]);
  });

  test('take over from a caller that died before it had sent the call, under the same id', async () => {
    await using it = counting();
    const dead = it.caller(dyingAfterRow(it.cloud));
    void it.call({ ...key, taskId: 'of the dead' }, { app: dead });
    await it.cloud.advance('1s');
    const start = it.cloud.clock.now();

    const results = await Promise.all(times(3, (i) => it.call(key, { order: `o${i}` })));

    expect(results.map(({ id }) => id)).toEqual(times(3, () => 'of the dead'));
    expect(it.cloud.clock.now() - start).toBeLessThanOrEqual(31_000);
    await results[0]?.get();
    expect(it.runs).toHaveLength(1);
  });

  test('run once though the caller died after it had sent the call', async () => {
    await using it = counting();
    const mortal = dying(it.cloud);
    const queues = {
      ...mortal.queues,
      send: async (...given: Parameters<typeof mortal.queues.send>) => {
        const answers = await mortal.queues.send(...given);
        mortal.die();
        return answers;
      },
    };
    const dead = it.caller({ table: mortal.table, queues });
    void it.call({ ...key, taskId: 'of the dead' }, { app: dead });
    await it.cloud.advance('1m');

    const again = await it.call(key);
    await it.cloud.untilIdle();

    expect(again.id).toBe('of the dead');
    expect(await again.get()).toBe('paid o1');
    expect(it.runs).toHaveLength(1);
  });

  test('may be sent by the next caller if the first one could not', async () => {
    await using it = counting();
    const refused = async () => {
      throw new Error('no network');
    };
    const cut = it.caller({ queues: { ...dying(it.cloud).queues, send: refused } });

    await expect(it.call({ ...key, retry: false }, { app: cut })).rejects.toThrow(OperationalError);
    const start = it.cloud.clock.now();
    const second = await it.call(key);

    expect(it.cloud.clock.now()).toBe(start);
    expect(await second.get()).toBe('paid o1');
    expect(it.runs).toHaveLength(1);
  });

  test('are sent by one that waited when the sender could not', async () => {
    await using it = counting();
    const refused = async () => {
      await it.cloud.clock.sleep(2_000);
      throw new Error('no network');
    };
    const cut = it.caller({ queues: { ...dying(it.cloud).queues, send: refused } });

    const [first, second] = await Promise.allSettled([
      it.call({ ...key, retry: false }, { app: cut }),
      it.cloud.clock.sleep(1_000).then(() => it.call(key)),
    ]);

    expect(first).toMatchObject({ status: 'rejected' });
    expect(second).toMatchObject({ status: 'fulfilled' });
    await it.cloud.untilIdle();
    expect(it.runs).toEqual(['o1']);
  });

  test('are sent under the id that the first one chose, at the time that it chose', async () => {
    await using it = counting();
    const first = await it.call({ ...key, taskId: 'mine', countdown: '3h' });
    const second = await it.call({ ...key, taskId: 'another' });
    await it.cloud.advance('2h');

    expect([first.id, second.id]).toEqual(['mine', 'mine']);
    expect(it.runs).toEqual([]);
    await it.cloud.advance('3601s');
    expect(it.runs).toEqual(['o1']);
  });

  test('run once though the result is ignored', async () => {
    await using it = counting({ duplicates: 1 });
    const results = await Promise.all(times(3, () => it.call({ ...key, ignoreResult: true })));
    await it.cloud.untilIdle();

    expect(await results[0]?.get()).toBeNull();
    expect(it.runs).toEqual(['o1']);
  });

  test('cost two requests to the table each, and one message in all', async () => {
    await using it = counting();
    const sent = watchSends(it.cloud);
    const cost = async () => {
      const before = it.tableRequests();
      await it.call(key, { task: 'ship' });
      return it.tableRequests() - before;
    };

    expect(await cost()).toBe(2);
    await it.cloud.untilIdle();
    expect(await cost()).toBe(2);
    expect(sent).toHaveLength(1);
  });

  test('are children of every task that makes one', async () => {
    const it = world((app) => {
      const pay = app.task('pay', () => 'paid');
      app.task('shop', async () => (await pay.applyAsync([], key)).id);
    });
    await using _world = it;

    const shops = await Promise.all(times(2, () => it.app.sendTask<string>('shop')));
    const ids = await Promise.all(shops.map((shop) => shop.get()));
    const children = await Promise.all(shops.map((shop) => shop.children()));

    expect(new Set(ids).size).toBe(1);
    expect(children.map(([child]) => child?.id)).toEqual(ids);
  });

  test('each run in eager mode, which remembers nothing', async () => {
    const app = new Tallo('eager', { taskAlwaysEager: true });
    let runs = 0;
    const task = app.task('t', () => {
      runs += 1;
    });

    await task.applyAsync([], key);
    await task.applyAsync([], key);

    expect(runs).toBe(2);
    await expect(task.applyAsync([], { idempotencyKey: '' })).rejects.toThrow(ConfigurationError);
  });
});

describe('a throttled call', () => {
  const throttle = { key: 'customer-1', per: '10m' } as const;

  test('goes out once per period; the others give its result', async () => {
    await using it = counting();
    const results = [];
    for (const order of times(25, (i) => `o${i}`)) {
      results.push(await it.call({ throttle }, { order }));
      await it.cloud.advance('1m');
    }

    expect(it.runs).toEqual(['o0', 'o10', 'o20']);
    expect(new Set(results.map(({ id }) => id)).size).toBe(3);
    expect(await results[5]?.get()).toBe('paid o0');
  });

  test('has nothing to do with idempotencyKey', async () => {
    await using it = counting();
    await it.call({ idempotencyKey: 'same' });
    await it.call({ throttle: { key: 'same', per: '1m' } });
    await it.cloud.untilIdle();

    expect(it.runs).toHaveLength(2);
  });
});
