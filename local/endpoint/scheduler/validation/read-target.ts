import { isObject } from '../../json-protocol.ts';
import { invalid } from '../scheduler-errors.ts';
import type { Target } from '../store/schedule.ts';
import { targetKind } from '../targets/target-kind.ts';
import { readNumber, readText, requireText } from './field.ts';

type Body = Readonly<Record<string, unknown>>;

const anyArn = /^arn:aws(-[a-z]+)?:.+$/;
const queueArn = /^arn:aws(-[a-z]+)?:sqs:[a-z0-9-]+:\d{12}:[a-zA-Z0-9-_]+$/;
const roleArn = /^arn:aws(-[a-z]+)?:iam::\d{12}:role\/[\w+=,.@/-]+$/;
const groupId = /^.{1,128}$/;
const something = /./s;

/** @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_Target.html */
export function readTarget(given: unknown): Target {
  const target = objectIn(given);
  const retryPolicy = objectIn(target.RetryPolicy);
  const arn = requireText({ at: 'target.arn', value: target.Arn }, anyArn);
  requireText({ at: 'target.roleArn', value: target.RoleArn }, roleArn);
  const maxAge = {
    at: 'target.retryPolicy.maximumEventAgeInSeconds',
    value: retryPolicy.MaximumEventAgeInSeconds,
  };
  const retries = { at: 'target.retryPolicy.maximumRetryAttempts', value: retryPolicy.MaximumRetryAttempts };
  return {
    arn,
    input: readInput(arn, target.Input),
    messageGroupId: readGroupId(target),
    deadLetterArn: readDeadLetterArn(target),
    maxAgeSeconds: readNumber(maxAge, [60, 86_400]) ?? 86_400,
    maxRetries: readNumber(retries, [0, 185]) ?? 185,
    given: target,
  };
}

/** Only a queue takes any text; everything else takes JSON. */
function readInput(arn: string, value: unknown): string | undefined {
  const kind = targetKind(arn);
  if (!kind)
    throw invalid(`Provided Arn is not in correct format, or this endpoint has no such target: ${arn}`);
  const input = readText({ at: 'target.input', value }, something);
  if (kind === 'universal' && input === undefined) throw invalid('A universal target needs an Input.');
  if (kind !== 'queue' && input !== undefined && !isJson(input)) {
    throw invalid('Provided Input is not valid JSON.');
  }
  return input;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function readGroupId({ SqsParameters }: Body): string | undefined {
  const value = objectIn(SqsParameters).MessageGroupId;
  return readText({ at: 'target.sqsParameters.messageGroupId', value }, groupId);
}

function readDeadLetterArn({ DeadLetterConfig }: Body): string | undefined {
  return readText({ at: 'target.deadLetterConfig.arn', value: objectIn(DeadLetterConfig).Arn }, queueArn);
}

function objectIn(value: unknown): Body {
  return isObject(value) ? value : {};
}
