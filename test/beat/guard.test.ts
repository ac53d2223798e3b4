import {
  type BeatEvent,
  chord,
  crontab,
  OperationalError,
  type ScheduleLike,
  silentLogger,
  Tallo,
} from 'tallo';
import { beat } from 'tallo/functions';
import { memoryCloud } from 'tallo/testing';
import { describe, expect, test } from 'vitest';
import { MortalBeat } from './mortal-beat.ts';

const from = new Date('2026-01-01T00:00:00Z');

/** What Scheduler sends for an entry's wake. */
function wakeOf(app: Tallo, name: string, time: string): BeatEvent {
  const schedule = app.topology({ now: from }).schedules.find((one) => one.name === `beat-${name}`);
  return JSON.parse(schedule?.input.replace('<aws.scheduler.scheduled-time>', time) ?? '');
}

function define(runs: string[], schedule: ScheduleLike = crontab({ minute: 0 })): Tallo {
  const app = new Tallo('guard');
  const task = app.task('t', { bind: true }, ({ request }) => void runs.push(request.id));
  app.beat({ entry: { task, schedule } });
  return app;
}

describe('a tick that is delivered five times', () => {
  test('one after the other fires its slot once', async () => {
    const runs: string[] = [];
    const app = define(runs);
    await using cloud = memoryCloud(app, { now: new Date('2026-01-01T01:00:20Z') });
    const handle = beat(app, { log: silentLogger });

    for (let i = 0; i < 5; i += 1) await handle(wakeOf(app, 'entry', '2026-01-01T01:00:00Z'));

    expect(cloud.queues.messages.send).toBe(1);
    await cloud.untilIdle();
    expect(runs).toEqual(['beat-entry-20260101T010000Z']);
  });

  test('at once fires its slot once: those that find it at work reject, and find it done later', async () => {
    const runs: string[] = [];
    const app = define(runs);
    await using cloud = memoryCloud(app, { now: new Date('2026-01-01T01:00:20Z') });
    const handle = beat(app, { log: silentLogger });
    const wake = wakeOf(app, 'entry', '2026-01-01T01:00:00Z');

    const answers = await Promise.allSettled([1, 2, 3, 4, 5].map(() => handle(wake)));

    const refusals = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason] : []));
    expect(refusals.length).toBe(4);
    for (const refusal of refusals) expect(refusal).toBeInstanceOf(OperationalError);
    expect(String(refusals[0])).toContain("Another tick is at beat entry 'entry'");
    await cloud.advance('1m');
    await Promise.all([handle(wake)]);
    await cloud.untilIdle();
    expect(cloud.queues.messages.send).toBe(1);
    expect(runs).toEqual(['beat-entry-20260101T010000Z']);
  });

  test.for([
    ['every hour', crontab({ minute: 0 }), 3],
    ['every 45 s', '45s', 317],
  ] as const)('again and again fires each slot once: %s', async ([, schedule, slots]) => {
    const runs: string[] = [];
    const app = define(runs, schedule);
    const handle = beat(app, { log: silentLogger });
    const fiveTimes = async (event: BeatEvent) => {
      const answers = await Promise.allSettled([1, 2, 3, 4, 5].map(() => handle(event)));
      if (answers.some(({ status }) => status === 'rejected')) throw new Error('tried again by Lambda');
    };
    await using cloud = memoryCloud(app, { beat: fiveTimes, now: from });

    await cloud.advance('4h');
    await cloud.untilIdle();

    expect(new Set(runs).size).toBe(runs.length);
    const inTime = runs.filter((id) => id >= 'beat-entry-20260101T0002' && id < 'beat-entry-20260101T0400');
    expect(inTime.length).toBe(slots);
    expect(runs.length - inTime.length).toBeLessThan(5);
  });
});

describe('a function that is killed', () => {
  const hour = '2026-01-01T01:00:00Z';

  /** How many requests one wake makes. */
  async function requestsOf(schedule: ScheduleLike): Promise<number> {
    const app = define([], schedule);
    await using cloud = memoryCloud(app, { now: new Date('2026-01-01T01:00:20Z'), handler: false });
    const mortal = new MortalBeat({ define: () => define([], schedule), cloud: () => cloud });
    await mortal.handler(wakeOf(app, 'entry', hour));
    return mortal.requests;
  }

  test.for([false, true])(
    'at any of its requests still fires the slot, once (carried out: %s)',
    async (isCarriedOut) => {
      const schedule = crontab({ minute: 0 });
      const requests = await requestsOf(schedule);
      expect(requests).toBe(3);

      for (let atRequest = 0; atRequest < requests; atRequest += 1) {
        const runs: string[] = [];
        const app = define(runs, schedule);
        const mortal = new MortalBeat({
          define: () => define([], schedule),
          cloud: () => cloud,
          deaths: [{ atRequest, isCarriedOut }],
        });
        await using cloud = memoryCloud(app, { beat: mortal.handler, now: from });

        await cloud.advance('90m');
        await cloud.untilIdle();

        expect(runs, `killed at request ${atRequest}`).toEqual(['beat-entry-20260101T010000Z']);
      }
    },
  );

  test('is followed a minute later by one that takes over', async () => {
    const app = define([]);
    const mortal = new MortalBeat({
      define: () => define([]),
      cloud: () => cloud,
      deaths: [{ atRequest: 1, isCarriedOut: false }],
    });
    await using cloud = memoryCloud(app, { handler: false, now: new Date('2026-01-01T01:00:20Z') });
    const wake = wakeOf(app, 'entry', hour);

    await expect(mortal.handler(wake)).rejects.toThrow('lost');
    await cloud.advance('44s');
    await expect(mortal.handler(wake)).rejects.toThrow(OperationalError);
    await cloud.advance('2s');
    await mortal.handler(wake);

    expect(cloud.queues.messages.send).toBe(1);
  });

  test('in the middle of many slots loses none and repeats none', async () => {
    for (const atRequest of [1, 2, 3, 4, 5, 8]) {
      const runs: string[] = [];
      const app = define(runs, '5s');
      const mortal = new MortalBeat({
        define: () => define([], '5s'),
        cloud: () => cloud,
        deaths: [{ atRequest, isCarriedOut: true }],
      });
      await using cloud = memoryCloud(app, { beat: mortal.handler, now: from });

      await cloud.advance('10m');
      await cloud.untilIdle();

      // From the minute after the first tick on, to what the last one has sent ahead.
      const first = Date.parse('2026-01-01T00:02:00Z');
      const expected = Array.from({ length: runs.length }, (_, i) => idAt(first + i * 5_000));
      expect(runs.toSorted(), `killed at request ${atRequest}`).toEqual(expected);
      expect(runs.length).toBeGreaterThan(90);
    }
  });

  test('while it starts a workflow is followed by one that starts the same', async () => {
    const make = (runs: string[]) => {
      const app = new Tallo('guard');
      const part = app.task('part', { bind: true }, ({ request }, x: number) => {
        runs.push(`part ${request.groupIndex}`);
        return x;
      });
      const sum = app.task('sum', (all: readonly number[]) => {
        runs.push('sum');
        return all.reduce((a, b) => a + b, 0);
      });
      const header = Array.from({ length: 25 }, (_, x) => part.s(x));
      app.beat({ entry: { task: chord(header, sum.s()), schedule: crontab({ minute: 0 }) } });
      return app;
    };
    for (let atRequest = 0; atRequest < 5; atRequest += 1) {
      const runs: string[] = [];
      const app = make(runs);
      const mortal = new MortalBeat({
        define: () => make([]),
        cloud: () => cloud,
        deaths: [{ atRequest, isCarriedOut: true }],
      });
      await using cloud = memoryCloud(app, { beat: mortal.handler, now: from });

      await cloud.advance('90m');
      await cloud.untilIdle();

      expect(runs.length, `killed at request ${atRequest}`).toBe(26);
      expect(await app.AsyncResult('beat-entry-20260101T010000Z').get()).toBe(300);
    }
  });
});

function idAt(slot: number): string {
  return `beat-entry-${new Date(slot).toISOString().replace(/[-:]|\.000/g, '')}`;
}

test('what cannot be sent is sent by the next try, whose lease it does not hold up', async () => {
  const app = define([]);
  await using cloud = memoryCloud(app, { handler: false, now: new Date('2026-01-01T01:00:20Z') });
  const handle = beat(app, { log: silentLogger });
  const wake = wakeOf(app, 'entry', '2026-01-01T01:00:00Z');
  const send = cloud.queues.send.bind(cloud.queues);
  cloud.queues.send = () => Promise.reject(new Error('no network'));
  const failing = expect(handle(wake)).rejects.toThrow(OperationalError);
  await cloud.advance('30s');
  await failing;

  cloud.queues.send = send;
  await handle(wake);

  expect(cloud.queues.messages.send).toBe(1);
});

test('a wake costs two writes besides what it sends', async () => {
  const app = define([], '30s');
  await using cloud = memoryCloud(app, { handler: false, now: new Date('2026-01-01T01:00:20Z') });

  await beat(app, { log: silentLogger })(wakeOf(app, 'entry', '2026-01-01T01:00:00Z'));

  expect(cloud.table.requests).toEqual({ read: 0, put: 0, putAll: 0, change: 2, delete: 0 });
  expect(cloud.queues.requests.send).toBe(1);
});

test('an event that is no wake is refused, and one of an entry that is gone does nothing', async () => {
  const app = define([]);
  await using cloud = memoryCloud(app, { handler: false });
  const handle = beat(app, { log: silentLogger });

  await expect(handle({} as never)).rejects.toThrow(/Expected what a schedule of beat says/);
  await expect(handle({ ...wakeOf(app, 'entry', 'x') })).rejects.toThrow(/ISO 8601, got 'x'/);
  await handle({ ...wakeOf(app, 'entry', '2026-01-01T01:00:00Z'), name: 'gone' });

  expect(cloud.queues.messages.send).toBe(0);
});
