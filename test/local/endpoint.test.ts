import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { promisify } from 'node:util';
import { DescribeTimeToLiveCommand, DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import {
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  GetScheduleCommand,
  SchedulerClient,
} from '@aws-sdk/client-scheduler';
import {
  CreateQueueCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { expect, onTestFinished, test } from 'vitest';
import { startEndpoint } from '../../local/endpoint/start-endpoint.ts';
import { connectionTo } from '../../sdk/aws/connection.ts';

/** An endpoint of its own for one test, with the clients of AWS. */
async function given() {
  const endpoint = await startEndpoint();
  const connection = connectionTo('SQS', { endpoint: endpoint.url });
  const sqs = new SQSClient({ ...connection, useQueueUrlAsEndpoint: false, maxAttempts: 1 });
  const dynamoDb = new DynamoDBClient(connection);
  const scheduler = new SchedulerClient(connection);
  onTestFinished(async () => {
    for (const client of [sqs, dynamoDb, scheduler]) client.destroy();
    await endpoint.stop();
  });
  return { endpoint, sqs, dynamoDb, scheduler };
}

async function createQueue(sqs: SQSClient) {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'queue' }));
  return QueueUrl;
}

const queueArn = 'arn:aws:sqs:us-east-1:000000000000:queue';

const schedule: CreateScheduleCommandInput = {
  Name: 'schedule',
  ScheduleExpression: 'at(2099-12-31T23:59:59)',
  FlexibleTimeWindow: { Mode: 'OFF' },
  Target: { Arn: queueArn, RoleArn: 'arn:aws:iam::000000000000:role/scheduler', Input: 'hello' },
};

test('serves SQS, DynamoDB and Scheduler at one address, and counts their requests', async () => {
  const { endpoint, sqs, dynamoDb, scheduler } = await given();

  await sqs.send(new ListQueuesCommand());
  await sqs.send(new ListQueuesCommand());
  await dynamoDb.send(new ListTablesCommand());
  await scheduler.send(new CreateScheduleCommand(schedule));

  expect(endpoint.traffic.byAction()).toEqual({
    'DynamoDB.ListTables': 1,
    'SQS.ListQueues': 2,
    'Scheduler.CreateSchedule': 1,
  });
  expect(endpoint.traffic.count('SQS.ListQueues')).toBe(2);
  expect(endpoint.traffic.count()).toBe(4);
});

test('counts requests that it refuses, and starts again at nothing', async () => {
  const { endpoint, sqs } = await given();
  await sqs.send(new GetQueueUrlCommand({ QueueName: 'missing' })).catch(() => undefined);

  const counted = endpoint.traffic.count('SQS.GetQueueUrl');
  endpoint.traffic.reset();

  expect(counted).toBe(1);
  expect(endpoint.traffic.count()).toBe(0);
});

test('answers what it does not know with an error in JSON', async () => {
  const { endpoint } = await given();

  const headers = { 'x-amz-target': 'Kinesis_20131202.PutRecord' };
  const unknown = await fetch(endpoint.url, { method: 'POST', headers, body: '{}' });
  const page = await fetch(`${endpoint.url}/index.html`);

  expect([unknown.status, await unknown.json()]).toMatchObject([
    400,
    { __type: 'UnknownOperationException' },
  ]);
  expect([page.status, await page.json()]).toMatchObject([501, { __type: 'NotImplemented' }]);
});

test('listens on the port that was asked for, and on 127.0.0.1 alone', async () => {
  const { endpoint } = await given();

  const other = connect(endpoint.port, '127.0.0.2');

  expect(endpoint.url).toBe(`http://127.0.0.1:${endpoint.port}`);
  await expect(once(other, 'connect')).rejects.toThrow();
  await expect(startEndpoint({ port: endpoint.port })).rejects.toThrow(/EADDRINUSE/);
});

test.for(['DynamoDB_20120810.PutItem', 'AmazonSQS.SendMessage'])(
  'outlives a client that hangs up during %s',
  async (target) => {
    const { endpoint, dynamoDb } = await given();

    const socket = connect(endpoint.port, '127.0.0.1');
    socket.write(
      `POST / HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-amz-json-1.0\r\nx-amz-target: ${target}\r\ncontent-length: 99\r\n\r\n{`,
    );
    await expect.poll(() => endpoint.traffic.count()).toBe(1);
    socket.destroy();
    await once(socket, 'close');

    await expect(dynamoDb.send(new ListTablesCommand())).resolves.toMatchObject({ TableNames: [] });
  },
);

test('keeps a message for the next receiver when the one that waited has hung up', async () => {
  const { endpoint, sqs } = await given();
  const QueueUrl = await createQueue(sqs);
  const abort = new AbortController();
  const waiting = sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }), {
    abortSignal: abort.signal,
  });
  await expect.poll(() => endpoint.traffic.count('SQS.ReceiveMessage')).toBe(1);
  abort.abort();
  await expect(waiting).rejects.toThrow();

  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'hello' }));

  const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 2 }));
  expect(Messages?.map(({ Body }) => Body)).toEqual(['hello']);
});

test('ends open long polls and lets the port go when it stops', async () => {
  const { endpoint, sqs } = await given();
  const QueueUrl = await createQueue(sqs);
  const waiting = sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }));
  await expect.poll(() => endpoint.traffic.count('SQS.ReceiveMessage')).toBe(1);

  await endpoint.stop();

  expect((await waiting).Messages).toBeUndefined();
  const next = await startEndpoint({ port: endpoint.port });
  await next.stop();
});

test('leaves nothing behind that keeps a process alive', async () => {
  const program = `
    import { startEndpoint } from './local/endpoint/start-endpoint.ts';
    import { provision } from './local/provision.ts';
    import { awsCloud } from './sdk/aws/aws-cloud.ts';
    import { Tallo } from './sdk/index.ts';
    const { url, stop } = await startEndpoint();
    await provision(new Tallo('a').topology(), { endpoint: url });
    const { queues, timers } = awsCloud({ endpoint: url, tableName: 'a-tasks', scheduleGroup: 'a' });
    await timers.set({ id: 'far', at: Date.now() + 3_600_000, queueName: 'a-default', message: { body: 'x' } });
    const waiting = queues.receive('a-default', { max: 1, waitSeconds: 20 });
    await new Promise((resolve) => setTimeout(resolve, 50));
    await stop();
    await waiting;
    console.log('stopped');`;

  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--no-warnings', '--conditions=tallo-source', '--input-type=module', '--eval', program],
    { timeout: 10_000 },
  );

  expect(stdout.trim()).toBe('stopped');
});

test('remembers the time to live of a table', async () => {
  const { endpoint, dynamoDb } = await given();
  const headers = { 'x-amz-target': 'DynamoDB_20120810.UpdateTimeToLive' };
  const body = JSON.stringify({
    TableName: 'table',
    TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
  });

  await fetch(endpoint.url, { method: 'POST', headers, body });

  const { TimeToLiveDescription } = await dynamoDb.send(
    new DescribeTimeToLiveCommand({ TableName: 'table' }),
  );
  expect(TimeToLiveDescription).toEqual({ TimeToLiveStatus: 'ENABLED', AttributeName: 'ttl' });
});

test('does not fire a schedule that is further away than a timer of Node can wait', async () => {
  const { endpoint, sqs, scheduler } = await given();
  const QueueUrl = await createQueue(sqs);

  await scheduler.send(new CreateScheduleCommand(schedule));

  const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 0 }));
  expect(Messages).toBeUndefined();
  await expect(scheduler.send(new GetScheduleCommand({ Name: 'schedule' }))).resolves.toBeDefined();
  expect(endpoint.traffic.count('Scheduler.GetSchedule')).toBe(1);
});
