import { isAwsError } from '../../sdk/aws/http/aws-error.ts';
import { type JsonCalls, jsonCalls } from '../../sdk/aws/http/json-calls.ts';
import type { SqsOperations } from '../../sdk/aws/sqs-operations.ts';

/** What SQS says of a queue. */
export interface DeployedQueue {
  readonly visibilitySeconds: number;
  readonly retentionSeconds: number;
  /** null: it has no redrive policy. */
  readonly maxReceives: number | null;
}

/** Queues by their names in the cloud; null: there is none of that name. */
export type DeployedQueues = ReadonlyMap<string, DeployedQueue | null>;

const attributes = ['VisibilityTimeout', 'MessageRetentionPeriod', 'RedrivePolicy'];

/**
 * Asks SQS how those queues are, two requests each.
 *
 * @throws AwsError, TransportError, ConfigurationError
 */
export async function readDeployedQueues(
  names: readonly string[],
  region: string | null,
): Promise<DeployedQueues> {
  const sqs = jsonCalls<SqsOperations>({ service: 'sqs', ...(region !== null && { region }) });
  try {
    return new Map(await Promise.all(names.map(async (name) => [name, await readQueue(sqs, name)] as const)));
  } finally {
    await sqs.close();
  }
}

async function readQueue(sqs: JsonCalls<SqsOperations>, QueueName: string): Promise<DeployedQueue | null> {
  try {
    const { QueueUrl = '' } = await sqs.call('GetQueueUrl', { QueueName });
    const { Attributes = {} } = await sqs.call('GetQueueAttributes', {
      QueueUrl,
      AttributeNames: attributes,
    });
    return {
      visibilitySeconds: Number(Attributes.VisibilityTimeout),
      retentionSeconds: Number(Attributes.MessageRetentionPeriod),
      maxReceives: maxReceivesIn(Attributes.RedrivePolicy),
    };
  } catch (error) {
    if (isAwsError(error, 'QueueDoesNotExist')) return null;
    throw error;
  }
}

function maxReceivesIn(policy: string | undefined): number | null {
  if (!policy) return null;
  const { maxReceiveCount }: { readonly maxReceiveCount?: unknown } = JSON.parse(policy);
  return Number(maxReceiveCount);
}
