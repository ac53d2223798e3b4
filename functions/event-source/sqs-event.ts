import { createHash } from 'node:crypto';
import type { SQSEvent, SQSRecord } from 'aws-lambda';
import type { ReceivedMessage } from '../../sdk/ports/queues.ts';

/** Where records say that they came from. */
export interface EventOrigin {
  readonly queueName: string;
  readonly region: string;
  readonly account: string;
}

/**
 * Builds the event that Lambda's event source mapping hands to a function for messages of an SQS queue.
 * The local poller and the in-memory worker call the handler with it, so that it cannot tell the difference.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
 */
export function sqsEvent(messages: readonly ReceivedMessage[], origin: EventOrigin): SQSEvent {
  return { Records: messages.map((message) => sqsRecord(message, origin)) };
}

function sqsRecord(message: ReceivedMessage, { queueName, region, account }: EventOrigin): SQSRecord {
  const attributes = Object.entries(message.attributes).map(
    ([name, stringValue]) => [name, { stringValue, dataType: 'String' as const }] as const,
  );
  return {
    messageId: message.messageId,
    receiptHandle: message.handle,
    body: message.body,
    attributes: {
      ApproximateReceiveCount: String(message.receives),
      SentTimestamp: String(message.sentAt),
      SenderId: account,
      ApproximateFirstReceiveTimestamp: String(message.sentAt),
    },
    messageAttributes: Object.fromEntries(attributes),
    md5OfBody: createHash('md5').update(message.body).digest('hex'),
    eventSource: 'aws:sqs',
    eventSourceARN: `arn:aws:sqs:${region}:${account}:${queueName}`,
    awsRegion: region,
  };
}
