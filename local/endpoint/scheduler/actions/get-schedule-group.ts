import { groupArn } from '../arns.ts';
import type { Scheduler } from '../scheduler.ts';
import { groupNotFound } from '../scheduler-errors.ts';
import type { ScheduleGroup } from '../store/group-store.ts';
import { readName } from '../validation/names.ts';
import type { Action } from './action.ts';

/** @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_GetScheduleGroup.html */
export const getScheduleGroup: Action = (scheduler, { name, region }) =>
  describeGroup(findGroup(scheduler, readName(name)), region);

export function findGroup({ groups }: Scheduler, name: string): ScheduleGroup {
  const group = groups.find(name);
  if (!group) throw groupNotFound(name);
  return group;
}

export function describeGroup({ name, createdAt, modifiedAt }: ScheduleGroup, region: string): object {
  return {
    Arn: groupArn(region, name),
    Name: name,
    State: 'ACTIVE',
    CreationDate: createdAt / 1_000,
    LastModificationDate: modifiedAt / 1_000,
  };
}
