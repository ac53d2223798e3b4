import type { Action } from './action.ts';
import { findSchedule } from './get-schedule.ts';

/** @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_DeleteSchedule.html */
export const deleteSchedule: Action = (scheduler, request) => {
  scheduler.remove(findSchedule(scheduler, request));
  return {};
};
