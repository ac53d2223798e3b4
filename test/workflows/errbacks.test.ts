import { chord, Tallo } from 'tallo';
import { memoryCloud } from 'tallo/testing';
import { describe, expect, test } from 'vitest';
import { newEnvelope } from '../../sdk/call/new-envelope.ts';
import { toMessage } from '../../sdk/call/to-message.ts';
import { taskSignature } from '../../sdk/wire/signature.ts';

/** An app whose error callback notes the arguments of what failed, and the error. */
function scene() {
  const app = new Tallo('errbacks', { resultExtended: true });
  const cloud = memoryCloud(app);
  const seen: unknown[] = [];
  const errback = app.task(
    'noting',
    ({ args }: { args: unknown[] }, error: Error, _traceback: string | null) => {
      seen.push([args, error.name]);
    },
  );
  const one = app.task('one', () => 1);
  const broken = app.task('broken', (_results: readonly number[]): number => {
    throw new RangeError('no');
  });
  return { app, cloud, seen, errback, one, broken, [Symbol.asyncDispose]: () => cloud.stop() };
}

describe('an error callback that runs where the task failed', () => {
  test('is told of the results that a body was given', async () => {
    await using it = scene();
    const errback = it.app.signature(it.errback.name);

    const result = await chord([it.one.s(), it.one.s()], it.broken.s().onError(errback)).delay();

    await expect(result.get({ timeout: '1h' })).rejects.toThrow(RangeError);
    await it.cloud.untilIdle();
    expect(it.seen).toEqual([[[[1, 1]], 'RangeError']]);
  });

  test('is called also where nobody can read the arguments', async () => {
    await using it = scene();
    const wire = { args: [{ __type__: 'nonsense', __value__: 1 }], kwargs: {} };
    const [queue] = it.app.topology().queues;
    if (!queue) throw new Error('an app has a queue');
    const call = { task: 'one', wire, options: {}, queue, definition: undefined };
    const envelope = newEnvelope(call, { now: it.cloud.clock.now(), newId: () => 'a' });
    const embed = { ...envelope.embed, errbacks: [taskSignature(it.errback.name, {})] };

    await it.cloud.queues.send(queue.queueName, [
      toMessage({ ...envelope, embed }, queue, { at: null, now: 0 }),
    ]);
    await it.cloud.untilIdle();

    expect(it.seen).toEqual([[[], 'DecodeError']]);
    expect(it.cloud.deadLetters()).toHaveLength(1);
  });
});

test('the arguments of a body are shown as a text beside its result: they are references', async () => {
  await using it = scene();
  const sum = it.app.task('sum', (numbers: readonly number[]) => numbers.length);

  const result = await chord([it.one.s(), it.one.s()], sum.s()).delay();

  expect(await result.get({ timeout: '1h' })).toBe(2);
  expect(await result.args()).toEqual([
    expect.stringMatching(/^<the results of the 2 members of group .{36}>$/),
  ]);
});
