import { AwsError, isObject } from '../../json-protocol.ts';
import type { ScheduleRequest } from '../schedule-request.ts';
import type { Schedule, ScheduleStore } from '../store.ts';
import { scheduleArn } from './get-schedule.ts';

/** @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html */
export function createSchedule(store: ScheduleStore, request: ScheduleRequest): object {
  const schedule = readSchedule(request);
  if (store.find(schedule.groupName, schedule.name)) {
    throw new AwsError(409, 'ConflictException', `Schedule ${schedule.name} already exists.`);
  }
  store.add(schedule);
  return { ScheduleArn: scheduleArn(schedule) };
}

const validName = /^[0-9a-zA-Z-_.]{1,64}$/;
const atExpression = /^at\((\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})\)$/;

function readSchedule({ name, groupName, body }: ScheduleRequest): Schedule {
  const target = isObject(body.Target) ? body.Target : {};
  const window = isObject(body.FlexibleTimeWindow) ? body.FlexibleTimeWindow : {};
  const { ScheduleExpression: expression, ScheduleExpressionTimezone: timeZone = 'UTC' } = body;
  expect(validName.test(name), 'Name must be 1 to 64 letters, digits, hyphens, underscores or dots.');
  expect(window.Mode === 'OFF', 'FlexibleTimeWindow.Mode must be OFF: this endpoint knows no other.');
  expect(timeZone === 'UTC', 'ScheduleExpressionTimezone must be UTC: this endpoint knows no other.');
  return {
    name,
    groupName,
    expression: String(expression),
    at: readTime(expression),
    targetArn: text(
      target.Arn,
      /^arn:aws[a-z-]*:sqs:[^:]+:[^:]+:[^:]+$/,
      'Target.Arn must name an SQS queue.',
    ),
    roleArn: text(
      target.RoleArn,
      /^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/,
      'Target.RoleArn must name a role.',
    ),
    input: text(target.Input, /./s, 'Target.Input must be the message.'),
    isDeletedAfterCompletion: body.ActionAfterCompletion === 'DELETE',
    createdAt: Date.now(),
  };
}

function readTime(expression: unknown): number {
  const at = Date.parse(`${atExpression.exec(String(expression))?.[1]}Z`);
  expect(!Number.isNaN(at), `Invalid Schedule Expression ${String(expression)}.`);
  return at;
}

function text(value: unknown, pattern: RegExp, rule: string): string {
  if (typeof value === 'string' && pattern.test(value)) return value;
  throw new AwsError(400, 'ValidationException', rule);
}

function expect(condition: boolean, rule: string): void {
  if (!condition) throw new AwsError(400, 'ValidationException', rule);
}
