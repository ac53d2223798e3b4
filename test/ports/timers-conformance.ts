import { describe, expect, test } from 'vitest';
import type { Timer } from '../../sdk/ports/timers.ts';
import type { CloudFixture, MakeCloud } from './fixture.ts';

/** Far enough away for a test to look before it comes. */
const soonMs = 600;

/** Tests run side by side, since all of them have to wait where time is real. */
export function timersConformance(name: string, makeCloud: MakeCloud): void {
  describe.concurrent(`timers: ${name}`, () => {
    firing(makeCloud);
    finding(makeCloud);
    cancelling(makeCloud);
  });
}

function soon({ cloud, queueName }: CloudFixture, body = 'now'): Timer {
  return { id: 'timer-1', at: cloud.clock.now() + soonMs, queueName, message: { body } };
}

function setSoon(fixture: CloudFixture, body?: string) {
  return fixture.cloud.timers.set(soon(fixture, body));
}

/** A timer that is found is exact to the second. */
function inWholeSeconds(timer: Timer): Timer {
  return { ...timer, at: Math.ceil(timer.at / 1_000) * 1_000 };
}

function untilFired({ advance, timersLateByMs = 1_200 }: CloudFixture, alreadyPassedMs = 0) {
  return advance(soonMs + timersLateByMs + 1_000 - alreadyPassedMs);
}

async function received({ cloud, queueName }: CloudFixture) {
  const messages = await cloud.queues.receive(queueName, { max: 10, waitSeconds: 0 });
  return messages.map(({ body }) => body);
}

function firing(makeCloud: MakeCloud): void {
  test('sends its message once, and is gone', async () => {
    const fixture = await makeCloud();

    expect(await setSoon(fixture, '{"é":"🌿"}')).toBe(true);

    await untilFired(fixture);
    expect(await received(fixture)).toEqual(['{"é":"🌿"}']);
    expect(await fixture.cloud.timers.find('timer-1')).toBeUndefined();
    expect(await fixture.cloud.timers.cancel('timer-1')).toBe(false);
  });

  test('is never early', async () => {
    const fixture = await makeCloud();
    const { cloud, advance } = fixture;
    const timer = soon(fixture);
    await cloud.timers.set(timer);

    await advance(soonMs / 2);

    expect(await received(fixture)).toEqual([]);
    await untilFired(fixture, soonMs / 2);
    const [message] = await cloud.queues.receive(fixture.queueName, { max: 1, waitSeconds: 0 });
    expect(message?.sentAt).toBeGreaterThanOrEqual(timer.at);
  });

  test('says no when there is one of that name, and changes nothing', async () => {
    const fixture = await makeCloud();
    await setSoon(fixture, 'first');

    expect(await setSoon(fixture, 'second')).toBe(false);
    expect(await setSoon(fixture, 'first')).toBe(false);

    await untilFired(fixture);
    expect(await received(fixture)).toEqual(['first']);
  });

  test('can be set again once it has fired', async () => {
    const fixture = await makeCloud();
    await setSoon(fixture, 'first');
    await untilFired(fixture);

    expect(await setSoon(fixture, 'second')).toBe(true);

    await untilFired(fixture);
    expect((await received(fixture)).toSorted()).toEqual(['first', 'second']);
  });

  test('takes a body of 240 kB', async () => {
    const fixture = await makeCloud();
    const body = JSON.stringify('é'.repeat(119_999));

    await setSoon(fixture, body);

    await untilFired(fixture);
    expect(await received(fixture)).toEqual([body]);
  });

  test('rejects a queue that does not exist', async () => {
    const { cloud } = await makeCloud();
    const timer = {
      id: 'timer-1',
      at: cloud.clock.now(),
      queueName: 'no-such-queue',
      message: { body: 'x' },
    };

    await expect(cloud.timers.set(timer)).rejects.toThrow(/no-such-queue/);
  });

  test.each(['', 'x'.repeat(65), 'group:0', 'with space', 'é'])('rejects the name %j', async (id) => {
    const fixture = await makeCloud();

    await expect(fixture.cloud.timers.set({ ...soon(fixture), id })).rejects.toThrow();
  });
}

/** Words that Scheduler replaces, and what looks nearly like them. */
const strange = [
  '<aws.scheduler.execution-id>',
  '<aws.scheduler.scheduled-time> <aws.scheduler.attempt-number>',
  '\\<aws.scheduler.schedule-arn>',
  '\\u003caws.scheduler.execution-id>',
  '\\\\u003caws.scheduler.execution-id>',
  '<aws.scheduler.',
  '"<aws.scheduler.execution-id>',
];

function finding(makeCloud: MakeCloud): void {
  test('is found as it was set', async () => {
    const fixture = await makeCloud();
    const timer = soon(fixture, '{"é":"🌿"}');
    await fixture.cloud.timers.set(timer);

    expect(await fixture.cloud.timers.find('timer-1')).toEqual(inWholeSeconds(timer));
    expect(await fixture.cloud.timers.find('timer-2')).toBeUndefined();
  });

  test('is found however long its name, and however far off it is', async () => {
    const fixture = await makeCloud();
    const id = `A-z_0.${'x'.repeat(57)}`;
    const timer = { ...soon(fixture), id, at: Date.UTC(2099, 11, 31, 23, 59, 59) };

    expect(await fixture.cloud.timers.set(timer)).toBe(true);

    expect(await fixture.cloud.timers.find(id)).toEqual(timer);
    await fixture.cloud.timers.cancel(id);
  });

  test.each(strange)('keeps what stands in a text: %s', async (text) => {
    const fixture = await makeCloud();
    // As a call travels: JSON inside JSON.
    const body = JSON.stringify({ text, body: JSON.stringify([text]) });
    await setSoon(fixture, body);

    expect((await fixture.cloud.timers.find('timer-1'))?.message.body).toBe(body);
    await untilFired(fixture);
    const [message = ''] = await received(fixture);
    expect(JSON.parse(message)).toEqual(JSON.parse(body));
  });
}

function cancelling(makeCloud: MakeCloud): void {
  test('sends nothing once it is cancelled', async () => {
    const fixture = await makeCloud();
    await setSoon(fixture);

    expect(await fixture.cloud.timers.cancel('timer-1')).toBe(true);

    expect(await fixture.cloud.timers.find('timer-1')).toBeUndefined();
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

    expect(await setSoon(fixture, 'second')).toBe(true);

    await untilFired(fixture);
    expect(await received(fixture)).toEqual(['second']);
  });
}
