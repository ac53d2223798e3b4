import { chain, Reject } from 'tallo';
import { describe, expect, test } from 'vitest';
import { type Anything, world } from '../conformance/world.ts';
import { redelivered } from './disturbances.ts';

/** A chain whose first step is buried, until somebody has mended what was broken. */
async function buried() {
  const it = world();
  let isMended = false;
  const runs: string[] = [];
  const broken = it.app.task('broken', (x: Anything): Anything => {
    if (!isMended) throw new Reject('no');
    runs.push('broken');
    return x;
  });
  const next = it.app.task('next', (x: Anything): Anything => {
    runs.push('next');
    return x;
  });
  const { id } = await chain(broken.s(5), next.s(), it.identity.s()).delay();
  await it.cloud.untilIdle();
  const [letter] = it.cloud.deadLetters();
  if (!letter) throw new Error('it was not buried');
  const sendBack = async () => {
    isMended = true;
    await it.cloud.advance('10m');
    it.cloud.queues.named('conformance-default').add(letter);
    await it.cloud.untilIdle();
  };
  return { ...it, result: it.app.AsyncResult(id), id, runs, sendBack };
}

describe('a step that is sent back from the dead-letter queue', () => {
  test('carries on with its chain, which had ended', async () => {
    await using it = await buried();
    expect(await it.result.state()).toBe('FAILURE');

    await it.sendBack();

    expect(await it.app.AsyncResult(it.id).get({ timeout: 1 })).toBe(5);
    expect(it.runs).toEqual(['broken', 'next']);
  });

  test('does so once, also if its acknowledgement is lost', async () => {
    await using it = await buried();
    redelivered(0)(it.cloud);

    await it.sendBack();

    expect(await it.app.AsyncResult(it.id).get({ timeout: 1 })).toBe(5);
    expect(it.runs).toEqual(['broken', 'next']);
  });
});

describe('a step that is sent back, and whose worker cannot hand it on', () => {
  test('carries on when it comes again: what follows had ended in its earlier life only', async () => {
    await using it = await buried();
    const send = it.cloud.queues.send.bind(it.cloud.queues);
    const since = it.cloud.clock.now();
    it.cloud.queues.send = (name, messages) => {
      const isEarly = it.cloud.clock.now() - since < 660_000;
      return isEarly ? Promise.reject(new Error('throttled')) : send(name, messages);
    };

    await it.sendBack();

    expect(await it.app.AsyncResult(it.id).get({ timeout: 1 })).toBe(5);
    expect(it.runs).toEqual(['broken', 'next']);
  });
});

describe('a step whose acknowledgement is lost', () => {
  test('starts nothing again that has ended: a success stays one', async () => {
    await using it = world();
    redelivered(0)(it.cloud);
    let runs = 0;
    const once = it.app.task('once', (x: Anything): Anything => {
      runs += 1;
      if (runs > 1) throw new RangeError('a second run');
      return x;
    });

    const result = await chain(it.identity.s(1), once.s(), it.identity.s()).delay();
    const value = await result.get({ timeout: '1h' });
    await it.cloud.untilIdle();

    expect([value, runs]).toEqual([1, 1]);
    expect(await it.app.AsyncResult(result.id).get({ timeout: 1 })).toBe(1);
  });
});
