import type { ScheduleRequest } from '../schedule-request.ts';
import type { ScheduleStore } from '../store.ts';
import { scheduleNotFound } from './get-schedule.ts';

/** @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_DeleteSchedule.html */
export function deleteSchedule(store: ScheduleStore, { name, groupName }: ScheduleRequest): object {
  if (!store.remove(groupName, name)) throw scheduleNotFound(name);
  return {};
}
