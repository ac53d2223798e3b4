import { type AsyncResult, PayloadTooLargeError, Tallo } from 'tallo';
import { describe, expect, test } from 'vitest';
import { idsOf, noting } from './notes.ts';
import { times, watchSends, world } from './world.ts';

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
