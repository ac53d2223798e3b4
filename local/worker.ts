import { consumer } from '../functions/index.ts';
import { lanesAsQueues } from '../sdk/app/lanes.ts';
import { ConfigurationError } from '../sdk/errors/index.ts';
import type { Tallo } from '../sdk/index.ts';
import { jsonLogger, type Logger } from '../sdk/log/logger.ts';
import { startEventSource } from './event-source/event-source.ts';
import type { BatchHandler } from './event-source/options.ts';

/** What a worker serves. */
export interface WorkerOptions {
  /** The queues to serve, by the app's own names, each with all its lanes. @default all */
  readonly queues?: readonly string[];
  /** What a batch is given to. @default `consumer(app)`, the very handler that Lambda runs */
  readonly handler?: BatchHandler;
  /** @default JSON lines on standard output */
  readonly log?: Logger;
}

/** A running worker. */
export interface Worker extends AsyncDisposable {
  /** Takes no more messages, lets running batches end and acknowledges them. */
  stop(): Promise<void>;
}

/**
 * Serves an app's queues from this process, as Lambda would: for a laptop, or a container. It polls whatever cloud the
 * app uses.
 *
 * @throws ConfigurationError (CONFIGURATION) for a queue that the app does not have.
 * @example
 * ```ts
 * import { Tallo } from 'tallo';
 * import { startLocalCloud, startWorker } from 'tallo/local';
 *
 * const app = new Tallo('store', { queues: { emails: {} } });
 * const greet = app.task('greet', { queue: 'emails' }, (name: string) => `Hello ${name}`);
 * await using cloud = await startLocalCloud(app, { worker: false });
 *
 * await using worker = await startWorker(app, { queues: ['emails'] });
 * console.log(await (await greet.delay('Ada')).get()); // Hello Ada
 * ```
 */
export async function startWorker(app: Tallo, options: WorkerOptions = {}): Promise<Worker> {
  const { log = jsonLogger(), handler = consumer(app, { log }) } = options;
  const topologies = (options.queues ?? ownQueues(app)).map((name) => topologyOf(app, name));
  const { cloud } = await app.connection();
  const origin = { region: process.env.AWS_REGION ?? 'us-east-1', account: '000000000000' };
  const lanes = topologies.flatMap(lanesAsQueues);
  const sources = lanes.map((queue) => startEventSource({ ...cloud, queue, handler, log, ...origin }));
  const stop = async () => {
    await Promise.all(sources.map((source) => source.stop()));
  };
  return { stop, [Symbol.asyncDispose]: stop };
}

/** Queues that run on Celery are served by Python. */
function ownQueues({ settings }: Tallo): readonly string[] {
  return settings.topology.queues.filter(({ runOn }) => runOn !== 'celery').map(({ name }) => name);
}

function topologyOf({ name: app, settings }: Tallo, name: string) {
  const queue = settings.queues.get(name);
  if (queue) return queue;
  throw new ConfigurationError(
    `App '${app}' has no queue '${name}'. Its queues: ${[...settings.queues.keys()].join(', ')}.`,
  );
}
