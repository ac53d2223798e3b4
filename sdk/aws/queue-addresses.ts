import { GetQueueAttributesCommand, GetQueueUrlCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { ConfigurationError } from '../errors/index.ts';
import { isAwsError } from './error-name.ts';

/** Where the queues are: looked up once per queue, since names are what the engine knows and addresses are what SQS wants. */
export class QueueAddresses {
  readonly #client: () => SQSClient;
  readonly #urls = new Map<string, Promise<string>>();
  readonly #arns = new Map<string, Promise<string>>();

  constructor(client: () => SQSClient) {
    this.#client = client;
  }

  /**
   * Carries out a request at the queue's URL.
   *
   * @throws ConfigurationError if there is no such queue; the next call looks it up again.
   */
  async at<T>(queueName: string, request: (url: string) => Promise<T>): Promise<T> {
    try {
      return await request(await remembered(this.#urls, queueName, () => this.#findUrl(queueName)));
    } catch (error) {
      if (!isAwsError(error, 'QueueDoesNotExist')) throw error;
      this.#urls.delete(queueName);
      this.#arns.delete(queueName);
      throw new ConfigurationError(
        `Expected a queue named '${queueName}', found none at this endpoint and region. Deploy the app, or start the local cloud.`,
        { cause: error },
      );
    }
  }

  /** The queue's ARN, as schedules name their target. */
  arn(queueName: string): Promise<string> {
    return remembered(this.#arns, queueName, () => this.at(queueName, (url) => this.#findArn(url)));
  }

  async #findUrl(queueName: string): Promise<string> {
    const { QueueUrl } = await this.#client().send(new GetQueueUrlCommand({ QueueName: queueName }));
    return QueueUrl ?? '';
  }

  async #findArn(url: string): Promise<string> {
    const command = new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['QueueArn'] });
    const { Attributes } = await this.#client().send(command);
    return Attributes?.QueueArn ?? '';
  }
}

/** Asks once; whoever comes meanwhile shares the answer; a failure is forgotten, so that a later call tries again. */
function remembered(memory: Map<string, Promise<string>>, key: string, find: () => Promise<string>) {
  const known = memory.get(key);
  if (known !== undefined) return known;
  const asked = find().catch((error: unknown) => {
    memory.delete(key);
    throw error;
  });
  memory.set(key, asked);
  return asked;
}
