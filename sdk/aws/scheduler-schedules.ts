import type { ScheduleTopology } from '../app/topology.ts';
import type { Schedules } from '../ports/schedules.ts';
import { isAwsError } from './http/aws-error.ts';
import type { Schedule, SchedulerCalls } from './scheduler-calls.ts';
import { deadLettersIn, groupMissing, usualRole } from './scheduler-timers.ts';

export interface SchedulesParts {
  /** The schedule group where the schedules are. */
  readonly groupName: string;
  /** The function that they wake. */
  readonly functionName: string;
  /** @default the role that `cdk deploy` makes */
  readonly roleArn: string | undefined;
  /** Where goes what cannot be delivered; undefined: nowhere. */
  readonly undeliveredQueueName: string | undefined;
  readonly scheduler: () => SchedulerCalls;
}

/** Beat's schedules on EventBridge Scheduler. The group's ARN tells in which account and region their function is. */
export function schedulerSchedules(parts: SchedulesParts): Schedules {
  const { groupName, scheduler } = parts;
  let groupArn: Promise<string> | undefined;
  const arnOfGroup = () => {
    groupArn ??= findGroup(parts);
    groupArn.catch(() => {
      groupArn = undefined;
    });
    return groupArn;
  };
  const find = (name: string) => unlessMissing(() => scheduler().getSchedule({ name, groupName }));
  return {
    create: async (schedule) => createSchedule(parts, schedule, await arnOfGroup()),
    update: async (schedule) => {
      const found = await find(schedule.name);
      return found !== undefined && updateSchedule(parts, schedule, found);
    },
    get: async (name) => {
      const found = await find(name);
      return found && asTopology(found);
    },
    list: () => listSchedules(parts, find),
    delete: async (name) =>
      (await unlessMissing(() => scheduler().deleteSchedule({ name, groupName }))) !== undefined,
  };
}

async function findGroup({ groupName, scheduler }: SchedulesParts): Promise<string> {
  try {
    const { Arn = '' } = await scheduler().getGroup(groupName);
    return Arn;
  } catch (error) {
    throw isAwsError(error, 'ResourceNotFoundException') ? groupMissing(groupName, error) : error;
  }
}

/** @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html */
async function createSchedule(
  { groupName, functionName, roleArn, scheduler, undeliveredQueueName }: SchedulesParts,
  schedule: ScheduleTopology,
  groupArn: string,
): Promise<boolean> {
  const [, partition, , region, account] = groupArn.split(':');
  const written = {
    ...asWritten(schedule),
    GroupName: groupName,
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: {
      Arn: `arn:${partition}:lambda:${region}:${account}:function:${functionName}`,
      RoleArn: roleArn ?? usualRole(groupArn, groupName),
      Input: schedule.input,
      ...deadLettersIn(undeliveredQueueName, groupArn),
    },
  };
  try {
    await scheduler().createSchedule(schedule.name, written);
    return true;
  } catch (error) {
    if (isAwsError(error, 'ConflictException')) return false;
    throw error;
  }
}

function asWritten({ expression, timezone, isEnabled, isOnce }: ScheduleTopology) {
  return {
    ScheduleExpression: expression,
    ScheduleExpressionTimezone: timezone,
    State: isEnabled ? 'ENABLED' : 'DISABLED',
    ActionAfterCompletion: isOnce ? 'DELETE' : 'NONE',
  } as const;
}

/**
 * An update replaces everything: what a deployment has set besides (a description, a retry policy, a dead-letter queue) is kept.
 *
 * @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_UpdateSchedule.html
 */
async function updateSchedule(
  { groupName, scheduler }: SchedulesParts,
  schedule: ScheduleTopology,
  found: Schedule,
): Promise<boolean> {
  const { Description, StartDate, EndDate, KmsKeyArn, FlexibleTimeWindow, Target } = found;
  const written = {
    ...{ Description, StartDate, EndDate, KmsKeyArn },
    ...asWritten(schedule),
    GroupName: groupName,
    FlexibleTimeWindow: FlexibleTimeWindow ?? { Mode: 'OFF' },
    Target: { ...Target, Input: schedule.input },
  };
  return (await unlessMissing(() => scheduler().updateSchedule(schedule.name, written))) !== undefined;
}

/** Timers are in the same group: what wakes another target is none of beat's. */
async function* listSchedules(
  { groupName, functionName, scheduler }: SchedulesParts,
  find: (name: string) => Promise<Schedule | undefined>,
): AsyncGenerator<ScheduleTopology> {
  for await (const page of scheduler().listSchedules({ groupName })) {
    const ours = page.filter(({ Target }) => Target?.Arn?.endsWith(`:function:${functionName}`));
    const found = await Promise.all(ours.map(({ Name = '' }) => find(Name)));
    for (const schedule of found) if (schedule) yield asTopology(schedule);
  }
}

function asTopology(found: Schedule): ScheduleTopology {
  const { Name = '', ScheduleExpression = '', ScheduleExpressionTimezone = 'UTC', State, Target } = found;
  return {
    name: Name,
    expression: ScheduleExpression,
    timezone: ScheduleExpressionTimezone,
    isEnabled: State !== 'DISABLED',
    isOnce: ScheduleExpression.startsWith('at('),
    input: Target?.Input ?? '',
  };
}

async function unlessMissing<T>(request: () => Promise<T>): Promise<T | undefined> {
  try {
    return await request();
  } catch (error) {
    if (isAwsError(error, 'ResourceNotFoundException')) return undefined;
    throw error;
  }
}
