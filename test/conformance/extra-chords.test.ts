import { AsyncResult, chord, EncodeError, GroupResult, Ignore } from 'tallo';
import type { MemoryCloud } from 'tallo/testing';
import { describe, expect, test } from 'vitest';
import { readEnvelope } from '../../sdk/wire/read-envelope.ts';
import { patience, stage, type Value, valueFrom } from './stage.ts';
import { expectedException } from './world.ts';

describe('a member of a chord without a result', () => {
  test('E41: which threw Ignore counts as null (Celery: the chord never ends)', async () => {
    await using s = stage();
    const ignored = s.app.task('ignored', (): Value => {
      throw new Ignore();
    });

    expect(await valueFrom(chord([ignored.s(), s.add.s(1, 1)], s.identity.s()))).toEqual([null, 2]);
  });

  test('E42: which ignores its result counts as null (Celery: the chord fails after three seconds)', async () => {
    await using s = stage();
    const silent = s.app.task('silent', { ignoreResult: true }, (): Value => 'unheard');
    const header = [s.add.s(1, 1), silent.s(), s.add.s(2, 2).set({ ignoreResult: true })];

    expect(await valueFrom(chord(header, s.identity.s()))).toEqual([2, null, null]);
  });
});

describe('a message of a header that is delivered twice', () => {
  /** Sends again what was sent with these arguments. */
  function repeating(cloud: MemoryCloud) {
    const send = cloud.queues.send.bind(cloud.queues);
    const sent: { queue: string; body: string }[] = [];
    cloud.queues.send = (queue, messages) => {
      sent.push(...messages.map(({ body }) => ({ queue, body })));
      return send(queue, messages);
    };
    return async (...args: number[]) => {
      const wanted = sent.filter(({ body }) => String(readEnvelope(body).args) === String(args));
      for (const { queue, body } of wanted) await send(queue, [{ body }]);
      return wanted.length;
    };
  }

  test('E43: before the chord has ended counts once (Celery: the chord fails)', async () => {
    await using s = stage();
    const repeat = repeating(s.cloud);
    const header = [s.add.s(1, 1), s.add.s(2, 2).set({ countdown: '1m' })];

    const result = await chord(header, s.echo.s()).delay();
    await s.cloud.advance('30s');
    expect(await repeat(1, 1)).toBe(1);
    await s.cloud.advance('10s');

    expect(s.messages).toEqual([]);
    await result.get(patience);
    await s.cloud.untilIdle();
    expect(s.messages).toEqual([[2, 4]]);
  });

  test('E43: every one of them', async () => {
    await using s = stage({}, { duplicates: 1 });

    expect(await valueFrom(chord([s.add.s(1, 1), s.add.s(2, 2)], s.tsum.s()))).toBe(6);
  });

  test('E44: after the chord has ended has no effect', async () => {
    await using s = stage();
    const repeat = repeating(s.cloud);

    await valueFrom(chord([s.add.s(1, 1), s.add.s(2, 2)], s.echo.s()));
    expect(await repeat(1, 1)).toBe(1);
    await s.cloud.untilIdle();

    expect(s.messages).toEqual([[2, 4]]);
  });
});

describe('results', () => {
  test('E45: of a group that a task returns: its tuple is stored, and it is a child', async () => {
    await using s = stage();

    const result = await s.startGroup.delay();
    const tuple = await result.get(patience);
    const [child] = await result.children();

    expect(child).toBeInstanceOf(GroupResult);
    expect((child as GroupResult).asTuple()).toEqual(tuple);
    expect(await (child as GroupResult).get(patience)).toEqual([2, 4]);
  });

  test('E45: of a chain that a task returns', async () => {
    await using s = stage();

    const result = await s.buildChainInsideTask.delay();
    const tuple = await result.get(patience);
    const [child] = await result.children();

    // The child is the first step, whose child is the second, and so on.
    expect(child).toBeInstanceOf(AsyncResult);
    expect(JSON.stringify(tuple)).toContain(`[["${child?.id}",null],null]`);
    expect(await (child as AsyncResult).get(patience)).toBe(2);
    const [second] = await (child as AsyncResult).children();
    expect(await (second as AsyncResult).get(patience)).toBe(4);
  });

  test('E47: of an unknown id are PENDING', async () => {
    await using s = stage();

    expect(await s.app.AsyncResult('nobody-knows').state()).toBe('PENDING');
  });
});

describe('E46: in eager mode', () => {
  test('error callbacks run when the task fails, and get throws', async () => {
    await using s = stage({ taskAlwaysEager: true });

    const result = await s.fail.applyAsync([], { linkError: s.errbackOldStyle.s() });

    expect(await result.state()).toBe('FAILURE');
    await expect(result.get()).rejects.toMatchObject(expectedException);
    expect(s.counts).toEqual(new Map([[result.id, 1]]));
  });

  test('taskEagerPropagates lets delay throw', async () => {
    await using s = stage({ taskAlwaysEager: true, taskEagerPropagates: true });

    await expect(s.fail.delay()).rejects.toMatchObject(expectedException);
  });

  test('what cannot be encoded is refused', async () => {
    await using s = stage({ taskAlwaysEager: true });

    await expect(s.identity.delay(() => 1)).rejects.toBeInstanceOf(EncodeError);
  });
});
