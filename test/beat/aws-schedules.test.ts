import { GetScheduleCommand, SchedulerClient, UpdateScheduleCommand } from '@aws-sdk/client-scheduler';
import { crontab, Tallo } from 'tallo';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Endpoint, startEndpoint } from '../../local/endpoint/start-endpoint.ts';
import { provision } from '../../local/provision.ts';
import { awsCloud } from '../../sdk/aws/aws-cloud.ts';
import { connectionTo } from '../../sdk/aws/connection.ts';

let endpoint: Endpoint;
let client: SchedulerClient;
const apps: Tallo[] = [];

beforeAll(async () => {
  endpoint = await startEndpoint();
  client = new SchedulerClient(connectionTo('SCHEDULER', { endpoint: endpoint.url }));
});

afterAll(async () => {
  for (const app of apps) await app.close();
  client.destroy();
  await endpoint.stop();
});

/** Far away: nothing fires here. */
const newYear = crontab({ minute: 0, hour: 0, dayOfMonth: 1, monthOfYear: 1 });

async function world(
  name: string,
  options: { schedulerRoleArn?: string; undeliveredQueueName?: string } = {},
) {
  const app = new Tallo(name);
  apps.push(app);
  const report = app.task('report', (text: string) => text);
  app.beat({ fixed: { task: report, args: ['fixed'], schedule: newYear } });
  const { tableName, scheduleGroup } = app.topology();
  await provision(app.topology(), { endpoint: endpoint.url });
  app.connect(awsCloud({ tableName, scheduleGroup, endpoint: endpoint.url, ...options }));
  const find = (entry: string) =>
    client.send(new GetScheduleCommand({ Name: `beat-${entry}`, GroupName: scheduleGroup }));
  return { app, report, find };
}

test('a schedule made at run time wakes the beat function of its app, in the account and region of its group', async () => {
  const { app, report, find } = await world('target');

  await app.schedules.create('acme', {
    task: report,
    args: ['<aws.scheduler.attempt-number>'],
    schedule: newYear,
  });

  const { Target, ScheduleExpression, ScheduleExpressionTimezone, State, ActionAfterCompletion } =
    await find('acme');
  expect({ ScheduleExpression, ScheduleExpressionTimezone, State, ActionAfterCompletion }).toEqual({
    ScheduleExpression: 'cron(0 0 1 1 ? *)',
    ScheduleExpressionTimezone: 'UTC',
    State: 'ENABLED',
    ActionAfterCompletion: 'NONE',
  });
  expect(Target?.Arn).toBe('arn:aws:lambda:us-east-1:000000000000:function:target-beat');
  expect(Target?.RoleArn).toBe('arn:aws:iam::000000000000:role/target-scheduler-us-east-1');
  // Scheduler replaces its words in no argument, only in the time.
  expect(Target?.Input?.match(/<aws\.scheduler[^>]*>/g)).toEqual(['<aws.scheduler.scheduled-time>']);
  expect((await app.schedules.get('acme'))?.signature?.args).toEqual(['<aws.scheduler.attempt-number>']);
});

test('takes another role if one is given, and deletes a schedule for a date when it is over', async () => {
  const schedulerRoleArn = 'arn:aws:iam::000000000000:role/other';
  const { app, report, find } = await world('roles', { schedulerRoleArn });

  await app.schedules.create('once', {
    task: report,
    args: ['x'],
    schedule: new Date('2099-01-01T00:00:00Z'),
  });

  const { Target, ActionAfterCompletion, ScheduleExpression } = await find('once');
  expect(Target?.RoleArn).toBe(schedulerRoleArn);
  expect([ScheduleExpression, ActionAfterCompletion]).toEqual(['at(2099-01-01T00:00:00)', 'DELETE']);
});

test('keeps what a deployment has set besides when an entry is paused', async () => {
  const { app, find } = await world('kept');
  const before = await find('fixed');
  const { Name, GroupName, ScheduleExpression, FlexibleTimeWindow, Target, Description } = before;
  const RetryPolicy = { MaximumEventAgeInSeconds: 3_600, MaximumRetryAttempts: 5 };
  const target = { Arn: Target?.Arn, RoleArn: Target?.RoleArn, Input: Target?.Input, RetryPolicy };
  await client.send(
    new UpdateScheduleCommand({
      Name,
      GroupName,
      ScheduleExpression,
      FlexibleTimeWindow,
      Description,
      Target: target,
    }),
  );

  await app.schedules.pause('fixed');

  const after = await find('fixed');
  expect([after.State, after.Description]).toEqual(['DISABLED', before.Description]);
  expect(after.Target).toMatchObject({ RetryPolicy, Arn: Target?.Arn, RoleArn: Target?.RoleArn });
  expect(await app.schedules.get('fixed')).toMatchObject({
    enabled: false,
    isFromCode: true,
    task: 'report',
  });
});

test('says so when the group is missing', async () => {
  const app = new Tallo('nowhere');
  apps.push(app);
  app.connect(awsCloud({ tableName: 'nowhere', scheduleGroup: 'nowhere', endpoint: endpoint.url }));
  const task = app.task('t', () => undefined);

  await expect(app.schedules.create('acme', { task, schedule: newYear })).rejects.toThrow(
    /Expected a schedule group named 'nowhere', found none/,
  );
});

test('asks for the group once, and makes an entry with one request', async () => {
  const { app, report } = await world('requests');
  await app.schedules.create('first', { task: report, args: ['x'], schedule: newYear });
  endpoint.traffic.reset();

  await app.schedules.create('second', { task: report, args: ['x'], schedule: newYear });
  await app.schedules.pause('second');

  expect(endpoint.traffic.byAction()).toEqual({
    'Scheduler.CreateSchedule': 1,
    'Scheduler.GetSchedule': 2,
    'Scheduler.UpdateSchedule': 1,
  });
});

test('what the Scheduler cannot deliver goes to the queue of the app for that: far calls, and wakes of beat', async () => {
  const { app, report, find } = await world('lost', { undeliveredQueueName: 'lost-undelivered' });
  await app.schedules.create('acme', { task: report, args: ['x'], schedule: newYear });
  const far = await report.applyAsync(['x'], { countdown: '30d' });

  const timer = new GetScheduleCommand({ Name: far.id, GroupName: 'lost' });
  const schedules = [await find('fixed'), await find('acme'), await client.send(timer)];

  expect(schedules.map(({ Target }) => Target?.DeadLetterConfig?.Arn)).toEqual(
    Array(3).fill('arn:aws:sqs:us-east-1:000000000000:lost-undelivered'),
  );
});
