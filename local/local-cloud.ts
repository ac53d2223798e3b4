import { awsCloud } from '../sdk/aws/aws-cloud.ts';
import type { Tallo } from '../sdk/index.ts';
import { beatFunction } from './beat-function.ts';
import { type EndpointOptions, startEndpoint } from './endpoint/start-endpoint.ts';
import type { Traffic } from './endpoint/traffic.ts';
import { provision } from './provision.ts';
import { startWorker, type WorkerOptions } from './worker.ts';

/** How the local cloud runs. */
export interface LocalCloudOptions extends EndpointOptions, WorkerOptions {
  /** Serve the app's queues from this process. @default true */
  readonly worker?: boolean;
  /** Run the app's beat function in this process, whenever a schedule wakes it. @default true */
  readonly beat?: boolean;
}

/** A running local cloud. */
export interface LocalCloud extends AsyncDisposable {
  /** The one address of SQS, DynamoDB and EventBridge Scheduler: what `AWS_ENDPOINT_URL` is set to elsewhere. */
  readonly url: string;
  /** Counts the requests that arrive there, by AWS action. */
  readonly traffic: Traffic;
  /** Ends the worker and beat (what runs comes to its end), then the endpoint. What was stored is gone. */
  stop(): Promise<void>;
}

/**
 * Starts SQS, DynamoDB and EventBridge Scheduler in this process, creates what the app needs there, serves its queues and runs
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
export async function startLocalCloud(app: Tallo, options: LocalCloudOptions = {}): Promise<LocalCloud> {
  const topology = app.topology();
  const functions = {
    ...(options.beat !== false && beatFunction(app, options.log)),
    ...options.functions,
  };
  const endpoint = await startEndpoint({ ...options, functions });
  const { tableName, scheduleGroup } = topology;
  const clock = options.clock && { clock: options.clock };
  // Before there is a schedule that wakes beat, which uses it.
  app.connect(awsCloud({ tableName, scheduleGroup, endpoint: endpoint.url, ...clock }));
  await provision(topology, { endpoint: endpoint.url });
  const worker = options.worker === false ? undefined : await startWorker(app, options);
  const stop = async () => {
    await worker?.stop();
    // Beat may be at work, and needs the app for it.
    await endpoint.stop();
    await app.close();
  };
  return { url: endpoint.url, traffic: endpoint.traffic, stop, [Symbol.asyncDispose]: stop };
}
