import type { AsyncResult, Clock } from 'tallo';
import { describe, expect, test } from 'vitest';
import { idsOf, noting } from './notes.ts';
import { dyingAfterRow, times, watchSends } from './world.ts';

/** A clock of a machine that is late. */
function behind(clock: Clock, milliseconds: number): Clock {
  return {
    now: () => clock.now() - milliseconds,
    sleep: (length, signal) => clock.sleep(length, signal),
    after: (length, callBack) => clock.after(length, callBack),
  };
}

describe('debounced calls', () => {
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
    const dead = it.caller(dyingAfterRow(it.cloud));
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
    void it.save('of the dead', { app: it.caller(dyingAfterRow(it.cloud)) });
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
