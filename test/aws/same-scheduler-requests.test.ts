import {
  CreateScheduleCommand,
  CreateScheduleGroupCommand,
  DeleteScheduleCommand,
  GetScheduleCommand,
  GetScheduleGroupCommand,
  ListSchedulesCommand,
  SchedulerClient,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import { expect, test } from 'vitest';
import { schedulerCalls } from '../../sdk/aws/scheduler-calls.ts';
import { bothAsk, connection } from './both-ask.ts';

const schedule = {
  GroupName: 'group',
  ScheduleExpression: 'at(2027-01-01T00:00:00)',
  FlexibleTimeWindow: { Mode: 'OFF' as const },
  State: 'ENABLED' as const,
  Target: {
    Arn: 'arn:aws:sqs:us-east-1:000000000000:q',
    RoleArn: 'arn:aws:iam::000000000000:role/r',
    Input: '"ü"',
  },
};
const name = 'timer-1.2_3';
const key = { name, groupName: 'group' };
const theirKey = { Name: name, GroupName: 'group' };

test.for([
  [
    'CreateSchedule',
    (s) => s.createSchedule(name, schedule),
    new CreateScheduleCommand({ Name: name, ...schedule }),
  ],
  [
    'UpdateSchedule',
    (s) => s.updateSchedule(name, schedule),
    new UpdateScheduleCommand({ Name: name, ...schedule }),
  ],
  ['GetSchedule', (s) => s.getSchedule(key), new GetScheduleCommand(theirKey)],
  ['DeleteSchedule', (s) => s.deleteSchedule(key), new DeleteScheduleCommand(theirKey)],
  ['CreateScheduleGroup', (s) => s.createGroup('group'), new CreateScheduleGroupCommand({ Name: 'group' })],
  ['GetScheduleGroup', (s) => s.getGroup('group'), new GetScheduleGroupCommand({ Name: 'group' })],
  [
    'ListSchedules',
    (s) => s.listSchedules({ groupName: 'group', namePrefix: 'beat-' }).next(),
    new ListSchedulesCommand({ GroupName: 'group', NamePrefix: 'beat-', MaxResults: 50 }),
  ],
] satisfies [string, (calls: ReturnType<typeof schedulerCalls>) => Promise<unknown>, unknown][])(
  'asks Scheduler for %s as the AWS SDK does',
  async ([, ours, command]) => {
    const [first, second] = await bothAsk(
      async (endpoint) => {
        const calls = schedulerCalls({ ...connection, endpoint });
        await ours(calls);
        await calls.close();
      },
      (endpoint) => new SchedulerClient({ ...connection, endpoint }).send(command as GetScheduleCommand),
    );

    expect(first).toEqual(second);
  },
);
