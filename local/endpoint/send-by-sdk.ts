import { GetQueueUrlCommand, SendMessageCommand, SQSClient, SQSServiceException } from '@aws-sdk/client-sqs';
import { connectionTo } from '../../sdk/aws/connection.ts';
import {
  type ScheduledMessage,
  type SendScheduled,
  sendParameters,
} from './scheduler/targets/scheduled-message.ts';
import { TargetError } from './scheduler/targets/target-error.ts';

/** Sends to wherever `AWS_ENDPOINT_URL_SQS` or `AWS_ENDPOINT_URL` says that SQS is. */
export interface SdkSender {
  readonly send: SendScheduled;
  close(): void;
}

export function sendBySdk(): SdkSender {
  /** Queues of one name may lie in several regions. */
  const clients = new Map<string, SQSClient>();

  function clientIn(region: string): SQSClient {
    const known = clients.get(region);
    if (known) return known;
    const client = new SQSClient({ ...connectionTo('SQS', {}), region, useQueueUrlAsEndpoint: false });
    clients.set(region, client);
    return client;
  }

  return {
    send: async (message) => {
      try {
        await sendWith(clientIn(message.queueArn.split(':')[3] ?? ''), message);
      } catch (error) {
        throw error instanceof SQSServiceException ? asTargetError(error) : error;
      }
    },
    close: () => {
      for (const client of clients.values()) client.destroy();
    },
  };
}

async function sendWith(client: SQSClient, message: ScheduledMessage): Promise<void> {
  const [, , , , account, name] = message.queueArn.split(':');
  const { QueueUrl } = await client.send(
    new GetQueueUrlCommand({ QueueName: name, QueueOwnerAWSAccountId: account }),
  );
  await client.send(new SendMessageCommand({ QueueUrl, ...sendParameters(message) }));
}

function asTargetError(error: SQSServiceException): TargetError {
  const isFinal = error.$fault === 'client' && !error.$retryable;
  return new TargetError(error.name, error.message, isFinal);
}
