import type { IncomingMessage, ServerResponse } from 'node:http';
import { AwsError, answer, parseObject, readBody } from '../json-protocol.ts';
import { createSchedule } from './actions/create-schedule.ts';
import { deleteSchedule } from './actions/delete-schedule.ts';
import { getSchedule } from './actions/get-schedule.ts';
import type { ScheduleRequest } from './schedule-request.ts';
import type { ScheduleStore } from './store.ts';

type Action = (store: ScheduleStore, request: ScheduleRequest) => object;

const actions: Readonly<Record<string, { readonly name: string; readonly run: Action }>> = {
  POST: { name: 'CreateSchedule', run: createSchedule },
  GET: { name: 'GetSchedule', run: getSchedule },
  DELETE: { name: 'DeleteSchedule', run: deleteSchedule },
};

const path = /^\/schedules\/([^/]+)$/;

/** The action's name, if the request is one for the scheduler: its protocol is REST, so path and method say so. */
export function schedulerAction({ method = '', url = '' }: IncomingMessage): string | undefined {
  return path.test(pathOf(url)) ? actions[method]?.name : undefined;
}

export async function handleSchedule(
  store: ScheduleStore,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const action = actions[request.method ?? ''];
  if (!action)
    throw new AwsError(501, 'NotImplemented', `Expected GET, POST or DELETE, got ${request.method}.`);
  const body = parseObject(await readBody(request));
  const { searchParams, pathname } = new URL(request.url ?? '', 'http://localhost');
  const groupName = body.GroupName ?? searchParams.get('groupName') ?? 'default';
  const name = decodeURIComponent(path.exec(pathname)?.[1] ?? '');
  answer(response, action.run(store, { name, groupName: String(groupName), body }), 'application/json');
}

function pathOf(url: string): string {
  return url.split('?', 1)[0] ?? '';
}
