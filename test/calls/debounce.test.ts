import type { SQSEvent } from 'aws-lambda';
import { type AsyncResult, type Clock, PayloadTooLargeError, Tallo } from 'tallo';
import { describe, expect, test } from 'vitest';
import { dying, times, watchSends, world } from './world.ts';

interface Options {
  readonly duplicates?: number;
  readonly seed?: number;
  readonly disturb?: (event: SQSEvent) => void;
  /** How long a run takes, seconds. */
  readonly takes?: number;
}

/** An app whose task notes what it ran with, and when: seconds since the beginning. */
function noting({ takes = 0, ...options }: Options = {}) {
  const runs: [text: string, at: number][] = [];
  const it = world((app, cloud) => {
    app.task('save', { bind: true, maxRetries: 1 }, async (self, text: string, fails = false) => {
      runs.push([text, Math.floor((cloud().clock.now() - begin) / 1_000)]);
      if (takes > 0) await cloud().clock.sleep(takes * 1_000);
      if (fails && self.request.retries === 0) self.retry({ countdown: '1h' });
      return text;
    });
  }, options);
  const begin = it.cloud.clock.now();
  const save = (text: string, { app = it.app, wait = '10s', maxWait, ...more }: Call = {}) =>
    app.sendTask<string>('save', [text, ...(more.fails ? [true] : [])], {
      debounce: { key: 'draft', wait, ...(maxWait && { maxWait }) },
    });
  return { ...it, runs, save };
}

interface Call {
  readonly app?: Tallo;
  readonly wait?: '10s' | '1h' | '20d';
  readonly maxWait?: '30s' | '2h' | '40d';
  readonly fails?: boolean;
}

/** A clock of a machine that is late. */
function behind(clock: Clock, milliseconds: number): Clock {
  return {
    now: () => clock.now() - milliseconds,
    sleep: (length, signal) => clock.sleep(length, signal),
    after: (length, callBack) => clock.after(length, callBack),
  };
}

const idsOf = (results: readonly AsyncResult<string>[]) => new Set(results.map(({ id }) => id));

describe('debounced calls', () => {
  test('a hundred at once are one run with the arguments of the last one, and all give its result', async () => {
    await using it = noting();
    const results: AsyncResult<string>[] = [];
    for (const i of times(100, (n) => n)) {
      results.push(await it.save(`draft ${i}`));
      await it.cloud.advance('10ms');
    }
    await it.cloud.untilIdle();

    // The last one came after 0.99 s.
    expect(it.runs).toEqual([['draft 99', 11]]);
    expect(idsOf(results).size).toBe(1);
    expect(await results[3]?.get()).toBe('draft 99');
  });

  test('at the very same time, from several processes, with messages that come twice, too', async () => {
    await using it = noting({ duplicates: 1 });
    const callers = times(5, () => it.caller());

    const results = await Promise.all(
      times(100, (i) => it.save(`draft ${i}`, { app: callers[i % 5] ?? it.app })),
    );
    await it.cloud.untilIdle();

    expect(it.runs).toHaveLength(1);
    expect(idsOf(results).size).toBe(1);
    expect(await results[0]?.get()).toBe(it.runs[0]?.[0]);
  });

  test('wait until none has come for a while, for longer than a queue can delay too', async () => {
    await using it = noting();
    await it.save('first', { wait: '1h' });
    await it.cloud.advance('50m');
    await it.save('second', { wait: '1h' });
    await it.cloud.advance('50m');
    await it.save('third', { wait: '1h' });
    await it.cloud.untilIdle();

    expect(it.runs).toEqual([['third', 160 * 60]]);
    // Put off for another hour, none of it counts as a retry.
    const days = noting();
    await days.save('first', { wait: '20d' });
    await days.cloud.advance('19d');
    await days.save('second', { wait: '20d' });
    await days.cloud.untilIdle();
    expect(days.runs).toEqual([['second', 39 * 86_400]]);
    await days.cloud.stop();
  });

  test('wait no longer than maxWait since the first one', async () => {
    await using it = noting();
    const results: AsyncResult<string>[] = [];
    for (const i of times(14, (n) => n)) {
      results.push(await it.save(`${i * 5}`, { maxWait: '30s' }));
      await it.cloud.advance('5s');
    }
    await it.cloud.untilIdle();

    expect(it.runs.map(([, at]) => at)).toEqual([30, 60, 75]);
    expect(idsOf(results).size).toBe(3);
    expect(it.runs.at(-1)?.[0]).toBe('65');
  });

  test('begin another collection while the run of the one before is under way', async () => {
    await using it = noting({ takes: 20 });
    const before = await it.save('before');
    await it.cloud.advance('15s');
    const during = await it.save('during');
    await it.cloud.untilIdle();

    expect(it.runs).toEqual([
      ['before', 10],
      ['during', 25],
    ]);
    expect([await before.get(), await during.get()]).toEqual(['before', 'during']);
  });

  test('keep what they ran with when their time has passed and another collection begins before a worker comes', async () => {
    await using it = noting();
    const { queues } = it.cloud;
    const held: Parameters<typeof queues.send>[] = [];
    const send = queues.send.bind(queues);
    queues.send = async (...given) => {
      held.push(given);
      return given[1].map(() => ({ ok: true }));
    };
    const before = await it.save('first');
    await it.save('second');
    await it.cloud.advance('1m');
    const after = await it.save('third');
    queues.send = send;
    for (const given of held) await send(...given);
    await it.cloud.untilIdle();

    expect(await before.get()).toBe('second');
    expect(await after.get()).toBe('third');
    expect(it.runs).toHaveLength(2);
  });

  test('are others with another key, or of another task', async () => {
    await using it = noting();
    const other = { debounce: { key: 'other', wait: 1 } } as const;

    await it.save('one');
    await it.app.sendTask('save', ['two'], other);
    await it.cloud.untilIdle();

    expect(it.runs.map(([text]) => text).toSorted()).toEqual(['one', 'two']);
  });

  test('are retried with the arguments of the last one', async () => {
    await using it = noting();
    const result = await it.save('first', { fails: true });
    await it.save('last', { fails: true });
    await it.cloud.advance('20s');
    await it.save('of the next collection');
    await it.cloud.untilIdle();

    expect(await result.get()).toBe('last');
    expect(it.runs).toEqual([
      ['last', 10],
      ['of the next collection', 30],
      ['last', 3_610],
    ]);
  });

  test('that join while a worker closes the collection are not lost', async () => {
    await using it = noting();
    const { table } = it.cloud;
    const put = table.put.bind(table);
    let late: AsyncResult<string> | undefined;
    const slow = it.caller({ clock: behind(it.cloud.clock, 5_000) });
    table.put = async (...given) => {
      const isPut = await put(...given);
      // By its clock the time has not passed yet.
      if (given[0].id.startsWith('debounced-')) late ??= await it.save('late', { app: slow });
      return isPut;
    };
    const first = await it.save('first');
    await it.cloud.untilIdle();

    expect(late?.id).toBe(first.id);
    expect(await first.get()).toBe('late');
    expect(it.runs).toHaveLength(1);
  });

  test('do not become more with every time that copies of their message are put off', async () => {
    await using it = noting({ duplicates: 1 });
    const sent = watchSends(it.cloud);
    for (const i of times(12, (n) => n)) {
      await it.save(`${i}`);
      await it.cloud.advance('8s');
    }
    await it.cloud.untilIdle();

    expect(it.runs.map(([text]) => text)).toEqual(['11']);
    // Of two copies one is sent on each time. Those of the run wait for its end, and find it.
    expect(sent.length).toBeLessThan(20);
  });

  test('go by the arguments of the last one under a limit with keys', async () => {
    const keys: string[] = [];
    const ran: string[] = [];
    await using it = world((app) => {
      const key = (text: string) => {
        keys.push(text);
        return text;
      };
      app.task('save', { rateLimit: { limit: 1, per: '1s', key } }, (text: string) => {
        ran.push(text);
      });
    });
    for (const text of ['first', 'last']) {
      await it.app.sendTask('save', [text], { debounce: { key: 'draft', wait: 5 } });
    }
    await it.cloud.untilIdle();

    expect([keys, ran]).toEqual([['last'], ['last']]);
  });

  test('cost one request to the table each, and one message in all if none comes late', async () => {
    await using it = noting();
    const sent = watchSends(it.cloud);
    await it.save('first');
    const before = it.tableRequests();
    await it.save('second');
    await it.save('third');

    expect(it.tableRequests() - before).toBe(2);
    expect(sent).toHaveLength(1);
  });

  test('of more than a row can hold are refused', async () => {
    await using it = noting();

    await expect(it.save('x'.repeat(380_001))).rejects.toThrow(PayloadTooLargeError);
    expect(it.cloud.table.rows()).toEqual([]);
  });

  test('each run in eager mode', async () => {
    const app = new Tallo('eager', { taskAlwaysEager: true });
    const runs: string[] = [];
    const save = app.task('save', (text: string) => {
      runs.push(text);
    });

    await save.applyAsync(['a'], { debounce: { key: 'k', wait: 1 } });
    await save.applyAsync(['b'], { debounce: { key: 'k', wait: 1 } });

    expect(runs).toEqual(['a', 'b']);
  });
});

describe('a worker that is lost', () => {
  /** Lets the worker die right after its n-th change of the table. */
  test.each([1, 2, 3, 4, 5, 6])('at its change %i loses no collection and no arguments', async (deadly) => {
    await using it = noting();
    const { table } = it.cloud;
    let changes = Number.NEGATIVE_INFINITY;
    const counted =
      <G extends unknown[], R>(work: (...given: G) => Promise<R>) =>
      async (...given: G): Promise<R> => {
        const answer = await work(...given);
        changes += 1;
        if (changes === deadly) throw new Error('the worker is lost');
        return answer;
      };
    table.put = counted(table.put.bind(table));
    table.change = counted(table.change.bind(table));
    const first = await it.save('first');
    await it.cloud.advance('5s');
    const second = await it.save('second');
    changes = 0;
    await it.cloud.advance('30s');
    changes = Number.NEGATIVE_INFINITY;
    const third = await it.save('third');
    await it.cloud.untilIdle();

    expect(second.id).toBe(first.id);
    expect(await first.get()).toBe(third.id === first.id ? 'third' : 'second');
    expect(await third.get()).toBe('third');
  });
});

describe('a caller that dies', () => {
  test('before it has sent the message leaves that to the next one', async () => {
    await using it = noting();
    const mortal = dying(it.cloud);
    const { put } = mortal.table;
    const table = {
      ...mortal.table,
      put: async (...given: Parameters<typeof put>) => {
        const isPut = await put(...given);
        mortal.die();
        return isPut;
      },
    };
    const dead = it.caller({ table, queues: mortal.queues });
    void it.save('of the dead', { app: dead, wait: '1h' });
    await it.cloud.advance('1s');

    const results = await Promise.all([it.save('next', { wait: '1h' }), it.save('last', { wait: '1h' })]);
    await it.cloud.untilIdle();

    expect(idsOf(results).size).toBe(1);
    expect(it.runs).toHaveLength(1);
    expect(await results[0].get()).toBe('last');
  });

  test('lets those that wait for it join the collection that has begun meanwhile', async () => {
    await using it = noting();
    const mortal = dying(it.cloud);
    const { put } = mortal.table;
    const table = {
      ...mortal.table,
      put: async (...given: Parameters<typeof put>) => {
        const isPut = await put(...given);
        mortal.die();
        return isPut;
      },
    };
    void it.save('of the dead', { app: it.caller({ table, queues: mortal.queues }) });
    await it.cloud.advance('1s');

    const [early, late] = await Promise.all([
      it.save('early'),
      it.cloud.clock.sleep(15_000).then(() => it.save('late')),
    ]);
    await it.cloud.untilIdle();

    expect(early.id).toBe(late.id);
    expect(it.runs.map(([text]) => text)).toEqual(['late']);
  });

  test('and whose message is lost for good is replaced when the collection is overdue', async () => {
    await using it = noting();
    const { queues } = it.cloud;
    const send = queues.send.bind(queues);
    queues.send = async (_name, messages) => messages.map(() => ({ ok: true }));
    await it.save('lost', { maxWait: '30s' });
    queues.send = send;
    for (const i of times(20, (n) => n)) {
      await it.cloud.advance('5s');
      await it.save(`${i}`, { maxWait: '30s' });
    }
    await it.cloud.untilIdle();

    expect(it.runs.length).toBeGreaterThan(0);
    expect(it.runs.at(-1)?.[0]).toBe('19');
  });
});
