import { conflict, groupNotFound } from '../scheduler-errors.ts';
import { readSchedule } from '../validation/read-schedule.ts';
import type { Action } from './action.ts';

/** @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html */
export const createSchedule: Action = (scheduler, request) => {
  const schedule = readSchedule(request, scheduler.clock.now());
  if (!scheduler.groups.find(schedule.groupName)) throw groupNotFound(schedule.groupName);
  if (scheduler.schedules.find(schedule)) throw conflict(`Schedule ${schedule.name} already exists.`);
  scheduler.put(schedule);
  return { ScheduleArn: schedule.arn };
};
