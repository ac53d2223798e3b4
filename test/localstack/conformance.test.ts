import { setTimeout as wait } from 'node:timers/promises';
import { afterAll } from 'vitest';
import { provision } from '../../local/provision.ts';
import { queueTopology } from '../../sdk/app/queue-topology.ts';
import { deploymentOf } from '../../sdk/app/stage.ts';
import { appTopology } from '../../sdk/app/topology.ts';
import { awsCloud } from '../../sdk/aws/aws-cloud.ts';
import type { Cloud } from '../../sdk/ports/cloud.ts';
import type { Answer, Queues } from '../../sdk/ports/queues.ts';
import { type CloudFixture, queuesConformance, tableConformance } from '../ports/conformance.ts';

/** LocalStack looks once a second which messages are visible again. */
const queuesLateByMs = 1_200;
const clouds: Cloud[] = [];

afterAll(() => Promise.all(clouds.map((cloud) => cloud.close())));

/** LocalStack calls it its own fault what was wrong with an entry of a batch, where AWS says that it was the sender's. */
const senderFaults = ['InvalidMessageContents', 'InvalidParameterValueException'];

function blamingSender(queues: Queues): Queues {
  const corrected = (answer: Answer): Answer =>
    !answer.ok && senderFaults.includes(answer.code) ? { ...answer, retryable: false } : answer;
  return {
    send: async (...args) => (await queues.send(...args)).map(corrected),
    receive: (...args) => queues.receive(...args),
    delete: async (...args) => (await queues.delete(...args)).map(corrected),
    delay: async (...args) => (await queues.delay(...args)).map(corrected),
  };
}

/** Each test wants queues and a table that nobody else uses, so these are not deployed. */
async function makeCloud(): Promise<CloudFixture> {
  const app = `conformance-${clouds.length}`;
  const aws = awsCloud({ tableName: app });
  clouds.push(aws);
  const queue = queueTopology(app, 'default', {});
  await provision({ ...appTopology(deploymentOf(app, null), [queue]), tableName: app, schedules: [] });
  const { queueName, deadLetterQueueName } = queue;
  const advance = (milliseconds: number) => wait(milliseconds + queuesLateByMs);
  return { cloud: { ...aws, queues: blamingSender(aws.queues) }, queueName, deadLetterQueueName, advance };
}

queuesConformance('LocalStack', makeCloud);
tableConformance('LocalStack', makeCloud);
