import { describe, expect, test } from 'vitest';
import type { CloudFixture, MakeCloud } from './fixture.ts';

/** Far enough away for a test to look before it comes. */
const soonMs = 600;

/** Tests run side by side, since all of them have to wait where time is real. */
export function timersConformance(name: string, makeCloud: MakeCloud): void {
  describe.concurrent(`timers: ${name}`, () => {
    firing(makeCloud);
    cancelling(makeCloud);
  });
}

function setSoon({ cloud, queueName }: CloudFixture, body = 'now') {
  return cloud.timers.set({ id: 'timer-1', at: cloud.clock.now() + soonMs, queueName, message: { body } });
}

function untilFired({ advance, timersLateByMs = 1_200 }: CloudFixture, alreadyPassedMs = 0) {
  return advance(soonMs + timersLateByMs - alreadyPassedMs);
}

async function received({ cloud, queueName }: CloudFixture) {
  const messages = await cloud.queues.receive(queueName, { max: 10, waitSeconds: 0 });
  return messages.map(({ body }) => body);
}

function firing(makeCloud: MakeCloud): void {
  test('sends its message once, and is gone', async () => {
    const fixture = await makeCloud();

    await setSoon(fixture, '{"é":"🌿"}');

    await untilFired(fixture);
    expect(await received(fixture)).toEqual(['{"é":"🌿"}']);
    expect(await fixture.cloud.timers.cancel('timer-1')).toBe(false);
  });

  test('is never early', async () => {
    const fixture = await makeCloud();
    const { cloud, advance } = fixture;
    const at = cloud.clock.now() + soonMs;
    await cloud.timers.set({ id: 'timer-1', at, queueName: fixture.queueName, message: { body: 'now' } });

    await advance(soonMs / 2);

    expect(await received(fixture)).toEqual([]);
    await untilFired(fixture, soonMs / 2);
    const [message] = await cloud.queues.receive(fixture.queueName, { max: 1, waitSeconds: 0 });
    expect(message?.sentAt).toBeGreaterThanOrEqual(at);
  });

  test('changes nothing when it is set again', async () => {
    const fixture = await makeCloud();
    await setSoon(fixture, 'first');

    await setSoon(fixture, 'second');

    await untilFired(fixture);
    expect(await received(fixture)).toEqual(['first']);
  });

  test('rejects a queue that does not exist', async () => {
    const { cloud } = await makeCloud();

    const set = cloud.timers.set({
      id: 'timer-1',
      at: cloud.clock.now(),
      queueName: 'no-such-queue',
      message: { body: 'x' },
    });

    await expect(set).rejects.toThrow(/no-such-queue/);
  });
}

function cancelling(makeCloud: MakeCloud): void {
  test('sends nothing once it is cancelled', async () => {
    const fixture = await makeCloud();
    await setSoon(fixture);

    const wasSet = await fixture.cloud.timers.cancel('timer-1');

    expect(wasSet).toBe(true);
    await untilFired(fixture);
    expect(await received(fixture)).toEqual([]);
  });

  test('says so when there is nothing to cancel', async () => {
    const fixture = await makeCloud();
    await setSoon(fixture);
    await fixture.cloud.timers.cancel('timer-1');

    expect(await fixture.cloud.timers.cancel('timer-1')).toBe(false);
    expect(await fixture.cloud.timers.cancel('timer-2')).toBe(false);
  });

  test('can be set again after it was cancelled', async () => {
    const fixture = await makeCloud();
    await setSoon(fixture, 'first');
    await fixture.cloud.timers.cancel('timer-1');

    await setSoon(fixture, 'second');

    await untilFired(fixture);
    expect(await received(fixture)).toEqual(['second']);
  });
}
