import { setTimeout as wait } from 'node:timers/promises';
import { afterAll } from 'vitest';
import { provision } from '../../local/provision.ts';
import { queueTopology } from '../../sdk/app/queue-topology.ts';
import { deploymentOf } from '../../sdk/app/stage.ts';
import { appTopology } from '../../sdk/app/topology.ts';
import { awsCloud } from '../../sdk/aws/aws-cloud.ts';
import type { Cloud } from '../../sdk/ports/cloud.ts';
import { type CloudFixture, queuesConformance, tableConformance } from './conformance.ts';

/**
 * The same conformance at LocalStack, moto, or at AWS itself (`aws`). Only part of a run that names the endpoint:
 * `TALLO_TEST_ENDPOINT=http://127.0.0.1:4566 npx vitest run test/ports/other-endpoint.test.ts`
 */
const { TALLO_TEST_ENDPOINT: endpoint } = process.env;
const run = Date.now().toString(36);
const clouds: Cloud[] = [];

afterAll(() => Promise.all(clouds.map((cloud) => cloud.close())));

async function makeCloud(): Promise<CloudFixture> {
  const app = `conformance-${run}-${clouds.length}`;
  const connection = endpoint === 'aws' ? {} : { endpoint: endpoint ?? '' };
  const cloud = awsCloud({ ...connection, tableName: app });
  clouds.push(cloud);
  const queue = queueTopology(app, 'default', {});
  await provision(
    { ...appTopology(deploymentOf(app, null), [queue]), tableName: app, schedules: [] },
    connection,
  );
  const { queueName, deadLetterQueueName } = queue;
  return { cloud, queueName, deadLetterQueueName, advance: (milliseconds) => wait(milliseconds + 100) };
}

queuesConformance(`at ${endpoint}`, makeCloud);
tableConformance(`at ${endpoint}`, makeCloud);
