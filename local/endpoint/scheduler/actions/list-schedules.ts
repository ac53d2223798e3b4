import { pageOf } from '../paging.ts';
import { groupNotFound } from '../scheduler-errors.ts';
import { keyOf, type Schedule } from '../store/schedule.ts';
import { readChoice } from '../validation/field.ts';
import { readGroupName, readNamePrefix } from '../validation/names.ts';
import type { Action } from './action.ts';

/** @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_ListSchedules.html */
export const listSchedules: Action = ({ groups, schedules }, { query }) => {
  const groupName = readGroupName(query.get('ScheduleGroup'));
  if (groupName !== undefined && !groups.find(groupName)) throw groupNotFound(groupName);
  const state = readChoice({ at: 'state', value: query.get('State') }, ['ENABLED', 'DISABLED']);
  const found = schedules.list({ groupName, state, namePrefix: readNamePrefix(query) });
  const { items, more } = pageOf(found, keyOf, query);
  return { Schedules: items.map(summary), ...more };
};

function summary(schedule: Schedule): object {
  return {
    Arn: schedule.arn,
    Name: schedule.name,
    GroupName: schedule.groupName,
    State: schedule.state,
    CreationDate: schedule.createdAt / 1_000,
    LastModificationDate: schedule.modifiedAt / 1_000,
    Target: { Arn: schedule.target.arn },
  };
}
