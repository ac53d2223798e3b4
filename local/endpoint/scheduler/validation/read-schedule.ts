import { isObject } from '../../json-protocol.ts';
import { scheduleArn } from '../arns.ts';
import { type Expression, parseExpression } from '../expressions/expression.ts';
import { firstFire } from '../expressions/next-fire.ts';
import { isTimeZone } from '../expressions/wall-time.ts';
import type { ScheduleRequest } from '../schedule-request.ts';
import { invalid } from '../scheduler-errors.ts';
import { defaultGroup } from '../store/group-store.ts';
import type { Schedule } from '../store/schedule.ts';
import { readChoice, readInstant, readNumber, readText, requireText } from './field.ts';
import { readGroupName, readName } from './names.ts';
import { readTarget } from './read-target.ts';

type Body = ScheduleRequest['body'];

const expressionText = /^.{1,256}$/s;
const timezoneText = /^.{1,50}$/;
const descriptionText = /^.{0,512}$/s;
const keyArn = /^arn:aws(-[a-z]+)?:kms:[a-z0-9-]+:\d{12}:(key|alias)\/[0-9a-zA-Z-_]+$/;

/** How long ago a start may lie. */
const startGraceMs = 5 * 60_000;

/**
 * Reads a schedule, as create and update give it: an update that leaves something out sets it back to its default.
 *
 * @throws AwsError (ValidationException)
 * @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html
 */
export function readSchedule({ name, body, region }: ScheduleRequest, now: number): Schedule {
  const key = { name: readName(name), groupName: readGroupName(body.GroupName) ?? defaultGroup };
  const action = { at: 'actionAfterCompletion', value: body.ActionAfterCompletion };
  return {
    ...key,
    arn: scheduleArn(region, key),
    ...readTiming(body),
    ...readLimits(body, now),
    state: readChoice({ at: 'state', value: body.State }, ['ENABLED', 'DISABLED']) ?? 'ENABLED',
    windowMinutes: readWindow(body.FlexibleTimeWindow),
    target: readTarget(body.Target),
    actionAfterCompletion: readChoice(action, ['NONE', 'DELETE']) ?? 'NONE',
    description: readText({ at: 'description', value: body.Description }, descriptionText),
    kmsKeyArn: readText({ at: 'kmsKeyArn', value: body.KmsKeyArn }, keyArn),
    createdAt: now,
    modifiedAt: now,
  };
}

function readTiming(body: Body): Pick<Schedule, 'expression' | 'timing' | 'timezone'> {
  const expression = requireText(
    { at: 'scheduleExpression', value: body.ScheduleExpression },
    expressionText,
  );
  const zone = { at: 'scheduleExpressionTimezone', value: body.ScheduleExpressionTimezone };
  const timezone = readText(zone, timezoneText) ?? 'UTC';
  if (!isTimeZone(timezone)) throw invalid(`Invalid ScheduleExpressionTimezone ${timezone}.`);
  const timing = parseExpression(expression);
  if (!timing || isOutOfTime(timing, timezone)) throw invalid(`Invalid Schedule Expression ${expression}.`);
  return { expression, timing, timezone };
}

/** A time that the clock on the wall never shows would never come, and nobody would hear of it. */
function isOutOfTime(timing: Expression, timezone: string): boolean {
  return timing.kind === 'at' && firstFire(timing, timezone, { now: 0 }) === undefined;
}

function readLimits(body: Body, now: number): Pick<Schedule, 'startAt' | 'endAt'> {
  const startAt = readInstant({ at: 'startDate', value: body.StartDate });
  const endAt = readInstant({ at: 'endDate', value: body.EndDate });
  if (startAt !== undefined && startAt < now - startGraceMs) {
    throw invalid('The StartDate you specify cannot be earlier than 5 minutes ago.');
  }
  if (endAt !== undefined && endAt < Math.max(now, startAt ?? now)) {
    throw invalid('The EndDate you specify cannot be earlier than now, or than the StartDate.');
  }
  return { startAt, endAt };
}

function readWindow(value: unknown): number {
  const window = isObject(value) ? value : {};
  const minutes = { at: 'flexibleTimeWindow.maximumWindowInMinutes', value: window.MaximumWindowInMinutes };
  const length = readNumber(minutes, [1, 1_440]);
  requireText({ at: 'flexibleTimeWindow.mode', value: window.Mode }, /^(OFF|FLEXIBLE)$/);
  if ((window.Mode === 'FLEXIBLE') !== (length !== undefined)) {
    throw invalid('A FLEXIBLE time window needs MaximumWindowInMinutes, and OFF has none.');
  }
  return length ?? 0;
}
