import { setTimeout as wait } from 'node:timers/promises';
import { GetScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Endpoint, startEndpoint } from '../../local/endpoint/start-endpoint.ts';
import { provision } from '../../local/provision.ts';
import { queueTopology } from '../../sdk/app/queue-topology.ts';
import { deploymentOf } from '../../sdk/app/stage.ts';
import { appTopology } from '../../sdk/app/topology.ts';
import { awsCloud } from '../../sdk/aws/aws-cloud.ts';
import { connectionTo } from '../../sdk/aws/connection.ts';
import { ConfigurationError } from '../../sdk/errors/index.ts';
import type { Cloud } from '../../sdk/ports/cloud.ts';
import {
  type CloudFixture,
  queuesConformance,
  schedulesConformance,
  tableConformance,
  timersConformance,
} from './conformance.ts';

let endpoint: Endpoint;
const clouds: Cloud[] = [];

beforeAll(async () => {
  endpoint = await startEndpoint();
});

afterAll(async () => {
  for (const cloud of clouds) await cloud.close();
  await endpoint.stop();
});

async function makeCloud(): Promise<CloudFixture> {
  const app = `app-${clouds.length}`;
  const cloud = awsCloud({ endpoint: endpoint.url, tableName: app, scheduleGroup: app });
  clouds.push(cloud);
  const queue = queueTopology(app, 'default', {});
  await provision(
    { ...appTopology(deploymentOf(app, null), [queue]), tableName: app, schedules: [] },
    { endpoint: endpoint.url },
  );
  return {
    cloud,
    queueName: queue.queueName,
    deadLetterQueueName: queue.deadLetterQueueName,
    // Timers of Node and of the server may differ by some milliseconds.
    advance: (milliseconds) => wait(milliseconds + 20),
  };
}

const otherRole = 'arn:aws:iam::000000000000:role/scheduler';

queuesConformance('AWS', makeCloud);
tableConformance('AWS', makeCloud);
timersConformance('AWS', makeCloud);
schedulesConformance('AWS', makeCloud);

describe('AWS requests', () => {
  test('looks a queue up once, and sends ten messages with one request', async () => {
    const { cloud, queueName } = await makeCloud();
    endpoint.traffic.reset();

    const ten = Array.from({ length: 10 }, (_, index) => ({ body: String(index) }));
    await Promise.all([cloud.queues.send(queueName, ten), cloud.queues.send(queueName, ten)]);

    expect(endpoint.traffic.byAction()).toEqual({ 'SQS.GetQueueUrl': 1, 'SQS.SendMessageBatch': 2 });
  });

  test('finds a queue that was created after it had been missing', async () => {
    const { cloud } = await makeCloud();
    await cloud.queues.send('late-default', [{ body: 'x' }]).catch(() => undefined);

    await provision(
      {
        ...appTopology(deploymentOf('late', null), [queueTopology('late', 'default', {})]),
        tableName: 'late',
        schedules: [],
      },
      { endpoint: endpoint.url },
    );

    expect(await cloud.queues.send('late-default', [{ body: 'x' }])).toEqual([{ ok: true }]);
  });

  test('looks a queue up again after the cloud could not be reached', async () => {
    const { url, port, stop } = await startEndpoint();
    await stop();
    const cloud = awsCloud({ endpoint: url, tableName: 'table' });
    clouds.push(cloud);
    await expect(cloud.queues.send('app-default', [{ body: 'x' }])).rejects.toThrow();

    const restarted = await startEndpoint({ port });
    await provision(
      {
        ...appTopology(deploymentOf('app', null), [queueTopology('app', 'default', {})]),
        tableName: 'table',
        schedules: [],
      },
      { endpoint: url },
    );

    expect(await cloud.queues.send('app-default', [{ body: 'x' }])).toEqual([{ ok: true }]);
    await restarted.stop();
  });

  test('reads rows that do not fit into one answer', async () => {
    const { cloud } = await makeCloud();
    const large = Array.from({ length: 8 }, (_, index) => ({
      id: `row-${index}`,
      result: 'x'.repeat(390_000),
    }));
    await cloud.table.putAll(large);
    endpoint.traffic.reset();

    const rows = await cloud.table.read(large.map(({ id }) => id));

    expect(rows.length).toBe(8);
    // The local table answers with at most 1 MB at a time, AWS with 16 MB.
    expect(endpoint.traffic.count('DynamoDB.BatchGetItem')).toBeGreaterThan(1);
  });

  test('says how large a batch was that is too large', async () => {
    const { cloud, queueName } = await makeCloud();
    const half = { body: 'x'.repeat(524_288), attributes: { a: 'b' } };

    const sent = cloud.queues.send(queueName, [half, half]);

    await expect(sent).rejects.toMatchObject({
      code: 'PAYLOAD_TOO_LARGE',
      size: 1_048_592,
      limit: 1_048_576,
    });
  });

  test('says which table is missing', async () => {
    const cloud = awsCloud({ endpoint: endpoint.url, tableName: 'no-such-table' });
    clouds.push(cloud);

    await expect(cloud.table.delete('row')).rejects.toThrow(/no-such-table/);
  });

  test('says which schedule group is missing', async () => {
    const { queueName } = await makeCloud();
    const cloud = awsCloud({ endpoint: endpoint.url, tableName: 'table', scheduleGroup: 'no-such-group' });
    clouds.push(cloud);
    const timer = { id: 'timer', at: Date.now() + 3_600_000, queueName, message: { body: '{}' } };

    await expect(cloud.timers.set(timer)).rejects.toThrow(ConfigurationError);
    await expect(cloud.timers.set(timer)).rejects.toThrow(/schedule group named 'no-such-group'/);
    expect(await cloud.timers.find('timer')).toBeUndefined();
    expect(await cloud.timers.cancel('timer')).toBe(false);
  });

  test.for([
    ['by-default', {}, 'arn:aws:iam::000000000000:role/roles-scheduler-us-east-1'],
    ['as-given', { schedulerRoleArn: otherRole }, otherRole],
  ] as const)('tells Scheduler which role to take on: %s', async ([id, options, role]) => {
    const queue = queueTopology('roles', 'default', {});
    await provision(
      { ...appTopology(deploymentOf('roles', null), [queue]), schedules: [] },
      { endpoint: endpoint.url },
    );
    const where = { tableName: 'roles', scheduleGroup: 'roles', endpoint: endpoint.url };
    const cloud = awsCloud({ ...where, ...options });
    clouds.push(cloud);
    const message = { body: '{}' };

    await cloud.timers.set({ id, at: Date.now() + 3_600_000, queueName: queue.queueName, message });

    const client = new SchedulerClient(connectionTo('SCHEDULER', where));
    const { Target } = await client.send(new GetScheduleCommand({ Name: id, GroupName: 'roles' }));
    client.destroy();
    expect(Target?.RoleArn).toBe(role);
  });
});
