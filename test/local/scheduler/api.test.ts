import {
  DeleteScheduleCommand,
  GetScheduleCommand,
  ListSchedulesCommand,
  UpdateScheduleCommand,
  type UpdateScheduleCommandInput,
} from '@aws-sdk/client-scheduler';
import { describe, expect, test } from 'vitest';
import { acceleratedClock } from '../../../local/accelerated-clock.ts';
import { functionArn, givenEndpoint, queueArn, role, schedule } from './world.ts';

const missing = { name: 'ResourceNotFoundException', $metadata: { httpStatusCode: 404 } };
const conflicting = { name: 'ConflictException', $metadata: { httpStatusCode: 409 } };
const invalid = { name: 'ValidationException', $metadata: { httpStatusCode: 400 } };
const target = { Arn: queueArn, RoleArn: role, Input: 'hello' };
const soon = () => new Date(Math.ceil(Date.now() / 1_000) * 1_000 + 3_600_000);

describe('a schedule', () => {
  test('is given back as it was created', async () => {
    const { scheduler, create } = await givenEndpoint();
    const given = schedule({
      ScheduleExpression: 'cron(0 8 ? * MON-FRI *)',
      ScheduleExpressionTimezone: 'Europe/Madrid',
      FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 15 },
      StartDate: soon(),
      EndDate: new Date('2099-01-01T00:00:00Z'),
      State: 'DISABLED',
      Description: 'every morning',
      KmsKeyArn: 'arn:aws:kms:us-east-1:000000000000:key/1234',
      ActionAfterCompletion: 'DELETE',
      Target: {
        ...target,
        DeadLetterConfig: { Arn: queueArn },
        RetryPolicy: { MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 0 },
        SqsParameters: { MessageGroupId: 'a' },
      },
    });

    const { ScheduleArn } = await create(given);
    const found = await scheduler.send(new GetScheduleCommand({ Name: 'schedule' }));

    expect(ScheduleArn).toBe('arn:aws:scheduler:us-east-1:000000000000:schedule/default/schedule');
    expect(found).toMatchObject({ ...given, Arn: ScheduleArn, GroupName: 'default' });
    expect(found.CreationDate).toEqual(found.LastModificationDate);
  });

  test('has the defaults of AWS where nothing was said', async () => {
    const { scheduler, create } = await givenEndpoint();
    await create();

    const found = await scheduler.send(new GetScheduleCommand({ Name: 'schedule' }));

    expect(found).toMatchObject({
      State: 'ENABLED',
      ScheduleExpressionTimezone: 'UTC',
      ActionAfterCompletion: 'NONE',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: { RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 } },
    });
    expect(found.Description).toBeUndefined();
  });

  test('is replaced as a whole by an update', async () => {
    const clock = acceleratedClock({ speed: 1_000 });
    const { scheduler, create } = await givenEndpoint({ clock });
    await create({ Description: 'first', State: 'DISABLED', EndDate: new Date('2099-01-01T00:00:00Z') });
    await clock.sleep(10_000);

    const changed = schedule({ ScheduleExpression: 'rate(2 hours)' }) as UpdateScheduleCommandInput;
    await scheduler.send(new UpdateScheduleCommand(changed));

    const found = await scheduler.send(new GetScheduleCommand({ Name: 'schedule' }));
    expect(found).toMatchObject({ ScheduleExpression: 'rate(2 hours)', State: 'ENABLED' });
    expect([found.Description, found.EndDate]).toEqual([undefined, undefined]);
    expect(Number(found.LastModificationDate) - Number(found.CreationDate)).toBeGreaterThanOrEqual(10_000);
  });

  test('is gone when it was deleted', async () => {
    const { scheduler, create } = await givenEndpoint();
    await create();

    await scheduler.send(new DeleteScheduleCommand({ Name: 'schedule' }));

    await expect(scheduler.send(new GetScheduleCommand({ Name: 'schedule' }))).rejects.toMatchObject(missing);
    await expect(scheduler.send(new DeleteScheduleCommand({ Name: 'schedule' }))).rejects.toMatchObject(
      missing,
    );
    const update = schedule() as UpdateScheduleCommandInput;
    await expect(scheduler.send(new UpdateScheduleCommand(update))).rejects.toMatchObject(missing);
    await expect(create()).resolves.toBeDefined();
  });

  test('is created once: a second of its name is refused, the same request again is not', async () => {
    const { create } = await givenEndpoint();
    const first = await create({ ClientToken: 'token' });

    await expect(create({ ClientToken: 'token' })).resolves.toMatchObject({ ScheduleArn: first.ScheduleArn });
    await expect(create({ ClientToken: 'other' })).rejects.toMatchObject(conflicting);
    await expect(create({ ClientToken: 'token', Description: 'x' })).rejects.toMatchObject(conflicting);
  });
});

describe('a list', () => {
  const list = async (changes: object = {}) => {
    const world = await givenEndpoint();
    for (const Name of ['b-2', 'a', 'b-1']) await world.create({ Name });
    await world.create({ Name: 'b-3', State: 'DISABLED' });
    const { Schedules = [] } = await world.scheduler.send(new ListSchedulesCommand(changes));
    return Schedules;
  };

  test('has all schedules in order, in short', async () => {
    const schedules = await list();

    expect(schedules.map(({ Name }) => Name)).toEqual(['a', 'b-1', 'b-2', 'b-3']);
    expect(schedules[3]).toEqual({
      Arn: 'arn:aws:scheduler:us-east-1:000000000000:schedule/default/b-3',
      Name: 'b-3',
      GroupName: 'default',
      State: 'DISABLED',
      CreationDate: expect.any(Date),
      LastModificationDate: expect.any(Date),
      Target: { Arn: queueArn },
    });
  });

  test.for([
    [{ NamePrefix: 'b-' }, ['b-1', 'b-2', 'b-3']],
    [{ NamePrefix: 'b-', State: 'ENABLED' }, ['b-1', 'b-2']],
    [{ State: 'DISABLED' }, ['b-3']],
    [{ GroupName: 'default', NamePrefix: 'c' }, []],
  ] as const)('of %o has only these', async ([changes, names]) => {
    expect((await list(changes)).map(({ Name }) => Name)).toEqual(names);
  });

  test('comes in pages, whatever is deleted between them', async () => {
    const { create, scheduler } = await givenEndpoint();
    for (let index = 0; index < 5; index += 1) await create({ Name: `s-${index}` });

    const first = await scheduler.send(new ListSchedulesCommand({ MaxResults: 2 }));
    await scheduler.send(new DeleteScheduleCommand({ Name: 's-1' }));
    const { NextToken } = first;
    const second = await scheduler.send(new ListSchedulesCommand({ MaxResults: 3, NextToken }));

    expect(first.Schedules?.map(({ Name }) => Name)).toEqual(['s-0', 's-1']);
    expect(second.Schedules?.map(({ Name }) => Name)).toEqual(['s-2', 's-3', 's-4']);
    expect(second.NextToken).toBeUndefined();
  });

  test.for([
    [{ MaxResults: 101 }, invalid],
    [{ NextToken: '!' }, invalid],
    [{ GroupName: 'nowhere' }, missing],
  ] as const)('of %o is refused', async ([changes, error]) => {
    await expect(list(changes)).rejects.toMatchObject(error);
  });
});

test.for<[what: string, changes: object]>([
  ['a name with spaces', { Name: 'no spaces' }],
  ['a name that is too long', { Name: 'x'.repeat(65) }],
  ['no such expression', { ScheduleExpression: 'every(1 day)' }],
  ['no such date', { ScheduleExpression: 'at(2099-02-30T00:00:00)' }],
  [
    'a time that no clock shows',
    { ScheduleExpression: 'at(2099-03-29T02:30:00)', ScheduleExpressionTimezone: 'Europe/Berlin' },
  ],
  ['no such time zone', { ScheduleExpressionTimezone: 'Europe/Atlantis' }],
  ['an offset for a time zone', { ScheduleExpressionTimezone: '+01:00' }],
  ['a flexible window without its length', { FlexibleTimeWindow: { Mode: 'FLEXIBLE' } }],
  ['a length without a window', { FlexibleTimeWindow: { Mode: 'OFF', MaximumWindowInMinutes: 1 } }],
  ['a window of two days', { FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 2_880 } }],
  ['no such state', { State: 'PAUSED' }],
  ['no such action', { ActionAfterCompletion: 'KEEP' }],
  ['a start long ago', { StartDate: new Date('2020-01-01') }],
  ['an end before now', { EndDate: new Date('2020-01-01') }],
  ['an end before its start', { StartDate: new Date('2099-01-02'), EndDate: new Date('2099-01-01') }],
  ['a description without end', { Description: 'x'.repeat(513) }],
  ['a key that is none', { KmsKeyArn: 'key' }],
  ['a target that is none', { Target: { ...target, Arn: 'queue' } }],
  ['a target not known here', { Target: { ...target, Arn: 'arn:aws:sns:us-east-1:000000000000:topic' } }],
  ['a role that is none', { Target: { ...target, RoleArn: 'nobody' } }],
  ['an empty input', { Target: { ...target, Input: '' } }],
  ['an input for a function that is no JSON', { Target: { ...target, Arn: functionArn('f') } }],
  [
    'a universal target without input',
    { Target: { Arn: 'arn:aws:scheduler:::aws-sdk:sqs:sendMessage', RoleArn: role } },
  ],
  ['too many retries', { Target: { ...target, RetryPolicy: { MaximumRetryAttempts: 186 } } }],
  ['a short age', { Target: { ...target, RetryPolicy: { MaximumEventAgeInSeconds: 59 } } }],
  ['a dead-letter queue in order', { Target: { ...target, DeadLetterConfig: { Arn: `${queueArn}.fifo` } } }],
])('refuses %s', async ([, changes]) => {
  const { create, scheduler } = await givenEndpoint();

  await expect(create(changes)).rejects.toMatchObject({ ...invalid, message: expect.stringMatching(/\w+/) });
  expect((await scheduler.send(new ListSchedulesCommand())).Schedules).toEqual([]);
});

test("says what is wrong in AWS's words", async () => {
  const { create } = await givenEndpoint();

  await expect(create({ Name: 'a b' })).rejects.toThrow(
    "1 validation error detected: Value 'a b' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[0-9a-zA-Z-_.]{1,64}$",
  );
  await expect(create({ ScheduleExpression: 'cron(0 8 * * * *)' })).rejects.toThrow(
    'Invalid Schedule Expression cron(0 8 * * * *).',
  );
  await expect(create({ GroupName: 'nowhere' })).rejects.toThrow('Schedule group nowhere does not exist.');
});
