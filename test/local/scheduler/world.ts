import { setTimeout as wait } from 'node:timers/promises';
import {
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  SchedulerClient,
} from '@aws-sdk/client-scheduler';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { onTestFinished } from 'vitest';
import { type EndpointOptions, startEndpoint } from '../../../local/endpoint/start-endpoint.ts';
import { connectionTo } from '../../../sdk/aws/connection.ts';
import { silentLogger } from '../../../sdk/log/logger.ts';

export const role = 'arn:aws:iam::000000000000:role/scheduler';
export const queueArn = 'arn:aws:sqs:us-east-1:000000000000:queue';

export function functionArn(name: string): string {
  return `arn:aws:lambda:us-east-1:000000000000:function:${name}`;
}

/** An endpoint of its own for one test, with the clients of AWS. */
export async function givenEndpoint(options: EndpointOptions = {}) {
  const endpoint = await startEndpoint({ log: silentLogger, ...options });
  const clients = clientsOf(endpoint.url);
  onTestFinished(() => endpoint.stop());
  return { endpoint, ...clients };
}

export function clientsOf(url: string, schedulerUrl = url) {
  const sqs = new SQSClient({ ...connectionTo('SQS', { endpoint: url }), useQueueUrlAsEndpoint: false });
  const scheduler = new SchedulerClient(connectionTo('SCHEDULER', { endpoint: schedulerUrl }));
  onTestFinished(() => {
    sqs.destroy();
    scheduler.destroy();
  });
  return {
    sqs,
    scheduler,
    create: (changes: Partial<CreateScheduleCommandInput> = {}) =>
      scheduler.send(new CreateScheduleCommand(schedule(changes))),
    createQueue: (name = 'queue', attributes: Record<string, string> = {}) =>
      createQueue(sqs, name, attributes),
  };
}

/** A schedule that is years away. */
export function schedule(changes: Partial<CreateScheduleCommandInput> = {}): CreateScheduleCommandInput {
  return {
    Name: 'schedule',
    ScheduleExpression: 'at(2099-12-31T23:59:59)',
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: { Arn: queueArn, RoleArn: role, Input: 'hello' },
    ...changes,
  };
}

async function createQueue(sqs: SQSClient, QueueName: string, Attributes: Record<string, string>) {
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
  const receive = async (seconds = 0) => {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl,
        WaitTimeSeconds: seconds,
        MaxNumberOfMessages: 10,
        MessageAttributeNames: ['All'],
        MessageSystemAttributeNames: ['All'],
        VisibilityTimeout: 43_200,
      }),
    );
    return Messages;
  };
  return { url: QueueUrl, receive };
}

/** A function that notes with what it was called. */
export function recorder() {
  const calls: unknown[] = [];
  return { calls, record: async (event: unknown) => void calls.push(event) };
}

/** Long enough for what must not happen, had it happened. */
export function aMoment(): Promise<void> {
  return wait(150);
}
