import { ConfigurationError } from '../errors/index.ts';
import { isAwsError } from './http/aws-error.ts';
import type { QueuesPlace } from './queues-place.ts';
import type { SqsCalls } from './sqs-queues.ts';

/** What addresses need. */
export interface AddressesParts {
  readonly sqs: () => SqsCalls;
  /** Where all queues are, if that is known; undefined: SQS is asked. */
  readonly place: () => QueuesPlace | undefined;
}

/** Where the queues are: names are what the engine knows, and addresses are what SQS wants. */
export class QueueAddresses {
  readonly #parts: AddressesParts;
  readonly #urls = new Map<string, Promise<string>>();
  readonly #arns = new Map<string, Promise<string>>();

  constructor(parts: AddressesParts) {
    this.#parts = parts;
  }

  /**
   * Carries out a request at the queue's URL. Without a known place it is looked up once per queue.
   *
   * @throws ConfigurationError if there is no such queue; the next call looks it up again.
   */
  async at<T>(queueName: string, request: (url: string) => Promise<T>): Promise<T> {
    try {
      return await request(await this.#url(queueName));
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
  async arn(queueName: string): Promise<string> {
    const place = this.#parts.place();
    if (place) return `${place.arnPrefix}${queueName}`;
    return remembered(this.#arns, queueName, () => this.at(queueName, (url) => this.#findArn(url)));
  }

  async #url(queueName: string): Promise<string> {
    const place = this.#parts.place();
    if (place) return `${place.urlPrefix}${queueName}`;
    return remembered(this.#urls, queueName, () => this.#findUrl(queueName));
  }

  async #findUrl(QueueName: string): Promise<string> {
    const { QueueUrl = '' } = await this.#parts.sqs().call('GetQueueUrl', { QueueName });
    return QueueUrl;
  }

  async #findArn(QueueUrl: string): Promise<string> {
    const request = { QueueUrl, AttributeNames: ['QueueArn'] };
    const { Attributes } = await this.#parts.sqs().call('GetQueueAttributes', request);
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
