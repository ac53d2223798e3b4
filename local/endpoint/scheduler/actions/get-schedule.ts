import type { ScheduleRequest } from '../schedule-request.ts';
import type { Scheduler } from '../scheduler.ts';
import { groupNotFound, scheduleNotFound } from '../scheduler-errors.ts';
import { defaultGroup } from '../store/group-store.ts';
import type { Schedule, Target } from '../store/schedule.ts';
import { readGroupName, readName } from '../validation/names.ts';
import type { Action } from './action.ts';

/** @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_GetSchedule.html */
export const getSchedule: Action = (scheduler, request) => describe(findSchedule(scheduler, request));

/** The schedule that path and query name. */
export function findSchedule({ groups, schedules }: Scheduler, { name, query }: ScheduleRequest): Schedule {
  const groupName = readGroupName(query.get('groupName')) ?? defaultGroup;
  if (!groups.find(groupName)) throw groupNotFound(groupName);
  const schedule = schedules.find({ groupName, name: readName(name) });
  if (!schedule) throw scheduleNotFound(name);
  return schedule;
}

function describe(schedule: Schedule): object {
  const { windowMinutes } = schedule;
  return {
    Arn: schedule.arn,
    Name: schedule.name,
    GroupName: schedule.groupName,
    State: schedule.state,
    ScheduleExpression: schedule.expression,
    ScheduleExpressionTimezone: schedule.timezone,
    StartDate: inSeconds(schedule.startAt),
    EndDate: inSeconds(schedule.endAt),
    FlexibleTimeWindow:
      windowMinutes === 0 ? { Mode: 'OFF' } : { Mode: 'FLEXIBLE', MaximumWindowInMinutes: windowMinutes },
    ActionAfterCompletion: schedule.actionAfterCompletion,
    Description: schedule.description,
    KmsKeyArn: schedule.kmsKeyArn,
    CreationDate: inSeconds(schedule.createdAt),
    LastModificationDate: inSeconds(schedule.modifiedAt),
    Target: describeTarget(schedule.target),
  };
}

/** AWS names the retry policy also where it was not given. */
function describeTarget({ given, maxAgeSeconds, maxRetries }: Target): object {
  return {
    ...given,
    RetryPolicy: { MaximumEventAgeInSeconds: maxAgeSeconds, MaximumRetryAttempts: maxRetries },
  };
}

function inSeconds(instant: number | undefined): number | undefined {
  return instant === undefined ? undefined : instant / 1_000;
}
