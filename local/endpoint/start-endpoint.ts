import { createServer } from 'node:http';
import { openDynamoDb } from './dynamodb.ts';
import { listen } from './listen.ts';
import { createRouter } from './router.ts';
import { openS3 } from './s3.ts';
import { schedulerRouter } from './scheduler/router.ts';
import { Scheduler } from './scheduler/scheduler.ts';
import { type SchedulerOptions, withDefaults } from './scheduler-options.ts';
import { openSqs } from './sqs.ts';
import { createTraffic, type Traffic } from './traffic.ts';

/** How the endpoint runs. */
export type EndpointOptions = SchedulerOptions;

/** SQS, DynamoDB, EventBridge Scheduler and S3 behind one address on this machine, all in memory. */
export interface Endpoint {
  /** To be given as `AWS_ENDPOINT_URL`. */
  readonly url: string;
  readonly port: number;
  readonly traffic: Traffic;
  /** Ends long polls, fires nothing more, waits for functions that run, lets the port go. Everything that was stored is gone. */
  stop(): Promise<void>;
}

/**
 * Starts the endpoint on 127.0.0.1. Schedules fire: at queues, at functions of this process, and by `sqs:sendMessage`.
 *
 * @throws MissingDependencyError (MISSING_DEPENDENCY) if fauxqs or dynalite is not installed.
 * @example
 * ```ts
 * import { startEndpoint } from 'tallo/local';
 *
 * const endpoint = await startEndpoint();
 * console.log(endpoint.url.startsWith('http://127.0.0.1:'), endpoint.traffic.count()); // true 0
 * await endpoint.stop();
 * ```
 */
export async function startEndpoint(options: EndpointOptions = {}): Promise<Endpoint> {
  const { port = 0, clock } = options;
  const [sqs, dynamoDb] = await Promise.all([openSqs(clock), openDynamoDb()]);
  const s3 = openS3();
  const scheduler = new Scheduler({ ...withDefaults(options), send: sqs.send });
  const { note, ...traffic } = createTraffic();
  const route = createRouter(
    { SQS: sqs.handle, DynamoDB: dynamoDb.handle, Scheduler: schedulerRouter(scheduler), S3: s3.handle },
    note,
  );
  const server = createServer((request, response) => void route(request, response));
  const listening = await listen(server, port).catch(async (error: unknown) => {
    await sqs.stop();
    throw error;
  });
  return {
    url: `http://127.0.0.1:${listening.port}`,
    port: listening.port,
    traffic,
    stop: async () => {
      await scheduler.stop();
      await Promise.all([listening.close(), sqs.stop(), s3.stop()]);
    },
  };
}
