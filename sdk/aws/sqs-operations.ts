import type { Operation } from './http/json-calls.ts';

/**
 * What we ask of SQS.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_Operations.html
 */
export interface SqsOperations {
  GetQueueUrl: Operation<
    { readonly QueueName: string; readonly QueueOwnerAWSAccountId?: string },
    { readonly QueueUrl?: string }
  >;
  GetQueueAttributes: Operation<
    { readonly QueueUrl: string; readonly AttributeNames: readonly string[] },
    { readonly Attributes?: Readonly<Record<string, string>> }
  >;
  SendMessageBatch: Operation<Batch<OutgoingEntry>, BatchReply>;
  ReceiveMessage: Operation<Receive, { readonly Messages?: readonly IncomingMessage[] }>;
  DeleteMessageBatch: Operation<Batch<HandleEntry>, BatchReply>;
  ChangeMessageVisibilityBatch: Operation<
    Batch<HandleEntry & { readonly VisibilityTimeout: number }>,
    BatchReply
  >;
}

interface Batch<Entry> {
  readonly QueueUrl: string;
  readonly Entries: readonly Entry[];
}

export interface OutgoingEntry {
  readonly Id: string;
  readonly MessageBody: string;
  readonly DelaySeconds?: number;
  readonly MessageGroupId?: string;
  readonly MessageAttributes?: Readonly<Record<string, MessageAttribute>>;
}

interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
}

interface HandleEntry {
  readonly Id: string;
  readonly ReceiptHandle: string;
}

interface Receive {
  readonly QueueUrl: string;
  readonly MaxNumberOfMessages: number;
  readonly WaitTimeSeconds: number;
  readonly MessageSystemAttributeNames: readonly string[];
  readonly MessageAttributeNames: readonly string[];
}

/** SQS gives every field that was asked for; its documentation says that it may not. */
export interface IncomingMessage {
  readonly MessageId?: string;
  readonly ReceiptHandle?: string;
  readonly Body?: string;
  readonly Attributes?: Readonly<Record<string, string>>;
  readonly MessageAttributes?: Readonly<Record<string, MessageAttribute>>;
}

/** What all batch replies have in common. Entries bear their index as id. */
export interface BatchReply {
  readonly Successful?: readonly { readonly Id?: string }[];
  readonly Failed?: readonly FailedEntry[];
}

export interface FailedEntry {
  readonly Id?: string;
  readonly Code?: string;
  readonly Message?: string;
  readonly SenderFault?: boolean;
}
