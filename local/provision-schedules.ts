import {
  ConflictException,
  CreateScheduleCommand,
  CreateScheduleGroupCommand,
  DeleteScheduleCommand,
  GetScheduleCommand,
  paginateListSchedules,
  SchedulerClient,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import type { ScheduleTopology, Topology } from '../sdk/app/topology.ts';
import { type ConnectionOptions, connectionTo } from '../sdk/aws/connection.ts';

/** By this we know later what may be deleted: schedules made at run time are not ours to delete. */
const description = 'Made by provisioning, and deleted by it when the app no longer has it.';
const namePrefix = 'beat-';

/** Where the schedules' function and role are. */
export interface Place {
  readonly region: string;
  readonly account: string;
}

/** Creates the group of schedules that an app needs, and makes its schedules what the topology says. */
export async function provisionSchedules(
  topology: Topology,
  place: Place,
  connection: ConnectionOptions,
): Promise<void> {
  const client = new SchedulerClient(connectionTo('SCHEDULER', connection));
  try {
    const isNew = await createGroup(client, topology.scheduleGroup);
    if (!isNew) await deleteOutdated(client, topology);
    await Promise.all(topology.schedules.map((schedule) => put(client, describe(schedule, topology, place))));
  } finally {
    client.destroy();
  }
}

/** Answers whether it was not there. */
function createGroup(client: SchedulerClient, Name: string): Promise<boolean> {
  return unlessThere(() => client.send(new CreateScheduleGroupCommand({ Name })));
}

type Description = ReturnType<typeof describe>;

function describe(schedule: ScheduleTopology, topology: Topology, { region, account }: Place) {
  const { scheduleGroup, beatFunctionName } = topology;
  return {
    Name: schedule.name,
    GroupName: scheduleGroup,
    Description: description,
    ScheduleExpression: schedule.expression,
    ScheduleExpressionTimezone: schedule.timezone,
    FlexibleTimeWindow: { Mode: 'OFF' as const },
    State: schedule.isEnabled ? ('ENABLED' as const) : ('DISABLED' as const),
    ActionAfterCompletion: schedule.isOnce ? ('DELETE' as const) : ('NONE' as const),
    Target: {
      Arn: `arn:aws:lambda:${region}:${account}:function:${beatFunctionName}`,
      RoleArn: `arn:aws:iam::${account}:role/${scheduleGroup}-scheduler-${region}`,
      Input: schedule.input,
    },
  };
}

async function put(client: SchedulerClient, schedule: Description): Promise<void> {
  const isNew = await unlessThere(() => client.send(new CreateScheduleCommand(schedule)));
  if (!isNew) await client.send(new UpdateScheduleCommand(schedule));
}

async function deleteOutdated(
  client: SchedulerClient,
  { scheduleGroup, schedules }: Topology,
): Promise<void> {
  const wanted = new Set(schedules.map(({ name }) => name));
  const list = { GroupName: scheduleGroup, NamePrefix: namePrefix };
  for await (const { Schedules = [] } of paginateListSchedules({ client }, list)) {
    for (const { Name } of Schedules) {
      if (Name === undefined || wanted.has(Name)) continue;
      const key = { Name, GroupName: scheduleGroup };
      const found = await client.send(new GetScheduleCommand(key));
      if (found.Description === description) await client.send(new DeleteScheduleCommand(key));
    }
  }
}

async function unlessThere(create: () => Promise<unknown>): Promise<boolean> {
  try {
    await create();
    return true;
  } catch (error) {
    if (error instanceof ConflictException) return false;
    throw error;
  }
}
