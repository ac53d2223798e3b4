import { isObject } from '../../json-protocol.ts';
import type { ScheduledMessage } from './scheduled-message.ts';
import { TargetError } from './target-error.ts';

/**
 * Reads the Input of the universal target `sqs:sendMessage`: the parameters of SendMessage as JSON. A URL that names no region
 * is of the schedule's own.
 *
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html
 */
export function universalMessage(payload: string, ownRegion: string): ScheduledMessage {
  const input: unknown = JSON.parse(payload);
  const { QueueUrl, MessageBody, MessageGroupId, MessageDeduplicationId, DelaySeconds, MessageAttributes } =
    isObject(input) ? input : {};
  if (typeof QueueUrl !== 'string' || typeof MessageBody !== 'string') {
    throw refusal('The request must contain the parameters QueueUrl and MessageBody.');
  }
  return {
    queueArn: queueArn(QueueUrl, ownRegion),
    body: MessageBody,
    attributes: readAttributes(MessageAttributes),
    ...(typeof MessageGroupId === 'string' && { groupId: MessageGroupId }),
    ...(typeof MessageDeduplicationId === 'string' && { deduplicationId: MessageDeduplicationId }),
    ...(typeof DelaySeconds === 'number' && { delaySeconds: DelaySeconds }),
  };
}

function queueArn(url: string, ownRegion: string): string {
  const [, host = '', account, name] = /^https?:\/\/([^/]+)\/(?:.*\/)?([^/]+)\/([^/]+)$/.exec(url) ?? [];
  if (account === undefined || name === undefined) throw refusal(`The queue URL ${url} names no queue.`);
  const region = /(?:^|\.)([a-z]{2}(?:-[a-z]+)+-\d)\./.exec(host)?.[1] ?? ownRegion;
  return `arn:aws:sqs:${region}:${account}:${name}`;
}

function readAttributes(given: unknown): Readonly<Record<string, string>> {
  const entries = Object.entries(isObject(given) ? given : {});
  return Object.fromEntries(
    entries.map(([name, attribute]) => {
      if (
        isObject(attribute) &&
        attribute.DataType === 'String' &&
        typeof attribute.StringValue === 'string'
      ) {
        return [name, attribute.StringValue];
      }
      throw refusal(`The message attribute ${name} is not of the type String, the only one known here.`);
    }),
  );
}

function refusal(message: string): TargetError {
  return new TargetError('InvalidParameterValue', message, true);
}
