import { DescribeTableCommand, DescribeTimeToLiveCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetScheduleCommand, paginateListSchedules, SchedulerClient } from '@aws-sdk/client-scheduler';
import { afterAll, describe, expect, test } from 'vitest';
import { app as demo } from '../../examples/app.ts';
import { connectionTo } from '../../sdk/aws/connection.ts';
import { app as bad } from './apps/bad.ts';
import { app as badOnServer } from './apps/bad-on-server.ts';
import { app as conformance } from './apps/conformance.ts';
import { app as onServer } from './apps/on-server.ts';
import { app as ticking } from './apps/ticking.ts';
import { ask } from './ask.ts';
import { account, region } from './cdk.ts';
import { queueAttributes } from './queue-attributes.ts';

const dynamoDb = new DynamoDBClient(connectionTo('DYNAMODB', {}));
const scheduler = new SchedulerClient(connectionTo('SCHEDULER', {}));
afterAll(() => {
  for (const client of [dynamoDb, scheduler]) client.destroy();
});

interface Functions {
  readonly Functions: readonly { readonly FunctionName: string; readonly FunctionArn: string }[];
}

interface EventSources {
  readonly EventSourceMappings: readonly { readonly EventSourceArn: string; readonly FunctionArn: string }[];
}

async function functions(): Promise<Functions> {
  const answer = await ask('lambda', '/2015-03-31/functions/');
  return (await answer.json()) as Functions;
}

async function eventSources(): Promise<EventSources> {
  const answer = await ask('lambda', '/2015-03-31/event-source-mappings/');
  return (await answer.json()) as EventSources;
}

async function schedulesOf(GroupName: string) {
  const found = [];
  for await (const { Schedules = [] } of paginateListSchedules({ client: scheduler }, { GroupName })) {
    for (const { Name } of Schedules)
      found.push(await scheduler.send(new GetScheduleCommand({ Name, GroupName })));
  }
  return found;
}

describe.each([bad, badOnServer, conformance, demo, onServer, ticking])(
  'what CloudFormation made for app $name is what its topology says',
  (app) => {
    const topology = app.topology();
    const lanes = topology.queues.flatMap((queue) => queue.lanes.map((lane) => ({ queue, lane })));

    test.each(lanes)('queue $lane.queueName', async ({ queue, lane }) => {
      const attributes = await queueAttributes(lane.queueName);

      expect(attributes).toMatchObject({
        QueueArn: `arn:aws:sqs:${region}:${account}:${lane.queueName}`,
        VisibilityTimeout: String(queue.visibilitySeconds),
        MessageRetentionPeriod: String(queue.retentionSeconds),
        ReceiveMessageWaitTimeSeconds: String(queue.receiveWaitSeconds),
      });
      expect(JSON.parse(attributes.RedrivePolicy ?? '')).toEqual({
        deadLetterTargetArn: `arn:aws:sqs:${region}:${account}:${queue.deadLetterQueueName}`,
        maxReceiveCount: queue.maxReceives,
      });
    });

    test.each(topology.queues)('dead-letter queue $deadLetterQueueName', async (queue) => {
      expect(await queueAttributes(queue.deadLetterQueueName)).toMatchObject({
        MessageRetentionPeriod: String(queue.deadLetterRetentionSeconds),
      });
    });

    test('functions and their event sources', async () => {
      const served = topology.queues.filter(({ runOn }) => runOn === 'lambda');
      const { Functions } = await functions();
      const { EventSourceMappings } = await eventSources();

      for (const queue of served) {
        for (const lane of queue.lanes) {
          const source = EventSourceMappings.find(({ EventSourceArn }) =>
            EventSourceArn.endsWith(`:${lane.queueName}`),
          );
          expect(source).toMatchObject({
            State: 'Enabled',
            BatchSize: queue.batchSize,
            FunctionResponseTypes: ['ReportBatchItemFailures'],
            ...(lane.concurrency !== null && { ScalingConfig: { MaximumConcurrency: lane.concurrency } }),
          });
          expect(
            Functions.find(({ FunctionArn }) => source?.FunctionArn.startsWith(FunctionArn)),
          ).toMatchObject({
            Runtime: 'nodejs24.x',
            Architectures: ['arm64'],
            Timeout: queue.timeoutSeconds,
            MemorySize: queue.memoryMiB,
          });
        }
      }
      expect(Functions.map(({ FunctionName }) => FunctionName)).toContain(topology.beatFunctionName);
    });

    test('table', async () => {
      const { tableName: TableName } = topology;

      const { Table } = await dynamoDb.send(new DescribeTableCommand({ TableName }));
      const { TimeToLiveDescription } = await dynamoDb.send(new DescribeTimeToLiveCommand({ TableName }));

      expect(Table).toMatchObject({
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
      });
      expect(TimeToLiveDescription).toEqual({ TimeToLiveStatus: 'ENABLED', AttributeName: 'ttl' });
    });

    test('schedules', async () => {
      const schedules = await schedulesOf(topology.scheduleGroup);

      expect(schedules).toHaveLength(topology.schedules.length);
      for (const { name, expression, timezone, isEnabled, input } of topology.schedules) {
        expect(schedules.find(({ Name }) => Name === name)).toMatchObject({
          ScheduleExpression: expression,
          ScheduleExpressionTimezone: timezone,
          State: isEnabled ? 'ENABLED' : 'DISABLED',
          Target: {
            Arn: `arn:aws:lambda:${region}:${account}:function:${topology.beatFunctionName}`,
            RoleArn: `arn:aws:iam::${account}:role/${topology.scheduleGroup}-scheduler-${region}`,
            Input: input,
          },
        });
      }
    });
  },
);
