import { namesIn, type Topology } from '../sdk/app/topology.ts';
import { awsCloud } from '../sdk/aws/aws-cloud.ts';
import type { Tallo } from '../sdk/index.ts';
import { whileStill } from './accelerated-clock.ts';
import { beatFunction } from './beat-function.ts';
import { type Endpoint, type EndpointOptions, startEndpoint } from './endpoint/start-endpoint.ts';
import type { Traffic } from './endpoint/traffic.ts';
import { provision } from './provision.ts';
import { startWorker, type Worker, type WorkerOptions } from './worker.ts';

/** How the local cloud runs. */
export interface LocalCloudOptions extends EndpointOptions, WorkerOptions {
  /** Serve the app's queues from this process. @default true */
  readonly worker?: boolean;
  /** Run the app's beat function in this process, whenever a schedule wakes it. @default true */
  readonly beat?: boolean;
}

/** A running local cloud. */
export interface LocalCloud extends AsyncDisposable {
  /** The one address of SQS, DynamoDB, EventBridge Scheduler and S3: what `AWS_ENDPOINT_URL` is set to elsewhere. */
  readonly url: string;
  /** Counts the requests that arrive there, by AWS action. */
  readonly traffic: Traffic;
  /** Ends the worker and beat (what runs comes to its end), then the endpoint. What was stored is gone. */
  stop(): Promise<void>;
}

/**
 * Starts SQS, DynamoDB, EventBridge Scheduler and S3 in this process, creates what the app needs there, serves its queues and runs
 * its beat. The app uses it from now on, until it is stopped. No Docker, no account. With an `acceleratedClock` as `clock`,
 * everything there runs faster.
 *
 * @throws MissingDependencyError (MISSING_DEPENDENCY) if fauxqs or dynalite is not installed.
 * @example
 * ```ts
 * import { Tallo } from 'tallo';
 * import { startLocalCloud } from 'tallo/local';
 *
 * const app = new Tallo('store');
 * const add = app.task('math.add', (x: number, y: number) => x + y);
 * await using cloud = await startLocalCloud(app);
 *
 * const result = await add.delay(2, 3);
 * console.log(await result.get({ timeout: '10s' })); // 5
 * console.log(cloud.traffic.count('SQS.SendMessageBatch')); // 1
 * ```
 */
export function startLocalCloud(app: Tallo, options: LocalCloudOptions = {}): Promise<LocalCloud> {
  // Or minutes had passed on a fast clock before anybody is there, and what was due in them would be missed.
  return whileStill(options.clock, () => start(app, options));
}

async function start(app: Tallo, options: LocalCloudOptions): Promise<LocalCloud> {
  // What is over, or how a zone's clocks are changed, is a question of the time that it is there.
  const topology = app.topology(options.clock && { now: new Date(options.clock.now()) });
  const functions = {
    ...(options.beat !== false && beatFunction(app, options.log)),
    ...options.functions,
  };
  const endpoint = await startEndpoint({ ...options, functions });
  const worker = await serve(app, endpoint, { ...options, topology }).catch(async (error: unknown) => {
    await end(app, endpoint);
    throw error;
  });
  const stop = async () => {
    await worker?.stop();
    await end(app, endpoint);
  };
  return { url: endpoint.url, traffic: endpoint.traffic, stop, [Symbol.asyncDispose]: stop };
}

interface Serving extends LocalCloudOptions {
  readonly topology: Topology;
}

async function serve(app: Tallo, { url }: Endpoint, options: Serving): Promise<Worker | undefined> {
  const { topology } = options;
  const clock = options.clock && { clock: options.clock };
  // Before there is a schedule that wakes beat, which uses it.
  app.connect(awsCloud({ ...namesIn(topology), endpoint: url, ...clock }));
  await provision(topology, { endpoint: url });
  return options.worker === false ? undefined : startWorker(app, options);
}

/** Beat may be at work, and needs the app for it. */
async function end(app: Tallo, endpoint: Endpoint): Promise<void> {
  await endpoint.stop();
  await app.close();
}
