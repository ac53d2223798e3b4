import { groupNotFound, scheduleNotFound } from '../scheduler-errors.ts';
import { readSchedule } from '../validation/read-schedule.ts';
import type { Action } from './action.ts';

/** @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_UpdateSchedule.html */
export const updateSchedule: Action = (scheduler, request) => {
  const schedule = readSchedule(request, scheduler.clock.now());
  if (!scheduler.groups.find(schedule.groupName)) throw groupNotFound(schedule.groupName);
  const known = scheduler.schedules.find(schedule);
  if (!known) throw scheduleNotFound(schedule.name);
  scheduler.put({ ...schedule, arn: known.arn, createdAt: known.createdAt });
  return { ScheduleArn: known.arn };
};
