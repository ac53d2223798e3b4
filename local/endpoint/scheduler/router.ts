import type { IncomingMessage, ServerResponse } from 'node:http';
import { AwsError, answer, parseObject, readBody } from '../json-protocol.ts';
import { ClientTokens } from './client-tokens.ts';
import { findRoute, type Route } from './routes.ts';
import type { ScheduleRequest } from './schedule-request.ts';
import type { Scheduler } from './scheduler.ts';

type Handle = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** The action's name, if the request is one for the scheduler: its protocol is REST, so path and method say so. */
export function schedulerAction(request: IncomingMessage): string | undefined {
  return routeOf(request)?.name;
}

/** Answers the requests for a scheduler. */
export function schedulerRouter(scheduler: Scheduler): Handle {
  const tokens = new ClientTokens();
  return async (request, response) => {
    const route = routeOf(request);
    if (!route)
      throw new AwsError(
        501,
        'NotImplemented',
        `There is no answer here to ${request.method} ${request.url}.`,
      );
    const body = await readBody(request);
    const read = readRequest(request, route, body);
    const token = read.body.ClientToken ?? read.query.get('clientToken') ?? undefined;
    const same = `${request.method} ${request.url} ${body}`;
    const act = () => route.run(scheduler, read);
    const answered = tokens.once(typeof token === 'string' ? token : undefined, same, act);
    answer(response, answered, 'application/json');
  };
}

function routeOf(request: IncomingMessage): Route | undefined {
  return findRoute(request.method ?? '', urlOf(request).pathname);
}

function readRequest(request: IncomingMessage, route: Route, body: Buffer): ScheduleRequest {
  const { pathname, searchParams } = urlOf(request);
  const name = decodeURIComponent(route.path.exec(pathname)?.[1] ?? '');
  return { name, query: searchParams, body: parseObject(body), region: regionOf(request) };
}

function urlOf({ url = '' }: IncomingMessage): URL {
  return new URL(url, 'http://localhost');
}

/** The signature names it: `Credential=test/20261120/us-east-1/scheduler/aws4_request`. */
function regionOf({ headers: { authorization = '' } }: IncomingMessage): string {
  return /Credential=[^/]+\/\d+\/([^/]+)\//.exec(authorization)?.[1] ?? 'us-east-1';
}
