import type { AppCore } from '../app/app-core.ts';
import { refuseFifo } from '../app/refuse-fifo.ts';
import { queueOf } from '../app/routes.ts';
import type { QueueTopology } from '../app/topology.ts';
import { ConfigurationError } from '../errors/index.ts';

/**
 * The queue of a call: its own, then the task's, then the routes', then the default one.
 *
 * @throws ConfigurationError if the app has no such queue, or it is one of SQS's FIFO queues
 */
export function queueFor(
  app: AppCore,
  task: string,
  { args, queue: wanted }: { args: readonly unknown[]; queue: string | undefined },
): QueueTopology {
  const { queues, route, defaultQueue } = app.settings;
  const name = wanted ?? app.definitions.get(task)?.queue ?? queueOf(route(task, args)) ?? defaultQueue;
  const queue = queues.get(name);
  if (queue) return queue;
  refuseFifo(`the queue of task '${task}'`, name);
  throw new ConfigurationError(
    `Task '${task}' goes to queue '${name}', which app '${app.name}' does not have. Its queues: ${[...queues.keys()].join(', ')}. Add it to the option 'queues'.`,
  );
}
