import { ConfigurationError } from '../errors/index.ts';
import type { Timer, Timers } from '../ports/timers.ts';
import { isAwsError } from './http/aws-error.ts';
import type { QueueAddresses } from './queue-addresses.ts';
import type { SchedulerCalls } from './scheduler-calls.ts';

export interface TimersParts {
  /** The schedule group where the timers are. */
  readonly groupName: string;
  /** @default the role that `cdk deploy` makes */
  readonly roleArn: string | undefined;
  /** Where goes what cannot be delivered; undefined: nowhere. */
  readonly undeliveredQueueName: string | undefined;
  readonly scheduler: () => SchedulerCalls;
  readonly addresses: QueueAddresses;
}

/** The timers on EventBridge Scheduler: one-time schedules that vanish once they have fired. */
export function schedulerTimers(parts: TimersParts): Timers {
  return {
    set: (timer) => createSchedule(parts, timer),
    find: (id) => findSchedule(parts, id),
    cancel: (id) => deleteSchedule(parts, id),
  };
}

/** @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html */
async function createSchedule(
  { scheduler, addresses, groupName, roleArn, undeliveredQueueName }: TimersParts,
  timer: Timer,
): Promise<boolean> {
  const Arn = await addresses.arn(timer.queueName);
  const schedule = {
    GroupName: groupName,
    ScheduleExpression: atExpression(timer.at),
    ScheduleExpressionTimezone: 'UTC',
    FlexibleTimeWindow: { Mode: 'OFF' },
    ActionAfterCompletion: 'DELETE',
    Target: {
      Arn,
      RoleArn: roleArn ?? usualRole(Arn, groupName),
      Input: asInput(timer.message.body),
      ...deadLettersIn(undeliveredQueueName, Arn),
    },
  } as const;
  try {
    await scheduler().createSchedule(timer.id, schedule);
    return true;
  } catch (error) {
    if (isAwsError(error, 'ConflictException')) return false;
    throw isAwsError(error, 'ResourceNotFoundException') ? groupMissing(groupName, error) : error;
  }
}

export function groupMissing(groupName: string, cause: Error): ConfigurationError {
  return new ConfigurationError(
    `Expected a schedule group named '${groupName}', found none at this endpoint and region. Deploy the app, or start the local cloud.`,
    { cause },
  );
}

/** @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_GetSchedule.html */
async function findSchedule({ scheduler, groupName }: TimersParts, id: string): Promise<Timer | undefined> {
  try {
    const found = await scheduler().getSchedule({ name: id, groupName });
    const { ScheduleExpression = '', Target } = found;
    const queueName = Target?.Arn?.split(':').at(-1) ?? '';
    const at = Date.parse(`${/^at\((.+)\)$/.exec(ScheduleExpression)?.[1]}Z`);
    return { id, at, queueName, message: { body: asBody(Target?.Input ?? '') } };
  } catch (error) {
    if (isAwsError(error, 'ResourceNotFoundException')) return undefined;
    throw error;
  }
}

/**
 * Scheduler replaces words such as `<aws.scheduler.execution-id>`, also where an argument happens to hold them. Written as an
 * escape of JSON, which is what every body is, they are not found.
 *
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
 */
function asInput(body: string): string {
  return body.replaceAll('<aws.scheduler', '\\u003caws.scheduler');
}

/** The body as it was. Where an odd number of backslashes comes before, it is no escape but a text that looks like one. */
function asBody(input: string): string {
  return input.replaceAll(/(?<!\\)((?:\\\\)*)\\u003c(?=aws\.scheduler)/g, '$1<');
}

async function deleteSchedule({ scheduler, groupName }: TimersParts, id: string): Promise<boolean> {
  try {
    await scheduler().deleteSchedule({ name: id, groupName });
    return true;
  } catch (error) {
    if (isAwsError(error, 'ResourceNotFoundException')) return false;
    throw error;
  }
}

/**
 * Whole seconds, rounded up: never early.
 *
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#one-time
 */
function atExpression(epochMilliseconds: number): string {
  const second = new Date(Math.ceil(epochMilliseconds / 1_000) * 1_000);
  return `at(${second.toISOString().slice(0, 19)})`;
}

/** What the Scheduler cannot deliver in a day goes there. */
export function deadLettersIn(queueName: string | undefined, neighbour: string) {
  if (queueName === undefined) return {};
  const [, partition, , region, account] = neighbour.split(':');
  return { DeadLetterConfig: { Arn: `arn:${partition}:sqs:${region}:${account}:${queueName}` } };
}

/** IAM knows no regions, so that the name of a role tells which one it is for. */
export function usualRole(arn: string, groupName: string): string {
  const [, partition, , region, account] = arn.split(':');
  return `arn:${partition}:iam::${account}:role/${groupName}-scheduler-${region}`;
}
