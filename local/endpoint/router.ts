import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerFailure } from './answer-failure.ts';
import { AwsError } from './json-protocol.ts';
import { s3Action } from './s3.ts';
import { schedulerAction } from './scheduler/router.ts';

export type Service = 'SQS' | 'DynamoDB' | 'Scheduler' | 'S3';
export type Handler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/** What a request asks for: `SQS` and `SendMessageBatch`. */
interface Asked {
  readonly service: Service;
  readonly action: string;
}

/** SQS and DynamoDB speak AWS's JSON protocol, which names service and action in the header `x-amz-target`. */
const targets: Readonly<Record<string, Service>> = { AmazonSQS: 'SQS', DynamoDB_20120810: 'DynamoDB' };

/** Hands each request to its service, and notes it first. */
export function createRouter(handlers: Readonly<Record<Service, Handler>>, note: (action: string) => void) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      const { service, action } = read(request);
      note(`${service}.${action}`);
      await handlers[service](request, response);
    } catch (error) {
      answerFailure(response, error);
    }
  };
}

function read(request: IncomingMessage): Asked {
  // Before the others: a bucket may bear any of their names.
  const stored = s3Action(request);
  if (stored !== undefined) return { service: 'S3', action: stored };
  const scheduled = schedulerAction(request);
  if (scheduled !== undefined) return { service: 'Scheduler', action: scheduled };
  const target = request.headers['x-amz-target'];
  if (typeof target !== 'string') {
    throw new AwsError(501, 'NotImplemented', `There is no answer here to ${request.method} ${request.url}.`);
  }
  const [prefix = '', action = ''] = target.split('.');
  const service = targets[prefix];
  if (service) return { service, action };
  throw new AwsError(400, 'UnknownOperationException', `Expected SQS or DynamoDB, got '${target}'.`);
}
