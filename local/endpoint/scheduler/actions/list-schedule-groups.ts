import { pageOf } from '../paging.ts';
import { readNamePrefix } from '../validation/names.ts';
import type { Action } from './action.ts';
import { describeGroup } from './get-schedule-group.ts';

/** @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_ListScheduleGroups.html */
export const listScheduleGroups: Action = ({ groups }, { query, region }) => {
  const found = groups.list(readNamePrefix(query));
  const { items, more } = pageOf(found, ({ name }) => name, query);
  return { ScheduleGroups: items.map((group) => describeGroup(group, region)), ...more };
};
