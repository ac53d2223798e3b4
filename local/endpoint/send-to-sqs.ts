import { AwsError } from '../../sdk/aws/http/aws-error.ts';
import { type JsonCalls, jsonCalls, type Operation } from '../../sdk/aws/http/json-calls.ts';
import { failureOf } from '../../sdk/aws/http/retry-rules.ts';
import type { SqsOperations } from '../../sdk/aws/sqs-operations.ts';
import {
  type ScheduledMessage,
  type SendScheduled,
  sendParameters,
} from './scheduler/targets/scheduled-message.ts';
import { TargetError } from './scheduler/targets/target-error.ts';

/** Sends to wherever `AWS_ENDPOINT_URL_SQS` or `AWS_ENDPOINT_URL` says that SQS is. */
export interface SqsSender {
  readonly send: SendScheduled;
  close(): Promise<void>;
}

interface SendOperations extends SqsOperations {
  SendMessage: Operation<{ readonly QueueUrl: string } & ReturnType<typeof sendParameters>, object>;
}

type Sqs = JsonCalls<SendOperations>;

export function sendToSqs(): SqsSender {
  /** Queues of one name may lie in several regions. */
  const regions = new Map<string, Sqs>();

  function sqsIn(region: string): Sqs {
    const known = regions.get(region);
    if (known) return known;
    const sqs = jsonCalls<SendOperations>({ service: 'sqs', region });
    regions.set(region, sqs);
    return sqs;
  }

  return {
    send: async (message) => {
      try {
        await sendWith(sqsIn(message.queueArn.split(':')[3] ?? ''), message);
      } catch (error) {
        throw error instanceof AwsError ? asTargetError(error) : error;
      }
    },
    close: async () => {
      for (const sqs of regions.values()) await sqs.close();
    },
  };
}

async function sendWith(sqs: Sqs, message: ScheduledMessage): Promise<void> {
  const [, , , , QueueOwnerAWSAccountId = '', QueueName = ''] = message.queueArn.split(':');
  const { QueueUrl = '' } = await sqs.call('GetQueueUrl', { QueueName, QueueOwnerAWSAccountId });
  await sqs.call('SendMessage', { QueueUrl, ...sendParameters(message) });
}

function asTargetError(error: AwsError): TargetError {
  const isFinal = error.status < 500 && failureOf(error) === 'final';
  return new TargetError(error.name, error.message, isFinal);
}
