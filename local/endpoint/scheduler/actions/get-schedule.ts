import { AwsError } from '../../json-protocol.ts';
import type { ScheduleRequest } from '../schedule-request.ts';
import type { Schedule, ScheduleStore } from '../store.ts';

/** @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_GetSchedule.html */
export function getSchedule(store: ScheduleStore, { name, groupName }: ScheduleRequest): object {
  const schedule = store.find(groupName, name);
  if (!schedule) throw scheduleNotFound(name);
  return {
    Arn: scheduleArn(schedule),
    Name: schedule.name,
    GroupName: schedule.groupName,
    State: 'ENABLED',
    ScheduleExpression: schedule.expression,
    ScheduleExpressionTimezone: 'UTC',
    FlexibleTimeWindow: { Mode: 'OFF' },
    ActionAfterCompletion: schedule.isDeletedAfterCompletion ? 'DELETE' : 'NONE',
    CreationDate: schedule.createdAt / 1_000,
    LastModificationDate: schedule.createdAt / 1_000,
    Target: { Arn: schedule.targetArn, RoleArn: schedule.roleArn, Input: schedule.input },
  };
}

export function scheduleNotFound(name: string): AwsError {
  return new AwsError(404, 'ResourceNotFoundException', `Schedule ${name} does not exist.`);
}

/** A schedule lies in the region and account of its target. */
export function scheduleArn({ targetArn, groupName, name }: Schedule): string {
  const [, partition, , region, account] = targetArn.split(':');
  return `arn:${partition}:scheduler:${region}:${account}:schedule/${groupName}/${name}`;
}
