import { consumer } from '../functions/index.ts';
import { lanesAsQueues } from '../sdk/app/lanes.ts';
import { isProcess } from '../sdk/app/run-on.ts';
import type { QueueTopology } from '../sdk/app/topology.ts';
import { ConfigurationError } from '../sdk/errors/index.ts';
import type { Tallo } from '../sdk/index.ts';
import { jsonLogger, type Logger } from '../sdk/log/logger.ts';
import { type Duration, toMilliseconds } from '../sdk/time/duration.ts';
import { startEventSource } from './event-source/event-source.ts';
import type { BatchHandler, EventSourceOptions } from './event-source/options.ts';
import { startProcessSource } from './process/process-source.ts';
import { Protection } from './process/protection.ts';

/** What a worker serves. */
export interface WorkerOptions {
  /** The queues to serve, by the app's own names, each with all its lanes. @default all, except those that run on Celery */
  readonly queues?: readonly string[];
  /** What a batch is given to. @default `consumer(app)`, the very handler that Lambda runs */
  readonly handler?: BatchHandler;
  /** @default JSON lines on standard output */
  readonly log?: Logger;
  /**
   * How long `stop` lets tasks of queues with runOn `'fargate'` or `'server'` go on. Then their signals abort, with `Interrupted` as
   * the reason, and their messages go back. Fargate kills a container at most 120 seconds after it has asked it to stop. Batches
   * of other queues run to their end, as on Lambda. @default '110s'
   */
  readonly grace?: Duration;
}

/** A running worker. */
export interface Worker extends AsyncDisposable {
  /**
   * Takes no more messages, lets what runs end (for `grace`, where there is no function's time limit) and acknowledges it. What does not
   * end in time goes back to its queue at once, and counts neither as an attempt nor as a crash. Called again, it waits for the same end.
   */
  stop(): Promise<void>;
}

/**
 * Serves an app's queues from this process: for a laptop, a container, or a server. It polls whatever cloud the app uses. Queues with
 * runOn `'lambda'` it serves as Lambda would. Those with `'fargate'` or `'server'` are at home here: up to `batchSize` tasks at once, each
 * begun as soon as there is room, for as long as their time limits say. Their messages are kept hidden meanwhile, every third of
 * the visibility timeout anew. On ECS (`ECS_AGENT_URI`) the task is protected from scale-in while it works.
 *
 * @throws ConfigurationError (CONFIGURATION) for a queue that the app does not have, or that runs on Celery.
 * @example
 * ```ts
 * import { Tallo } from 'tallo';
 * import { startLocalCloud, startWorker } from 'tallo/local';
 *
 * const app = new Tallo('store', { queues: { emails: {}, videos: { runOn: 'server', timeLimit: '8h' } } });
 * const greet = app.task('greet', { queue: 'emails' }, (name: string) => `Hello ${name}`);
 * const cut = app.task('cut', { queue: 'videos' }, (video: string) => `short ${video}`);
 * await using cloud = await startLocalCloud(app, { worker: false });
 *
 * await using worker = await startWorker(app, { queues: ['emails', 'videos'], grace: '30s' });
 * console.log(await (await greet.delay('Ada')).get()); // Hello Ada
 * console.log(await (await cut.delay('cats')).get()); // short cats
 * ```
 */
export async function startWorker(app: Tallo, options: WorkerOptions = {}): Promise<Worker> {
  const { log = jsonLogger(), handler = consumer(app, { log }) } = options;
  const graceMs = toMilliseconds(options.grace ?? '110s', 'grace');
  const names = new Set(options.queues ?? ownQueues(app));
  const topologies = [...names].map((name) => topologyOf(app, name));
  const { cloud } = await app.connection();
  const origin = { region: process.env.AWS_REGION ?? 'us-east-1', account: '000000000000' };
  const parts: Parts = { ...cloud, handler, log, ...origin };
  const functions = topologies.filter(({ runOn }) => !isProcess(runOn)).flatMap(lanesAsQueues);
  const sources = functions.map((queue) => startEventSource({ ...parts, queue }));
  const processes = startProcesses(
    topologies.filter(({ runOn }) => isProcess(runOn)),
    parts,
  );
  let stopped: Promise<unknown> | undefined;
  const stop = async () => {
    stopped ??= Promise.all([...sources.map((source) => source.stop()), processes.stop(graceMs)]);
    await stopped;
  };
  return { stop, [Symbol.asyncDispose]: stop };
}

interface Parts extends Omit<EventSourceOptions, 'queue' | 'log'> {
  readonly log: Logger;
}

/** The queues that this process is not the function of, and what they have in common: one container. */
function startProcesses(topologies: readonly QueueTopology[], parts: Parts) {
  const { clock, log } = parts;
  const agent = process.env.ECS_AGENT_URI;
  const protection = agent ? new Protection({ agent, clock, log }) : undefined;
  const occupation = protection && { occupation: protection };
  const sources = topologies.map((queue) => startProcessSource({ ...parts, queue, ...occupation }));
  const stop = async (graceMs: number) => {
    const running = sources.reduce((sum, source) => sum + source.running, 0);
    const stopped = sources.map((source) => source.stop(graceMs));
    if (running > 0) {
      const graceSeconds = graceMs / 1_000;
      const tasks = running === 1 ? 'task' : 'tasks';
      log.info(`stopping: waiting up to ${graceSeconds} s for ${running} running ${tasks}`, {
        running,
        graceSeconds,
      });
    }
    await Promise.all(stopped);
    protection?.close();
  };
  return { stop };
}

/** Queues that run on Celery are served by Python. */
function ownQueues({ settings }: Tallo): readonly string[] {
  return settings.topology.queues.filter(({ runOn }) => runOn !== 'celery').map(({ name }) => name);
}

function topologyOf({ name: app, settings }: Tallo, name: string) {
  const queue = settings.queues.get(name);
  if (queue?.runOn === 'celery') {
    throw new ConfigurationError(
      `Expected a queue that Tallo serves, got '${name}' of app '${app}', which runs on Celery: a worker here would bury its messages, since it does not know their tasks.`,
    );
  }
  if (queue) return queue;
  throw new ConfigurationError(
    `App '${app}' has no queue '${name}'. Its queues: ${[...settings.queues.keys()].join(', ')}.`,
  );
}
