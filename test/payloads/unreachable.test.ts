import { Reject } from 'tallo';
import { describe, expect, test } from 'vitest';
import { text, tooLarge, world } from './world.ts';

describe('while the bucket cannot be reached', () => {
  test('a large message comes again, and its batch mates run', async () => {
    await using it = world();
    const get = it.cloud.payloads.get.bind(it.cloud.payloads);
    it.cloud.payloads.get = () => Promise.reject(new Error('down'));
    const [large, ...mates] = await Promise.all(
      [text(tooLarge), 'a', 'bc'].map((given) => it.measure.delay(given)),
    );
    expect(await Promise.all(mates.map((mate) => mate.get()))).toEqual([1, 2]);
    expect(it.lines).toContainEqual({
      message: 'payload not fetched, the message will be delivered again',
      messageId: expect.any(String),
      error: new Error('down'),
    });

    it.cloud.payloads.get = get;

    expect(await large?.get()).toBe(tooLarge);
    expect(it.runs).toHaveLength(3);
    expect(it.cloud.deadLetters()).toEqual([]);
  });

  test('nobody waits for it but the message that it belongs to', async () => {
    await using it = world();
    const get = it.cloud.payloads.get.bind(it.cloud.payloads);
    it.cloud.payloads.get = async (key) => {
      await it.cloud.clock.sleep(20_000);
      return get(key);
    };
    const start = it.cloud.clock.now();
    const [large, mate] = await Promise.all([text(tooLarge), 'a'].map((given) => it.measure.delay(given)));

    await mate?.get({ interval: '1ms' });
    expect(it.cloud.clock.now() - start).toBeLessThan(1_000);
    await large?.get();
    expect(it.cloud.clock.now() - start).toBeGreaterThanOrEqual(20_000);
  });
});

test('a dead letter can be sent back: its payload is still there', async () => {
  await using it = world();
  const state = { isRepaired: false };
  const broken = it.app.task('broken', (given: string) => {
    if (!state.isRepaired) throw new Reject('not yet');
    return given.length;
  });
  const result = await broken.delay(text(tooLarge));
  await it.cloud.untilIdle();
  const [letter] = it.cloud.deadLetters();
  expect(letter?.attributes?.['tallo-reason']).toBe('rejected');
  state.isRepaired = true;

  await it.cloud.advance('13d');
  await it.cloud.queues.send('large-default', [{ body: letter?.body ?? '' }]);
  await it.cloud.untilIdle();

  expect(await it.app.AsyncResult(result.id).get()).toBe(tooLarge);
});
