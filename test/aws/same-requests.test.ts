import {
  BatchGetItemCommand,
  DynamoDBClient,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import {
  CreateScheduleCommand,
  DeleteScheduleCommand,
  GetScheduleCommand,
  GetScheduleGroupCommand,
  ListSchedulesCommand,
  SchedulerClient,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import { ReceiveMessageCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { expect, test } from 'vitest';
import { toAttributes } from '../../sdk/aws/attribute-value.ts';
import type { DynamoDbOperations } from '../../sdk/aws/dynamodb-operations.ts';
import { type JsonCalls, jsonCalls } from '../../sdk/aws/http/json-calls.ts';
import { schedulerCalls } from '../../sdk/aws/scheduler-calls.ts';
import type { SqsOperations } from '../../sdk/aws/sqs-operations.ts';
import { type Arrived, answering, moodyServer } from './moody-server.ts';

const connection = {
  region: 'us-east-1',
  credentials: { accessKeyId: 'key', secretAccessKey: 'secret', sessionToken: 'token' },
};

/** What matters of a request. Tokens are random. */
function essence({ method, path, headers, body }: Arrived) {
  const [where, query = ''] = path.replace(/clientToken=[\w-]+/, 'clientToken=<token>').split('?');
  return {
    method,
    where,
    query: query.split('&').toSorted(),
    target: headers['x-amz-target'],
    type: headers['content-type'],
    token: headers['x-amz-security-token'],
    signed: headers.authorization?.split(',')[0],
    body: body && JSON.parse(body.replace(/("ClientToken":)"[\w-]+"/, '$1"<token>"')),
  };
}

/** What the server is asked by both. */
async function bothAsk(
  ours: (endpoint: string) => Promise<unknown>,
  theirs: (endpoint: string) => Promise<unknown>,
): Promise<readonly ReturnType<typeof essence>[]> {
  await using server = await moodyServer(answering(200, {}));
  await ours(server.url);
  await theirs(server.url);
  return server.arrived.map(essence);
}

const schedule = {
  GroupName: 'group',
  ScheduleExpression: 'at(2027-01-01T00:00:00)',
  FlexibleTimeWindow: { Mode: 'OFF' as const },
  State: 'ENABLED' as const,
  Target: {
    Arn: 'arn:aws:sqs:us-east-1:000000000000:q',
    RoleArn: 'arn:aws:iam::000000000000:role/r',
    Input: '"ü"',
  },
};
const name = 'timer-1.2_3';
const key = { name, groupName: 'group' };
const theirKey = { Name: name, GroupName: 'group' };

test.for([
  [
    'CreateSchedule',
    (s) => s.createSchedule(name, schedule),
    new CreateScheduleCommand({ Name: name, ...schedule }),
  ],
  [
    'UpdateSchedule',
    (s) => s.updateSchedule(name, schedule),
    new UpdateScheduleCommand({ Name: name, ...schedule }),
  ],
  ['GetSchedule', (s) => s.getSchedule(key), new GetScheduleCommand(theirKey)],
  ['DeleteSchedule', (s) => s.deleteSchedule(key), new DeleteScheduleCommand(theirKey)],
  ['GetScheduleGroup', (s) => s.getGroup('group'), new GetScheduleGroupCommand({ Name: 'group' })],
  [
    'ListSchedules',
    (s) => s.listSchedules({ groupName: 'group', namePrefix: 'beat-' }).next(),
    new ListSchedulesCommand({ GroupName: 'group', NamePrefix: 'beat-', MaxResults: 50 }),
  ],
] satisfies [string, (calls: ReturnType<typeof schedulerCalls>) => Promise<unknown>, unknown][])(
  'asks Scheduler for %s as the AWS SDK does',
  async ([, ours, command]) => {
    const [first, second] = await bothAsk(
      async (endpoint) => {
        const calls = schedulerCalls({ ...connection, endpoint });
        await ours(calls);
        await calls.close();
      },
      (endpoint) => new SchedulerClient({ ...connection, endpoint }).send(command as GetScheduleCommand),
    );

    expect(first).toEqual(second);
  },
);

const queue = { QueueUrl: 'https://sqs.us-east-1.amazonaws.com/000000000000/q' };
const batch = { ...queue, Entries: [{ Id: '0', MessageBody: 'ü\n"', DelaySeconds: 5 }] };
const poll = {
  ...queue,
  MaxNumberOfMessages: 10,
  WaitTimeSeconds: 20,
  MessageAttributeNames: ['All'],
  MessageSystemAttributeNames: ['SentTimestamp' as const],
};

test.for([
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

test.for([
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
