import { readJson } from './http/read-json.ts';
import { type SignedRequest, type SignedRequestsOptions, signedRequests } from './http/signed-requests.ts';

/** A schedule as the service gives it. What is not named here passes through us as it is. */
export interface Schedule {
  readonly Name?: string;
  readonly Description?: string;
  readonly ScheduleExpression?: string;
  readonly ScheduleExpressionTimezone?: string;
  /** Epoch seconds. */
  readonly StartDate?: number;
  /** Epoch seconds. */
  readonly EndDate?: number;
  readonly State?: 'ENABLED' | 'DISABLED';
  readonly ActionAfterCompletion?: 'NONE' | 'DELETE';
  readonly KmsKeyArn?: string;
  readonly FlexibleTimeWindow?: { readonly Mode?: string; readonly MaximumWindowInMinutes?: number };
  readonly Target?: ScheduleTarget;
}

export interface ScheduleTarget {
  readonly Arn?: string;
  readonly RoleArn?: string;
  readonly Input?: string;
}

/** As it is written. */
export type WrittenSchedule = {
  readonly [Field in Exclude<keyof Schedule, 'Name'>]?: Schedule[Field] | undefined;
} & { readonly GroupName: string };

/** Which one it is. */
export interface ScheduleKey {
  readonly name: string;
  readonly groupName: string;
}

export interface ScheduleList {
  readonly groupName: string;
  readonly namePrefix?: string;
}

export type SchedulerCalls = ReturnType<typeof schedulerCalls>;

const perPage = '50';

/**
 * What we ask of EventBridge Scheduler.
 *
 * @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_Operations.html
 */
export function schedulerCalls(options: Omit<SignedRequestsOptions, 'service'>) {
  const requests = signedRequests({ ...options, service: 'scheduler' });
  const send = <T>(
    operation: string,
    request: Pick<SignedRequest, 'method' | 'path' | 'query'> & { body?: object },
  ): Promise<T> => {
    const { body, ...rest } = request;
    const written = body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
    return requests.send({ ...rest, ...written, name: `scheduler.${operation}` }, readJson<T>);
  };
  const write = (operation: string, method: 'POST' | 'PUT') => (name: string, schedule: WrittenSchedule) =>
    send<{ readonly ScheduleArn?: string }>(operation, {
      method,
      path: `/schedules/${name}`,
      body: once(schedule),
    });

  return {
    createSchedule: write('CreateSchedule', 'POST'),
    updateSchedule: write('UpdateSchedule', 'PUT'),
    getSchedule: ({ name, groupName }: ScheduleKey) =>
      send<Schedule>('GetSchedule', { method: 'GET', path: `/schedules/${name}`, query: { groupName } }),
    deleteSchedule: ({ name, groupName }: ScheduleKey) => {
      const query = { groupName, clientToken: crypto.randomUUID() };
      return send('DeleteSchedule', { method: 'DELETE', path: `/schedules/${name}`, query });
    },
    /** Page by page. */
    async *listSchedules({ groupName, namePrefix }: ScheduleList): AsyncGenerator<readonly Schedule[]> {
      let NextToken: string | undefined;
      do {
        const query = { ScheduleGroup: groupName, NamePrefix: namePrefix, NextToken, MaxResults: perPage };
        const page = await send<Page>('ListSchedules', { method: 'GET', path: '/schedules', query });
        yield page.Schedules ?? [];
        NextToken = page.NextToken;
      } while (NextToken);
    },
    createGroup: (name: string) =>
      send('CreateScheduleGroup', { method: 'POST', path: `/schedule-groups/${name}`, body: once({}) }),
    getGroup: (name: string) =>
      send<{ readonly Arn?: string }>('GetScheduleGroup', {
        method: 'GET',
        path: `/schedule-groups/${name}`,
      }),
    close: () => requests.close(),
  };
}

interface Page {
  readonly Schedules?: readonly Schedule[];
  readonly NextToken?: string;
}

/** By its token the service knows an attempt that is a repetition. */
function once<T extends object>(input: T) {
  return { ...input, ClientToken: crypto.randomUUID() };
}
