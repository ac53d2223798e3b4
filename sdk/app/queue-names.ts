import { ConfigurationError } from '../errors/tallo-error.ts';
import type { AppTopology, QueueTopology } from './topology.ts';

/** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html */
const maxLength = 80;

/** @throws ConfigurationError if a name in the cloud is too long, or two queues would have the same. */
export function checkQueueNames({ app, queues, undeliveredQueueName }: AppTopology): void {
  const owners = new Map([[undeliveredQueueName, 'what the Scheduler could not deliver']]);
  for (const queue of queues) {
    for (const name of namesOf(queue)) {
      if (name.length > maxLength) throw tooLong(app, queue, name);
      const owner = owners.get(name);
      if (owner !== undefined) throw taken(name, owner, queue.name);
      owners.set(name, queue.name);
    }
  }
}

function namesOf({ lanes, deadLetterQueueName }: QueueTopology): readonly string[] {
  return [...lanes.map(({ queueName }) => queueName), deadLetterQueueName];
}

function tooLong(app: string, queue: QueueTopology, name: string): ConfigurationError {
  return new ConfigurationError(
    `Queue '${queue.name}': expected its names in the cloud to have at most ${maxLength} characters, got ${name.length}: '${name}'. Shorten the name of the queue, or that of app '${app}'.`,
  );
}

function taken(name: string, owner: string, queue: string): ConfigurationError {
  return new ConfigurationError(
    `Expected each queue to have names of its own in the cloud, but '${name}' belongs to both '${owner}' and '${queue}': a queue's lanes end in -urgent and -low, its dead-letter queue in -dlq. Rename one of them.`,
  );
}
