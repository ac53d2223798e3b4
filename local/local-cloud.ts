import { awsCloud } from '../sdk/aws/aws-cloud.ts';
import type { Tallo } from '../sdk/index.ts';
import { type EndpointOptions, startEndpoint } from './endpoint/start-endpoint.ts';
import type { Traffic } from './endpoint/traffic.ts';
import { provision } from './provision.ts';
import { startWorker, type WorkerOptions } from './worker.ts';

/** How the local cloud runs. */
export interface LocalCloudOptions extends EndpointOptions, WorkerOptions {
  /** Serve the app's queues from this process. @default true */
  readonly worker?: boolean;
}

/** A running local cloud. */
export interface LocalCloud extends AsyncDisposable {
  /** The one address of SQS, DynamoDB and EventBridge Scheduler: what `AWS_ENDPOINT_URL` is set to elsewhere. */
  readonly url: string;
  /** Counts the requests that arrive there, by AWS action. */
  readonly traffic: Traffic;
  /** Ends the worker (running batches come to their end), then the endpoint. What was stored is gone. */
  stop(): Promise<void>;
}

/**
 * Starts SQS, DynamoDB and EventBridge Scheduler in this process, creates what the app needs there, and serves its queues.
 * The app uses it from now on, until it is stopped. No Docker, no account.
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
  const endpoint = await startEndpoint(options);
  const topology = app.topology();
  await provision(topology, { endpoint: endpoint.url });
  app.connect(awsCloud({ tableName: topology.tableName, endpoint: endpoint.url }));
  const worker = options.worker === false ? undefined : await startWorker(app, options);
  const stop = async () => {
    await worker?.stop();
    await app.close();
    await endpoint.stop();
  };
  return { url: endpoint.url, traffic: endpoint.traffic, stop, [Symbol.asyncDispose]: stop };
}
