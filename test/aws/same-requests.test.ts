import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DeleteItemCommand,
  DynamoDBClient,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { expect, test } from 'vitest';
import { toAttributes } from '../../sdk/aws/attribute-value.ts';
import type { DynamoDbOperations } from '../../sdk/aws/dynamodb-operations.ts';
import { type JsonCalls, jsonCalls } from '../../sdk/aws/http/json-calls.ts';
import type { SqsOperations } from '../../sdk/aws/sqs-operations.ts';
import { bothAsk, connection } from './both-ask.ts';

const queue = { QueueUrl: 'https://sqs.us-east-1.amazonaws.com/000000000000/q' };
const batch = { ...queue, Entries: [{ Id: '0', MessageBody: 'ü\n"', DelaySeconds: 5 }] };
const poll = {
  ...queue,
  MaxNumberOfMessages: 10,
  WaitTimeSeconds: 20,
  MessageAttributeNames: ['All'],
  MessageSystemAttributeNames: ['SentTimestamp' as const],
};

const handles = { ...queue, Entries: [{ Id: '0', ReceiptHandle: 'AQEB+/=' }] };
const delays = { ...queue, Entries: [{ Id: '0', ReceiptHandle: 'AQEB+/=', VisibilityTimeout: 0 }] };
const attributes = { ...queue, AttributeNames: ['QueueArn' as const] };

test.for([
  [
    'GetQueueUrl',
    (c) => c.call('GetQueueUrl', { QueueName: 'q' }),
    new GetQueueUrlCommand({ QueueName: 'q' }),
  ],
  [
    'GetQueueAttributes',
    (c) => c.call('GetQueueAttributes', attributes),
    new GetQueueAttributesCommand(attributes),
  ],
  [
    'DeleteMessageBatch',
    (c) => c.call('DeleteMessageBatch', handles),
    new DeleteMessageBatchCommand(handles),
  ],
  [
    'ChangeMessageVisibilityBatch',
    (c) => c.call('ChangeMessageVisibilityBatch', delays),
    new ChangeMessageVisibilityBatchCommand(delays),
  ],
  ['SendMessageBatch', (c) => c.call('SendMessageBatch', batch), new SendMessageBatchCommand(batch)],
  ['ReceiveMessage', (c) => c.call('ReceiveMessage', poll), new ReceiveMessageCommand(poll)],
] satisfies [string, (calls: JsonCalls<SqsOperations>) => Promise<unknown>, unknown][])(
  'asks SQS for %s as the AWS SDK does',
  async ([, ours, command]) => {
    const [first, second] = await bothAsk(
      async (endpoint) => {
        const calls = jsonCalls<SqsOperations>({ ...connection, endpoint, service: 'sqs' });
        await ours(calls);
        await calls.close();
      },
      (endpoint) => {
        const client = new SQSClient({ ...connection, endpoint, useQueueUrlAsEndpoint: false });
        // It misses checksums in this answer.
        return client.send(command as ReceiveMessageCommand).catch(() => undefined);
      },
    );

    expect(first).toEqual(second);
  },
);

test('writes a row as the AWS SDK does, bytes and sets included', async () => {
  const item = {
    id: 'ü',
    n: 1.5,
    yes: true,
    bytes: new Uint8Array([0, 255, 62]),
    tags: new Set(['a', 'b']),
    ns: new Set([1, 2]),
  };
  const theirItem = {
    id: { S: 'ü' },
    n: { N: '1.5' },
    yes: { BOOL: true },
    bytes: { B: new Uint8Array([0, 255, 62]) },
    tags: { SS: ['a', 'b'] },
    ns: { NS: ['1', '2'] },
  };
  const [first, second] = await bothAsk(
    async (endpoint) => {
      const calls = jsonCalls<DynamoDbOperations>({ ...connection, endpoint, service: 'dynamodb' });
      await calls.call('PutItem', { TableName: 'table', Item: toAttributes(item) });
      await calls.close();
    },
    (endpoint) =>
      new DynamoDBClient({ ...connection, endpoint }).send(
        new PutItemCommand({ TableName: 'table', Item: theirItem }),
      ),
  );

  expect(first).toEqual(second);
});

const reading = { RequestItems: { table: { Keys: [{ id: { S: 'a' } }], ConsistentRead: true } } };
const change = {
  TableName: 'table',
  Key: { id: { S: 'a' } },
  UpdateExpression: 'SET #a = :a',
  ExpressionAttributeNames: { '#a': 'x' },
  ExpressionAttributeValues: { ':a': { N: '1' } },
  ReturnValues: 'ALL_NEW' as const,
};

const writing = { RequestItems: { table: [{ PutRequest: { Item: { id: { S: 'a' }, b: { B: 'AP8+' } } } }] } };
const theirWriting = {
  RequestItems: {
    table: [{ PutRequest: { Item: { id: { S: 'a' }, b: { B: new Uint8Array([0, 255, 62]) } } } }],
  },
};
const row = { TableName: 'table', Key: { id: { S: 'ü' } } };

test.for([
  ['BatchWriteItem', (c) => c.call('BatchWriteItem', writing), new BatchWriteItemCommand(theirWriting)],
  ['DeleteItem', (c) => c.call('DeleteItem', row), new DeleteItemCommand(row)],
  ['BatchGetItem', (c) => c.call('BatchGetItem', reading), new BatchGetItemCommand(reading)],
  ['UpdateItem', (c) => c.call('UpdateItem', change), new UpdateItemCommand(change)],
] satisfies [string, (calls: JsonCalls<DynamoDbOperations>) => Promise<unknown>, unknown][])(
  'asks DynamoDB for %s as the AWS SDK does',
  async ([, ours, command]) => {
    const [first, second] = await bothAsk(
      async (endpoint) => {
        const calls = jsonCalls<DynamoDbOperations>({ ...connection, endpoint, service: 'dynamodb' });
        await ours(calls);
        await calls.close();
      },
      (endpoint) => new DynamoDBClient({ ...connection, endpoint }).send(command as UpdateItemCommand),
    );

    expect(first).toEqual(second);
  },
);
