import { groupArn } from '../arns.ts';
import { conflict } from '../scheduler-errors.ts';
import { readName } from '../validation/names.ts';
import { readTags } from '../validation/read-tags.ts';
import type { Action } from './action.ts';

/** @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateScheduleGroup.html */
export const createScheduleGroup: Action = ({ groups, clock }, { name: given, body, region }) => {
  const name = readName(given);
  if (groups.find(name)) throw conflict(`Schedule group ${name} already exists.`);
  const now = clock.now();
  groups.put({ name, createdAt: now, modifiedAt: now, tags: readTags(body.Tags) });
  return { ScheduleGroupArn: groupArn(region, name) };
};
