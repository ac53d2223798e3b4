import type { Action } from './actions/action.ts';
import { createSchedule } from './actions/create-schedule.ts';
import { createScheduleGroup } from './actions/create-schedule-group.ts';
import { deleteSchedule } from './actions/delete-schedule.ts';
import { deleteScheduleGroup } from './actions/delete-schedule-group.ts';
import { getSchedule } from './actions/get-schedule.ts';
import { getScheduleGroup } from './actions/get-schedule-group.ts';
import { listScheduleGroups } from './actions/list-schedule-groups.ts';
import { listSchedules } from './actions/list-schedules.ts';
import { listTagsForResource, tagResource, untagResource } from './actions/tag-resource.ts';
import { updateSchedule } from './actions/update-schedule.ts';

/** One action, and the method and path that ask for it. */
export interface Route {
  readonly name: string;
  readonly method: string;
  /** Its group is the name of what is asked for. */
  readonly path: RegExp;
  readonly run: Action;
}

const allSchedules = /^\/schedules$/;
const schedule = /^\/schedules\/([^/]+)$/;
const allGroups = /^\/schedule-groups$/;
const group = /^\/schedule-groups\/([^/]+)$/;
const tags = /^\/tags\/([^/]+)$/;

/** @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_Operations.html */
const routes: readonly Route[] = [
  { name: 'CreateSchedule', method: 'POST', path: schedule, run: createSchedule },
  { name: 'GetSchedule', method: 'GET', path: schedule, run: getSchedule },
  { name: 'UpdateSchedule', method: 'PUT', path: schedule, run: updateSchedule },
  { name: 'DeleteSchedule', method: 'DELETE', path: schedule, run: deleteSchedule },
  { name: 'ListSchedules', method: 'GET', path: allSchedules, run: listSchedules },
  { name: 'CreateScheduleGroup', method: 'POST', path: group, run: createScheduleGroup },
  { name: 'GetScheduleGroup', method: 'GET', path: group, run: getScheduleGroup },
  { name: 'DeleteScheduleGroup', method: 'DELETE', path: group, run: deleteScheduleGroup },
  { name: 'ListScheduleGroups', method: 'GET', path: allGroups, run: listScheduleGroups },
  { name: 'TagResource', method: 'POST', path: tags, run: tagResource },
  { name: 'UntagResource', method: 'DELETE', path: tags, run: untagResource },
  { name: 'ListTagsForResource', method: 'GET', path: tags, run: listTagsForResource },
];

/** None if it is no request for the scheduler. */
export function findRoute(method: string, path: string): Route | undefined {
  return routes.find((route) => route.method === method && route.path.test(path));
}
