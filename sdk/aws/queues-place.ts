import { ConfigurationError } from '../errors/index.ts';
import { type ConnectionOptions, connectionTo } from './connection.ts';
import type { Environment } from './credentials/credentials.ts';
import { partitionOf } from './endpoint/partition.ts';

/** The account and the region where all queues of an app are. */
export interface QueuesPlace {
  /** A queue's name makes a URL of it. */
  readonly urlPrefix: string;
  /** A queue's name makes an ARN of it. */
  readonly arnPrefix: string;
}

/**
 * Reads `TALLO_QUEUE_URLS`, for example `https://sqs.us-east-1.amazonaws.com/123456789012`: what the URLs of the app's queues begin
 * with. A deployment sets it, and saves the requests that would ask SQS for the address of each queue. Undefined without it, and
 * wherever SQS is not AWS's own.
 *
 * @throws ConfigurationError if it is not the beginning of such a URL.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-message-identifiers.html
 */
export function queuesPlace(
  options: ConnectionOptions,
  environment: Environment = process.env,
): QueuesPlace | undefined {
  const { TALLO_QUEUE_URLS: given } = environment;
  if (!given || connectionTo('SQS', options, environment).endpoint !== undefined) return undefined;
  const [, region, account] =
    /^https:\/\/sqs(?:-fips)?\.([a-z\d-]+)\.[a-z\d.-]+\/(\d{12})\/?$/.exec(given) ?? [];
  if (region === undefined) {
    throw new ConfigurationError(
      `Expected TALLO_QUEUE_URLS to be the beginning of a queue's URL such as https://sqs.us-east-1.amazonaws.com/123456789012, got '${given}'.`,
    );
  }
  return {
    urlPrefix: given.endsWith('/') ? given : `${given}/`,
    arnPrefix: `arn:${partitionOf(region).name}:sqs:${region}:${account}:`,
  };
}
