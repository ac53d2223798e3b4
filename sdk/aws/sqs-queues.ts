import type { Answer, OutgoingMessage, Queues, ReceivedMessage, ReceiveOptions } from '../ports/queues.ts';
import { batchTooLarge } from '../wire/size.ts';
import { answersOf } from './batch-answers.ts';
import { isAwsError } from './http/aws-error.ts';
import type { JsonCalls } from './http/json-calls.ts';
import type { QueueAddresses } from './queue-addresses.ts';
import type { BatchReply, IncomingMessage, OutgoingEntry, SqsOperations } from './sqs-operations.ts';

/** The requests to SQS. */
export type SqsCalls = JsonCalls<SqsOperations>;

/** What the queues need. */
export interface QueuesParts {
  readonly sqs: () => SqsCalls;
  /** As `sqs`; its requests may take 20 seconds each. */
  readonly polls: () => SqsCalls;
  readonly addresses: QueueAddresses;
}

/** The queues on SQS. */
export function sqsQueues({ sqs, polls, addresses }: QueuesParts): Queues {
  /** An empty batch is refused by SQS and has nothing to answer. */
  const batch = async (
    queueName: string,
    entries: readonly unknown[],
    request: (url: string) => Promise<BatchReply>,
  ): Promise<readonly Answer[]> =>
    entries.length === 0 ? [] : answersOf(entries.length, await addresses.at(queueName, request));

  return {
    send: (queueName, messages) => batch(queueName, messages, (url) => sendBatch(sqs(), url, messages)),

    receive: (queueName, options) => addresses.at(queueName, (url) => receiveAt(polls(), url, options)),

    delete: (queueName, handles) =>
      batch(queueName, handles, (QueueUrl) => {
        const Entries = handles.map((ReceiptHandle, index) => ({ Id: String(index), ReceiptHandle }));
        return sqs().call('DeleteMessageBatch', { QueueUrl, Entries });
      }),

    delay: (queueName, handles, VisibilityTimeout) =>
      batch(queueName, handles, (QueueUrl) => {
        const Entries = handles.map((ReceiptHandle, index) => ({
          Id: String(index),
          ReceiptHandle,
          VisibilityTimeout,
        }));
        return sqs().call('ChangeMessageVisibilityBatch', { QueueUrl, Entries });
      }),
  };
}

/** A lone message goes the same way: a batch of one costs what a single send costs. */
async function sendBatch(sqs: SqsCalls, url: string, messages: readonly OutgoingMessage[]) {
  try {
    return await sqs.call('SendMessageBatch', { QueueUrl: url, Entries: messages.map(outgoing) });
  } catch (error) {
    throw isAwsError(error, 'BatchRequestTooLong') ? batchTooLarge(messages) : error;
  }
}

function outgoing(message: OutgoingMessage, index: number): OutgoingEntry {
  const { body, delaySeconds, groupId, attributes = {} } = message;
  const named = Object.entries(attributes).map(
    ([name, StringValue]) => [name, { DataType: 'String', StringValue }] as const,
  );
  return {
    Id: String(index),
    MessageBody: body,
    ...(delaySeconds !== undefined && { DelaySeconds: delaySeconds }),
    ...(groupId !== undefined && { MessageGroupId: groupId }),
    ...(named.length > 0 && { MessageAttributes: Object.fromEntries(named) }),
  };
}

async function receiveAt(
  sqs: SqsCalls,
  url: string,
  { max, waitSeconds, signal }: ReceiveOptions,
): Promise<readonly ReceivedMessage[]> {
  const request = {
    QueueUrl: url,
    MaxNumberOfMessages: max,
    WaitTimeSeconds: waitSeconds,
    MessageSystemAttributeNames: ['ApproximateReceiveCount', 'SentTimestamp'],
    MessageAttributeNames: ['All'],
  };
  const { Messages = [] } = await sqs.call('ReceiveMessage', request, signal);
  return Messages.map(received);
}

function received(message: IncomingMessage): ReceivedMessage {
  const { MessageId = '', ReceiptHandle = '', Body = '', Attributes = {}, MessageAttributes = {} } = message;
  const texts = Object.entries(MessageAttributes).flatMap(([name, { StringValue }]) =>
    StringValue === undefined ? [] : [[name, StringValue] as const],
  );
  return {
    messageId: MessageId,
    handle: ReceiptHandle,
    body: Body,
    attributes: Object.fromEntries(texts),
    receives: Number(Attributes.ApproximateReceiveCount ?? 1),
    sentAt: Number(Attributes.SentTimestamp ?? 0),
  };
}
