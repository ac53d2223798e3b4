import { OperationalError, silentLogger } from 'tallo';
import { acceleratedClock, startLocalCloud } from 'tallo/local';
import { expect, onTestFinished, test } from 'vitest';
import { app, calls, type Start } from '../../examples/call-options/app.ts';
import { openMoodyCloud } from '../../examples/call-options/open-moody-cloud.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

// 900 minutes pass in a minute, so that half an hour is two seconds of a busy machine. That much a start may be late; it is never early.
const speed = 900;
const lateness = 30 * minuteMs;

test('every call starts when and where it was told to', { timeout: 60_000 }, async () => {
  const clock = acceleratedClock({ speed });
  await using cloud = await startLocalCloud(app, { clock, log: silentLogger });
  const before = clock.now();
  const now = new Date(before);

  const made = await Promise.all([calls.delay(), calls.countdown(), calls.eta(now), calls.queue()]);
  const tooLate = await calls.tooLate();
  const after = clock.now();
  // Two wait longer than a queue can.
  expect(cloud.traffic.count('Scheduler.CreateSchedule')).toBe(2);
  const endOf = (result: Start) => result.get({ timeout: '6h' });
  const [delay, countdown, eta, queue] = await Promise.all([
    endOf(made[0]),
    endOf(made[1]),
    endOf(made[2]),
    endOf(made[3]),
  ]);

  expect(delay.at - before).toBeLessThan(lateness);
  expect(countdown.at).toBeGreaterThanOrEqual(before + 10 * minuteMs);
  expect(countdown.at).toBeLessThan(after + 10 * minuteMs + lateness);
  expect(eta.at).toBeGreaterThanOrEqual(before + 2 * hourMs);
  expect(eta.at).toBeLessThan(before + 2 * hourMs + lateness);
  expect(queue.at - before).toBeLessThan(hourMs);
  expect([delay, countdown, eta, queue].map((start) => start.queue)).toEqual([
    'default',
    'default',
    'default',
    'reports',
  ]);
  await expect(endOf(tooLate)).rejects.toThrow(/expired/);
  expect(await tooLate.state()).toBe('REVOKED');
});

// Slower: a pause of 10 seconds is a third of a real one, and must not drown in the machine's own delays.
async function openEndpoint(refusals: number) {
  const clock = acceleratedClock({ speed: 30 });
  const cloud = await openMoodyCloud({ clock, log: silentLogger, refusals });
  onTestFinished(() => cloud[Symbol.asyncDispose]());
  const pauses = () => {
    const { sends } = cloud.endpoint;
    return sends.slice(1).map((at, index) => (at - (sends[index] ?? 0)) / 1_000);
  };
  return { ...cloud, pauses };
}

test('an endpoint that refuses three times is asked again after 10, 40 and 70 seconds', async () => {
  const { pauses } = await openEndpoint(3);

  const result = await calls.insistent();

  expect(await result.get({ timeout: '5m' })).toMatchObject({ queue: 'default' });
  const waited = pauses();
  expect(waited).toHaveLength(3);
  // Late by less than 30 s, a second of the machine: else the pauses could be taken for each other.
  for (const [index, pause] of [10, 40, 70].entries()) {
    expect(waited[index]).toBeGreaterThanOrEqual(pause);
    expect(waited[index]).toBeLessThan(pause + 28);
  }
});

test('an endpoint that refuses four times is asked no more, and the caller is told', async () => {
  const { endpoint } = await openEndpoint(4);

  await expect(calls.insistent()).rejects.toThrow(OperationalError);

  expect(endpoint.sends).toHaveLength(4);
});
