import { DescribeTableCommand, DescribeTimeToLiveCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetQueueAttributesCommand, GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Endpoint, startEndpoint } from '../../local/endpoint/start-endpoint.ts';
import { provision } from '../../local/provision.ts';
import type { QueueOptions } from '../../sdk/app/options.ts';
import { queueTopology } from '../../sdk/app/queue-topology.ts';
import { deploymentOf } from '../../sdk/app/stage.ts';
import { appTopology } from '../../sdk/app/topology.ts';
import { connectionTo } from '../../sdk/aws/connection.ts';

let endpoint: Endpoint;
let sqs: SQSClient;
let dynamoDb: DynamoDBClient;

beforeAll(async () => {
  endpoint = await startEndpoint();
  const connection = connectionTo('SQS', { endpoint: endpoint.url });
  sqs = new SQSClient(connection);
  dynamoDb = new DynamoDBClient(connection);
});

afterAll(async () => {
  sqs.destroy();
  dynamoDb.destroy();
  await endpoint.stop();
});

function topology(app: string, queue: QueueOptions = {}) {
  const queues = [queueTopology(app, 'default', queue)];
  return { ...appTopology(deploymentOf(app, null), queues), tableName: `${app}-table`, schedules: [] };
}

async function attributesOf(queueName: string) {
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: queueName }));
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
  return Attributes;
}

test('creates a queue with the settings of the topology', async () => {
  await provision(topology('queue', { visibilityTimeout: '5m' }), { endpoint: endpoint.url });

  expect(await attributesOf('queue-default')).toMatchObject({
    VisibilityTimeout: '300',
    MessageRetentionPeriod: '1209600',
    ReceiveMessageWaitTimeSeconds: '20',
  });
});

test('creates a dead-letter queue that keeps its messages for 14 days, and points the queue to it', async () => {
  await provision(topology('dead'), { endpoint: endpoint.url });

  const deadLetters = await attributesOf('dead-default-dlq');
  const queue = await attributesOf('dead-default');
  expect(deadLetters?.MessageRetentionPeriod).toBe('1209600');
  expect(JSON.parse(queue?.RedrivePolicy ?? '')).toEqual({
    deadLetterTargetArn: deadLetters?.QueueArn,
    maxReceiveCount: 100,
  });
});

test('creates a table that can be used at once', async () => {
  await provision(topology('table'), { endpoint: endpoint.url });

  const { Table } = await dynamoDb.send(new DescribeTableCommand({ TableName: 'table-table' }));
  expect(Table).toMatchObject({
    TableStatus: 'ACTIVE',
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
  });
});

test('lets rows expire by the attribute ttl', async () => {
  await provision(topology('ttl'), { endpoint: endpoint.url });

  const { TimeToLiveDescription } = await dynamoDb.send(
    new DescribeTimeToLiveCommand({ TableName: 'ttl-table' }),
  );
  expect(TimeToLiveDescription).toEqual({ TimeToLiveStatus: 'ENABLED', AttributeName: 'ttl' });
});

test('changes nothing when it is called again', async () => {
  await provision(topology('again'), { endpoint: endpoint.url });
  const before = await attributesOf('again-default');

  await provision(topology('again'), { endpoint: endpoint.url });

  expect(await attributesOf('again-default')).toEqual(before);
});

test('gives a queue that exists the new settings', async () => {
  await provision(topology('changed'), { endpoint: endpoint.url });

  await provision(topology('changed', { visibilityTimeout: '7m' }), { endpoint: endpoint.url });

  expect(await attributesOf('changed-default')).toMatchObject({ VisibilityTimeout: '420' });
});
