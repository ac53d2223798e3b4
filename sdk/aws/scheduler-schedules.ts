import {
  ConflictException,
  CreateScheduleCommand,
  type CreateScheduleInput,
  DeleteScheduleCommand,
  GetScheduleCommand,
  GetScheduleGroupCommand,
  type GetScheduleOutput,
  paginateListSchedules,
  ResourceNotFoundException,
  type SchedulerClient,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import type { ScheduleTopology } from '../app/topology.ts';
import type { Schedules } from '../ports/schedules.ts';
import { groupMissing, usualRole } from './scheduler-timers.ts';

export interface SchedulesParts {
  /** The schedule group where the schedules are. */
  readonly groupName: string;
  /** The function that they wake. */
  readonly functionName: string;
  /** @default the role that `cdk deploy` makes */
  readonly roleArn: string | undefined;
  readonly client: SchedulerClient;
}

/** Beat's schedules on EventBridge Scheduler. The group's ARN tells in which account and region their function is. */
export function schedulerSchedules(parts: SchedulesParts): Schedules {
  const { groupName: GroupName, client } = parts;
  let groupArn: Promise<string> | undefined;
  const arnOfGroup = () => {
    groupArn ??= findGroup(parts);
    groupArn.catch(() => {
      groupArn = undefined;
    });
    return groupArn;
  };
  const find = (Name: string) =>
    unlessMissing(() => client.send(new GetScheduleCommand({ Name, GroupName })));
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
    delete: async (Name) => {
      const command = new DeleteScheduleCommand({ Name, GroupName });
      return (await unlessMissing(() => client.send(command))) !== undefined;
    },
  };
}

async function findGroup({ groupName, client }: SchedulesParts): Promise<string> {
  try {
    const { Arn = '' } = await client.send(new GetScheduleGroupCommand({ Name: groupName }));
    return Arn;
  } catch (error) {
    throw error instanceof ResourceNotFoundException ? groupMissing(groupName, error) : error;
  }
}

/** @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html */
async function createSchedule(
  { groupName, functionName, roleArn, client }: SchedulesParts,
  schedule: ScheduleTopology,
  groupArn: string,
): Promise<boolean> {
  const [, partition, , region, account] = groupArn.split(':');
  const command = new CreateScheduleCommand({
    ...written(schedule),
    GroupName: groupName,
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: {
      Arn: `arn:${partition}:lambda:${region}:${account}:function:${functionName}`,
      RoleArn: roleArn ?? usualRole(groupArn, groupName),
      Input: schedule.input,
    },
  });
  try {
    await client.send(command);
    return true;
  } catch (error) {
    if (error instanceof ConflictException) return false;
    throw error;
  }
}

function written({ name, expression, timezone, isEnabled, isOnce }: ScheduleTopology) {
  return {
    Name: name,
    ScheduleExpression: expression,
    ScheduleExpressionTimezone: timezone,
    State: isEnabled ? 'ENABLED' : 'DISABLED',
    ActionAfterCompletion: isOnce ? 'DELETE' : 'NONE',
  } satisfies Partial<CreateScheduleInput>;
}

/**
 * An update replaces everything: what a deployment has set besides (a description, a retry policy, a dead-letter queue) is kept.
 *
 * @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_UpdateSchedule.html
 */
async function updateSchedule(
  { groupName: GroupName, client }: SchedulesParts,
  schedule: ScheduleTopology,
  found: GetScheduleOutput,
): Promise<boolean> {
  const { Description, StartDate, EndDate, KmsKeyArn, FlexibleTimeWindow, Target } = found;
  const command = new UpdateScheduleCommand({
    ...{ Description, StartDate, EndDate, KmsKeyArn },
    ...written(schedule),
    GroupName,
    FlexibleTimeWindow: FlexibleTimeWindow ?? { Mode: 'OFF' },
    Target: { ...Target, Arn: Target?.Arn, RoleArn: Target?.RoleArn, Input: schedule.input },
  });
  return (await unlessMissing(() => client.send(command))) !== undefined;
}

/** Timers are in the same group: what wakes another target is none of beat's. */
async function* listSchedules(
  { groupName: GroupName, functionName, client }: SchedulesParts,
  find: (name: string) => Promise<GetScheduleOutput | undefined>,
): AsyncGenerator<ScheduleTopology> {
  const pages = paginateListSchedules({ client, pageSize: 50 }, { GroupName });
  for await (const { Schedules = [] } of pages) {
    const ours = Schedules.filter(({ Target }) => Target?.Arn?.endsWith(`:function:${functionName}`));
    const found = await Promise.all(ours.map(({ Name = '' }) => find(Name)));
    for (const schedule of found) if (schedule) yield asTopology(schedule);
  }
}

function asTopology(found: GetScheduleOutput): ScheduleTopology {
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
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}
