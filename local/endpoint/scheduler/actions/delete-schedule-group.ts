import { invalid } from '../scheduler-errors.ts';
import { defaultGroup } from '../store/group-store.ts';
import { readName } from '../validation/names.ts';
import type { Action } from './action.ts';
import { findGroup } from './get-schedule-group.ts';

/**
 * Its schedules go with it, here at once.
 *
 * @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_DeleteScheduleGroup.html
 */
export const deleteScheduleGroup: Action = (scheduler, request) => {
  const { name } = findGroup(scheduler, readName(request.name));
  if (name === defaultGroup) throw invalid('The default schedule group cannot be deleted.');
  for (const schedule of scheduler.schedules.list({ groupName: name })) scheduler.remove(schedule);
  scheduler.groups.remove(name);
  return {};
};
