import type { ScheduleTopology, Topology } from '../sdk/app/topology.ts';
import type { ConnectionOptions } from '../sdk/aws/connection.ts';
import { isAwsError } from '../sdk/aws/http/aws-error.ts';
import { type SchedulerCalls, schedulerCalls } from '../sdk/aws/scheduler-calls.ts';

/** By this we know later what may be deleted: schedules made at run time are not ours to delete. */
const description = 'Made by provisioning, and deleted by it when the app no longer has it.';
const namePrefix = 'beat-';

/** Where the schedules' function and role are. */
export interface Place {
  /** As ARNs begin with it: `aws`, `aws-cn`. */
  readonly partition: string;
  readonly region: string;
  readonly account: string;
}

/** Creates the group of schedules that an app needs, and makes its schedules what the topology says. */
export async function provisionSchedules(
  topology: Topology,
  place: Place,
  connection: ConnectionOptions,
): Promise<void> {
  const scheduler = schedulerCalls(connection);
  try {
    const isNew = await unlessThere(() => scheduler.createGroup(topology.scheduleGroup));
    if (!isNew) await deleteOutdated(scheduler, topology);
    await Promise.all(
      topology.schedules.map((schedule) =>
        put(scheduler, schedule.name, describe(schedule, topology, place)),
      ),
    );
  } finally {
    await scheduler.close();
  }
}

type Description = ReturnType<typeof describe>;

function describe(schedule: ScheduleTopology, topology: Topology, { partition, region, account }: Place) {
  const { scheduleGroup, beatFunctionName, undeliveredQueueName } = topology;
  return {
    GroupName: scheduleGroup,
    Description: description,
    ScheduleExpression: schedule.expression,
    ScheduleExpressionTimezone: schedule.timezone,
    FlexibleTimeWindow: { Mode: 'OFF' as const },
    State: schedule.isEnabled ? ('ENABLED' as const) : ('DISABLED' as const),
    ActionAfterCompletion: schedule.isOnce ? ('DELETE' as const) : ('NONE' as const),
    Target: {
      Arn: `arn:${partition}:lambda:${region}:${account}:function:${beatFunctionName}`,
      RoleArn: `arn:${partition}:iam::${account}:role/${scheduleGroup}-scheduler-${region}`,
      Input: schedule.input,
      DeadLetterConfig: { Arn: `arn:${partition}:sqs:${region}:${account}:${undeliveredQueueName}` },
    },
  };
}

async function put(scheduler: SchedulerCalls, name: string, schedule: Description): Promise<void> {
  const isNew = await unlessThere(() => scheduler.createSchedule(name, schedule));
  if (!isNew) await scheduler.updateSchedule(name, schedule);
}

async function deleteOutdated(
  scheduler: SchedulerCalls,
  { scheduleGroup, schedules }: Topology,
): Promise<void> {
  const wanted = new Set(schedules.map(({ name }) => name));
  const groupName = scheduleGroup;
  for await (const page of scheduler.listSchedules({ groupName, namePrefix })) {
    for (const { Name: name } of page) {
      if (name === undefined || wanted.has(name)) continue;
      const found = await scheduler.getSchedule({ name, groupName });
      if (found.Description === description) await scheduler.deleteSchedule({ name, groupName });
    }
  }
}

/** Answers whether it was not there. */
async function unlessThere(create: () => Promise<unknown>): Promise<boolean> {
  try {
    await create();
    return true;
  } catch (error) {
    if (isAwsError(error, 'ConflictException')) return false;
    throw error;
  }
}
