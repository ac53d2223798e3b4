import { ConfigurationError, chain, chord, group, TaskError, TaskRevokedError } from 'tallo';
import { describe, expect, test } from 'vitest';
import { readEnvelope } from '../../sdk/wire/read-envelope.ts';
import { patience, stage, type Value, valueFrom } from './stage.ts';
import { expectedException, times } from './world.ts';

const past = new Date('2020-01-01T00:00:00Z');

const expired = new TaskRevokedError('expired');

/** The states of these results. */
const statesOf = (...results: Value[]) => Promise.all(results.map((result) => result.state()));

describe('a call that has expired', () => {
  test('E1: in a chain: later steps are revoked as well (Celery leaves them PENDING)', async () => {
    await using s = stage();
    const steps = chain(s.add.s(1, 1), s.add.s(2).set({ expires: past }), s.add.s(3));

    const result: Value = await steps.delay();

    await expect(result.get(patience)).rejects.toEqual(expired);
    expect(await statesOf(result.parent.parent, result.parent, result)).toEqual([
      'SUCCESS',
      'REVOKED',
      'REVOKED',
    ]);
    await expect(s.app.AsyncResult(result.id).get(patience)).rejects.toEqual(expired);
  });

  test('E2: in the header of a chord', async () => {
    await using s = stage();
    const header = [s.add.s(1, 1), s.add.s(2, 2).set({ expires: past })];

    const result: Value = await chord(header, s.tsum.s().onError(s.errbackOldStyle.s())).delay();
    await s.cloud.untilIdle();

    await expect(result.get(patience)).rejects.toEqual(expired);
    await expect(s.app.AsyncResult(result.id).get(patience)).rejects.toMatchObject({
      name: 'ChordError',
      message: "TaskRevokedError('expired')",
    });
    expect(s.counts).toEqual(new Map([[result.id, 1]]));
  });

  test('E3: its error callback is not called', async () => {
    await using s = stage();

    const result = await s.add.applyAsync([1, 1], { expires: past, linkError: s.errbackOldStyle.s() });
    await s.cloud.untilIdle();

    expect(await result.state()).toBe('REVOKED');
    expect(s.counts.size).toBe(0);
  });
});

describe('callbacks', () => {
  test('E14: of a group run once, after its first member, and without its result', async () => {
    await using s = stage();
    const both = group(s.add.s(1, 1), s.add.s(2, 2)).link(s.echo.s(9));

    expect(await valueFrom(both)).toEqual([2, 4]);
    await s.cloud.untilIdle();

    expect(s.messages).toEqual([9]);
  });

  test('E15: are refused with the call of a group', async () => {
    await using s = stage();

    const call = group(s.add.s(1, 1)).applyAsync([], { link: s.echo.s() });

    await expect(call).rejects.toBeInstanceOf(ConfigurationError);
    await expect(call).rejects.toThrow('Cannot add link to a group: use a chord');
  });

  test('E19: of a chord get the result of its body', async () => {
    await using s = stage();

    expect(await valueFrom(chord([s.add.s(1, 1)], s.tsum.s()).link(s.echo.s()))).toBe(2);
    await s.cloud.untilIdle();

    expect(s.messages).toEqual([2]);
  });
});

describe('error callbacks', () => {
  /** One of the new style, and with what it was called. */
  function newStyle({ app }: Pick<ReturnType<typeof stage>, 'app'>) {
    const calls: { id: string; error: Value; traceback: Value }[] = [];
    const errback = app.task('new_style', ({ id }: Value, error: Value, traceback: Value): Value => {
      calls.push({ id, error, traceback });
    });
    return { calls, errback: errback.s() };
  }

  test('E18: of the new style are called in the same worker, with the error', async () => {
    await using s = stage();
    const { calls, errback } = newStyle(s);

    const result = await s.fail
      .s()
      .onError(errback as Value)
      .delay();
    await expect(result.get(patience)).rejects.toMatchObject(expectedException);
    await s.cloud.untilIdle();

    expect(calls).toEqual([{ id: result.id, error: expect.any(TaskError), traceback: expect.any(String) }]);
    expect(calls[0]?.error).toMatchObject(expectedException);
    expect(s.cloud.queues.messages.send).toBe(1);
  });

  test('E20: of a body that fails', async () => {
    await using s = stage();
    const { calls, errback } = newStyle(s);
    const boom = s.app.task('boom', (value: Value): Value => {
      throw new TaskError('ValueError', ['boom', value]);
    });

    const result = await chord([s.add.s(1, 1)], boom.s().onError(errback as Value)).delay();
    await expect(result.get(patience)).rejects.toMatchObject({ name: 'ValueError', args: ['boom', [2]] });
    await s.cloud.untilIdle();

    expect(calls).toMatchObject([{ id: result.id, error: { name: 'ValueError', args: ['boom', [2]] } }]);
  });

  test('E21: of a chord whose header fails get a ChordError', async () => {
    await using s = stage();
    const { calls, errback } = newStyle(s);
    const header = [s.fail.s(), s.add.s(1, 1)];

    const result: Value = await chord(header, s.tsum.s().onError(errback as Value)).delay();
    await expect(result.get(patience)).rejects.toMatchObject(expectedException);
    await s.cloud.untilIdle();

    const message = "ExpectedException('Task expected to fail')";
    expect(calls).toMatchObject([{ id: result.id, error: { name: 'ChordError', message }, traceback: null }]);
    expect(await statesOf(...result.parent.results)).toEqual(['FAILURE', 'SUCCESS']);
  });

  test('E32: that no worker knows are sent with the id of what failed', async () => {
    await using s = stage();

    const result = await s.fail.s().linkError(s.app.signature('nobody.knows')).delay();
    await expect(result.get(patience)).rejects.toMatchObject(expectedException);
    await s.cloud.untilIdle();

    const buried = s.cloud.deadLetters().map(({ body }) => readEnvelope(body));
    expect(buried).toMatchObject([{ task: 'nobody.knows', args: [result.id], parentId: result.id }]);
  });
});

describe('what follows a failure', () => {
  test('E22: members of a body that is a group get the error itself, and do not run', async () => {
    await using s = stage();
    const seen: Value[] = [];
    const sees = s.app.task('sees', (value: Value): Value => seen.push(value));

    const result: Value = await chord([s.fail.s(), s.add.s(1, 1)], group(sees.s(), s.tsum.s())).delay();
    await s.cloud.untilIdle();

    for (const { id } of result.results) {
      await expect(s.app.AsyncResult(id).get(patience)).rejects.toMatchObject(expectedException);
    }
    expect(await statesOf(...result.results)).toEqual(['FAILURE', 'FAILURE']);
    expect(seen).toEqual([]);
  });

  test('E22: all steps of a body that is a chain fail (Celery leaves all but the last PENDING)', async () => {
    await using s = stage();

    const body = chain(s.echo.s(), s.identity.s(), s.identity.s());
    const result: Value = await chord([s.fail.s(), s.add.s(1, 1)], body).delay();
    await s.cloud.untilIdle();

    expect(await statesOf(result.parent.parent, result.parent, result)).toEqual(times(3, () => 'FAILURE'));
    expect(s.messages).toEqual([]);
  });

  test('E24: members of a group behind it fail as well (Celery leaves them PENDING)', async () => {
    await using s = stage();

    const result: Value = await chain(s.fail.s(), group(s.add.s(1), s.add.s(2))).delay();

    await expect(result.get(patience)).rejects.toMatchObject(expectedException);
    expect(await statesOf(...result.results)).toEqual(['FAILURE', 'FAILURE']);
    for (const { id } of result.results) {
      await expect(s.app.AsyncResult(id).get(patience)).rejects.toMatchObject(expectedException);
    }
  });
});
