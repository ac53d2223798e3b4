import type { QueueTopology, Topology } from '../sdk/app/topology.ts';
import type { ConnectionOptions } from '../sdk/aws/connection.ts';
import { isAwsError } from '../sdk/aws/http/aws-error.ts';
import { type JsonCalls, jsonCalls, type Operation } from '../sdk/aws/http/json-calls.ts';
import type { SqsOperations } from '../sdk/aws/sqs-operations.ts';
import { provisionBucket } from './provision-bucket.ts';
import { provisionSchedules } from './provision-schedules.ts';
import { provisionTable } from './provision-table.ts';

type QueueAttributes = Readonly<Record<string, string>>;

interface ProvisionOperations extends SqsOperations {
  CreateQueue: Operation<
    { readonly QueueName: string; readonly Attributes: QueueAttributes },
    { readonly QueueUrl?: string }
  >;
  SetQueueAttributes: Operation<{ readonly QueueUrl: string; readonly Attributes: QueueAttributes }, object>;
}

type Sqs = JsonCalls<ProvisionOperations>;

/**
 * Creates the queues, the table, the bucket and the schedules that an app needs, on the local endpoint, LocalStack or AWS. What exists already
 * is kept and gets the settings of the topology, so that it may be called at every start; schedules that an earlier call made for
 * the app and that it no longer has are deleted. Resolves when all can be used.
 *
 * @example
 * ```ts
 * import { Tallo } from 'tallo';
 * import { provision, startEndpoint } from 'tallo/local';
 *
 * const endpoint = await startEndpoint();
 * await provision(new Tallo('store').topology(), { endpoint: endpoint.url });
 * console.log(endpoint.traffic.count('SQS.CreateQueue'), endpoint.traffic.count('DynamoDB.CreateTable')); // 3 1
 * await endpoint.stop();
 * ```
 */
export async function provision(topology: Topology, connection: ConnectionOptions = {}): Promise<void> {
  const sqs = jsonCalls<ProvisionOperations>({ ...connection, service: 'sqs' });
  try {
    const [queueArn = ''] = await Promise.all([
      ...topology.queues.map((queue) => provisionQueue(sqs, queue)),
      provisionTable(topology.tableName, connection),
      createQueue(sqs, topology.undeliveredQueueName, {
        MessageRetentionPeriod: String(topology.undeliveredRetentionSeconds),
      }),
    ]);
    const [, partition = 'aws', , region = 'us-east-1', account = '000000000000'] = queueArn.split(':');
    if (topology.payloads)
      await provisionBucket({ ...topology, ...topology.payloads }, { region }, connection);
    await provisionSchedules(topology, { partition, region, account }, connection);
  } finally {
    await sqs.close();
  }
}

/** Answers the ARN of its dead-letter queue, which tells in which region and account we are. */
async function provisionQueue(sqs: Sqs, queue: QueueTopology): Promise<string> {
  const deadLetterUrl = await createQueue(sqs, queue.deadLetterQueueName, {
    MessageRetentionPeriod: String(queue.deadLetterRetentionSeconds),
  });
  const deadLetterTargetArn = await arnOf(sqs, deadLetterUrl);
  const attributes = {
    VisibilityTimeout: String(Math.ceil(queue.visibilitySeconds)),
    MessageRetentionPeriod: String(queue.retentionSeconds),
    ReceiveMessageWaitTimeSeconds: String(queue.receiveWaitSeconds),
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount: queue.maxReceives }),
  };
  await Promise.all(queue.lanes.map(({ queueName }) => createQueue(sqs, queueName, attributes)));
  return deadLetterTargetArn ?? '';
}

/** SQS creates a queue again without complaint only if all its settings are the same. */
async function createQueue(sqs: Sqs, name: string, attributes: QueueAttributes): Promise<string> {
  try {
    const { QueueUrl = '' } = await sqs.call('CreateQueue', { QueueName: name, Attributes: attributes });
    return QueueUrl;
  } catch (error) {
    if (!isAwsError(error, 'QueueNameExists')) throw error;
    const { QueueUrl = '' } = await sqs.call('GetQueueUrl', { QueueName: name });
    await sqs.call('SetQueueAttributes', { QueueUrl, Attributes: attributes });
    return QueueUrl;
  }
}

async function arnOf(sqs: Sqs, QueueUrl: string): Promise<string | undefined> {
  const { Attributes } = await sqs.call('GetQueueAttributes', { QueueUrl, AttributeNames: ['QueueArn'] });
  return Attributes?.QueueArn;
}
