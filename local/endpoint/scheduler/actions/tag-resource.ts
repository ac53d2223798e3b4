import type { Scheduler } from '../scheduler.ts';
import { invalid } from '../scheduler-errors.ts';
import type { ScheduleGroup } from '../store/group-store.ts';
import { readTags } from '../validation/read-tags.ts';
import type { Action } from './action.ts';
import { findGroup } from './get-schedule-group.ts';

/** @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_TagResource.html */
export const tagResource: Action = (scheduler, { name, body }) => {
  const group = taggedGroup(scheduler, name);
  scheduler.groups.put({ ...group, tags: new Map([...group.tags, ...readTags(body.Tags)]) });
  return {};
};

/** @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_UntagResource.html */
export const untagResource: Action = (scheduler, { name, query }) => {
  const group = taggedGroup(scheduler, name);
  const keys = query.getAll('TagKeys');
  scheduler.groups.put({ ...group, tags: new Map([...group.tags].filter(([key]) => !keys.includes(key))) });
  return {};
};

/** @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_ListTagsForResource.html */
export const listTagsForResource: Action = (scheduler, { name }) => ({
  Tags: [...taggedGroup(scheduler, name).tags].map(([Key, Value]) => ({ Key, Value })),
});

/** Only groups have tags. */
function taggedGroup(scheduler: Scheduler, arn: string): ScheduleGroup {
  const name = /^arn:aws(?:-[a-z]+)?:scheduler:[a-z0-9-]+:\d{12}:schedule-group\/([^/]+)$/.exec(arn)?.[1];
  if (name === undefined) throw invalid(`Expected the ARN of a schedule group, got ${arn}.`);
  return findGroup(scheduler, name);
}
