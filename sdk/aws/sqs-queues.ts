import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { Answer, OutgoingMessage, Queues, ReceivedMessage, ReceiveOptions } from '../ports/queues.ts';
import { batchTooLarge } from '../wire/size.ts';
import { answersOf, type BatchReply } from './batch-answers.ts';
import { isAwsError } from './error-name.ts';
import type { QueueAddresses } from './queue-addresses.ts';

/** The queues on SQS. */
export function sqsQueues(client: () => SQSClient, addresses: QueueAddresses): Queues {
  /** An empty batch is refused by SQS and has nothing to answer. */
  const batch = async (
    queueName: string,
    entries: readonly unknown[],
    request: (url: string) => Promise<BatchReply>,
  ): Promise<readonly Answer[]> =>
    entries.length === 0 ? [] : answersOf(entries.length, await addresses.at(queueName, request));

  return {
    send: (queueName, messages) => batch(queueName, messages, (url) => sendBatch(client(), url, messages)),

    receive: (queueName, options) => addresses.at(queueName, (url) => receiveAt(client(), url, options)),

    delete: (queueName, handles) =>
      batch(queueName, handles, (QueueUrl) => {
        const Entries = handles.map((ReceiptHandle, index) => ({ Id: String(index), ReceiptHandle }));
        return client().send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
      }),

    delay: (queueName, handles, VisibilityTimeout) =>
      batch(queueName, handles, (QueueUrl) => {
        const Entries = handles.map((ReceiptHandle, index) => ({
          Id: String(index),
          ReceiptHandle,
          VisibilityTimeout,
        }));
        return client().send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries }));
      }),
  };
}

/** A lone message goes the same way: a batch of one costs what a single send costs. */
async function sendBatch(client: SQSClient, url: string, messages: readonly OutgoingMessage[]) {
  try {
    return await client.send(new SendMessageBatchCommand({ QueueUrl: url, Entries: messages.map(outgoing) }));
  } catch (error) {
    throw isAwsError(error, 'BatchRequestTooLong') ? batchTooLarge(messages) : error;
  }
}

function outgoing(message: OutgoingMessage, index: number): SendMessageBatchRequestEntry {
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
  client: SQSClient,
  url: string,
  { max, waitSeconds, signal }: ReceiveOptions,
): Promise<readonly ReceivedMessage[]> {
  const command = new ReceiveMessageCommand({
    QueueUrl: url,
    MaxNumberOfMessages: max,
    WaitTimeSeconds: waitSeconds,
    MessageSystemAttributeNames: ['ApproximateReceiveCount', 'SentTimestamp'],
    MessageAttributeNames: ['All'],
  });
  try {
    const { Messages = [] } = await client.send(command, signal ? { abortSignal: signal } : {});
    return Messages.map(received);
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}

/** SQS gives every field that was asked for; only its types say that it may not. */
function received(message: Message): ReceivedMessage {
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
