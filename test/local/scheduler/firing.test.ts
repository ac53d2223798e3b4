import {
  type CreateScheduleCommandInput,
  DeleteScheduleCommand,
  GetScheduleCommand,
  ListSchedulesCommand,
  UpdateScheduleCommand,
  type UpdateScheduleCommandInput,
} from '@aws-sdk/client-scheduler';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { acceleratedClock } from '../../../local/accelerated-clock.ts';
import type { EndpointOptions } from '../../../local/endpoint/start-endpoint.ts';
import { aMoment, functionArn, givenEndpoint, recorder, role, schedule } from './world.ts';

const start = '2026-11-21T08:00:00Z';
const minute = 60_000;

interface Options extends EndpointOptions {
  readonly speed?: number;
  readonly from?: string;
}

/** An endpoint that is ahead of time, and a function that notes for which times it was called, and when. */
async function given({ speed = 600, from = start, ...options }: Options = {}) {
  const clock = acceleratedClock({ speed, now: new Date(from) });
  const calls: { readonly scheduledAt: number; readonly at: number }[] = [];
  const note = async (event: unknown) => {
    calls.push({ scheduledAt: Date.parse(String(event)), at: clock.now() });
  };
  const world = await givenEndpoint({ clock, functions: { note }, ...options });
  const Target = { Arn: functionArn('note'), RoleArn: role, Input: '"<aws.scheduler.scheduled-time>"' };
  return {
    ...world,
    clock,
    calls,
    times: () => calls.map(({ scheduledAt }) => new Date(scheduledAt).toISOString().slice(0, 16)),
    create: (changes: Partial<CreateScheduleCommandInput>) => world.create({ Target, ...changes }),
    update: (changes: Partial<UpdateScheduleCommandInput>) =>
      world.scheduler.send(
        new UpdateScheduleCommand({ ...schedule(), Target, ...changes } as UpdateScheduleCommandInput),
      ),
    find: () => world.scheduler.send(new GetScheduleCommand({ Name: 'schedule' })),
    called: (count: number) => vi.waitUntil(() => calls.length >= count, { timeout: 10_000, interval: 5 }),
  };
}

/** So many minutes from now, to the second. */
function at(now: number, minutes: number): string {
  return `at(${new Date(now + minutes * minute).toISOString().slice(0, 19)})`;
}

const gone = { name: 'ResourceNotFoundException' };

afterEach(() => {
  vi.restoreAllMocks();
});

describe('a rate', () => {
  test('fires at once, and then at its pace, never early', async () => {
    const { create, calls, called } = await given();

    await create({ ScheduleExpression: 'rate(1 minute)' });
    await called(5);

    const [first = expect.fail()] = calls;
    expect(calls.slice(0, 5).map(({ scheduledAt }) => scheduledAt - first.scheduledAt)).toEqual(
      [0, 1, 2, 3, 4].map((index) => index * minute),
    );
    for (const { scheduledAt, at: calledAt } of calls) expect(calledAt).toBeGreaterThanOrEqual(scheduledAt);
  });

  test('begins with StartDate and ends with EndDate', async () => {
    const { create, called, times, scheduler } = await given();

    await create({
      ScheduleExpression: 'rate(2 minutes)',
      StartDate: new Date('2026-11-21T08:10:00Z'),
      EndDate: new Date('2026-11-21T08:15:00Z'),
      ActionAfterCompletion: 'DELETE',
    });
    await called(3);
    await aMoment();

    expect(times()).toEqual(['2026-11-21T08:10', '2026-11-21T08:12', '2026-11-21T08:14']);
    expect((await scheduler.send(new ListSchedulesCommand())).Schedules).toEqual([]);
  });

  test('keeps its pace when only its target changes', async () => {
    const { create, update, called, calls } = await given();
    await create({ ScheduleExpression: 'rate(5 minutes)' });
    await called(1);

    await update({ ScheduleExpression: 'rate(5 minutes)', Description: 'changed' });
    await called(3);

    const [first = expect.fail()] = calls;
    expect(calls.map(({ scheduledAt }) => scheduledAt - first.scheduledAt)).toEqual([
      0,
      5 * minute,
      10 * minute,
    ]);
  });

  test('pauses while it is disabled, and makes up for nothing', async () => {
    const { create, update, called, calls, clock } = await given();
    await create({ ScheduleExpression: 'rate(1 minute)' });
    await called(2);

    await update({ ScheduleExpression: 'rate(1 minute)', State: 'DISABLED' });
    const before = calls.length;
    await aMoment();
    const meanwhile = calls.length;
    const resumedAt = Math.floor(clock.now() / 1_000) * 1_000;
    await update({ ScheduleExpression: 'rate(1 minute)', State: 'ENABLED' });
    await called(before + 1);

    expect(meanwhile).toBe(before);
    expect(calls[before]?.scheduledAt).toBeGreaterThanOrEqual(resumedAt);
  });
});

test('cron fires day after day on the clock on the wall, through a change of the clocks', async () => {
  const { create, called, times } = await given({ speed: 432_000, from: '2026-10-23T00:00:00Z' });

  await create({ ScheduleExpression: 'cron(0 8 * * ? *)', ScheduleExpressionTimezone: 'Europe/Madrid' });
  await called(4);

  expect(times().slice(0, 4)).toEqual([
    '2026-10-23T06:00',
    '2026-10-24T06:00',
    '2026-10-25T07:00',
    '2026-10-26T07:00',
  ]);
});

test('what is due and still late is not lost when its schedule is changed', async () => {
  const { create, update, called, calls, clock } = await given({ speed: 60, lateness: () => 55_000 });
  const ScheduleExpression = 'cron(* * * * ? *)';
  await create({ ScheduleExpression });
  const due = Math.ceil(clock.now() / minute) * minute;

  await clock.sleep(due + 5_000 - clock.now());
  await update({ ScheduleExpression, Description: 'changed' });
  await called(2);

  expect(calls.map(({ scheduledAt }) => scheduledAt).slice(0, 2)).toEqual([due, due + minute]);
});

describe('at', () => {
  test('fires once, and is gone if it is to be deleted', async () => {
    const { create, find, called, times, clock } = await given();

    await create({ ScheduleExpression: at(clock.now(), 5), ActionAfterCompletion: 'DELETE' });
    await expect(find()).resolves.toBeDefined();
    await called(1);
    await aMoment();

    expect(times()).toHaveLength(1);
    await expect(find()).rejects.toMatchObject(gone);
  });

  test('stays otherwise, and does not fire again when it is changed', async () => {
    const { create, update, find, called, calls, clock } = await given();
    const ScheduleExpression = at(clock.now(), 1);

    await create({ ScheduleExpression });
    await called(1);
    await update({ ScheduleExpression, State: 'DISABLED' });
    await update({ ScheduleExpression });
    await aMoment();

    expect(calls).toHaveLength(1);
    await expect(find()).resolves.toMatchObject({ State: 'ENABLED' });
  });

  test('moves with an update', async () => {
    const { create, update, called, calls, clock } = await given();
    const now = clock.now();
    await create({ ScheduleExpression: at(now, 10) });

    await update({ ScheduleExpression: at(now, 14) });
    await called(1);
    await aMoment();

    expect(calls.map(({ scheduledAt }) => Math.round((scheduledAt - now) / minute))).toEqual([14]);
  });

  test('that has passed fires at once', async () => {
    const { create, called, times } = await given();

    await create({ ScheduleExpression: 'at(2020-01-01T00:00:00)' });
    await called(1);

    expect(times()).toEqual(['2020-01-01T00:00']);
  });

  test('does not fire when it is disabled, or was deleted', async () => {
    const { create, scheduler, calls, clock } = await given();
    await create({ Name: 'disabled', ScheduleExpression: at(clock.now(), 6), State: 'DISABLED' });
    await create({ Name: 'deleted', ScheduleExpression: at(clock.now(), 6) });

    await scheduler.send(new DeleteScheduleCommand({ Name: 'deleted' }));
    await clock.sleep(10 * minute);
    await aMoment();

    expect(calls).toEqual([]);
  });

  test('fires somewhere in its flexible window', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.5);
    const { create, called, calls, clock } = await given();
    const ScheduleExpression = at(clock.now(), 1);

    await create({
      ScheduleExpression,
      FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 20 },
    });
    await called(1);

    const [{ scheduledAt, at: calledAt } = expect.fail()] = calls;
    expect(calledAt - scheduledAt).toBeGreaterThanOrEqual(10 * minute);
    expect(calledAt - scheduledAt).toBeLessThan(60 * minute);
  });

  test('is as late as the option says, and still says its own time', async () => {
    const { create, called, calls, clock } = await given({ lateness: () => 59_000 });
    const ScheduleExpression = at(clock.now(), 1);

    await create({ ScheduleExpression });
    await called(1);

    const [{ scheduledAt, at: calledAt } = expect.fail()] = calls;
    expect(`at(${new Date(scheduledAt).toISOString().slice(0, 19)})`).toBe(ScheduleExpression);
    expect(calledAt - scheduledAt).toBeGreaterThanOrEqual(59_000);
  });
});

test('nothing fires after the end, and what runs may end', async () => {
  const { calls, record } = recorder();
  const running = Promise.withResolvers<void>();
  const slow = async (event: unknown) => {
    await running.promise;
    await record(event);
  };
  const clock = acceleratedClock({ speed: 600 });
  const { create, endpoint } = await givenEndpoint({ clock, functions: { slow } });
  const Target = { Arn: functionArn('slow'), RoleArn: role, Input: '"<aws.scheduler.scheduled-time>"' };
  await create({ Target, ScheduleExpression: 'rate(1 minute)' });
  await aMoment();

  let hasStopped = false;
  const stopped = endpoint.stop().then(() => {
    hasStopped = true;
  });
  await aMoment();
  const hasStoppedWhileItRan = hasStopped;
  running.resolve();
  await stopped;
  const ranAtTheEnd = calls.length;
  await aMoment();

  expect(hasStoppedWhileItRan).toBe(false);
  expect(ranAtTheEnd).toBeGreaterThan(0);
  expect(calls.length).toBe(ranAtTheEnd);
});
