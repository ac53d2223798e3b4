import { createServer } from 'node:http';
import { openDynamoDb } from './dynamodb.ts';
import { listen } from './listen.ts';
import { createRouter } from './router.ts';
import { handleSchedule } from './scheduler/router.ts';
import { ScheduleStore } from './scheduler/store.ts';
import { openSqs } from './sqs.ts';
import { createTraffic, type Traffic } from './traffic.ts';

/** Where the endpoint listens. */
export interface EndpointOptions {
  /** @default 0: any free port */
  readonly port?: number;
}

/** SQS, DynamoDB and EventBridge Scheduler behind one address on this machine, all in memory. */
export interface Endpoint {
  /** To be given as `AWS_ENDPOINT_URL`. */
  readonly url: string;
  readonly port: number;
  readonly traffic: Traffic;
  /** Ends long polls, forgets schedules, lets the port go. Everything that was stored is gone. */
  stop(): Promise<void>;
}

/**
 * Starts the endpoint on 127.0.0.1.
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
export async function startEndpoint({ port = 0 }: EndpointOptions = {}): Promise<Endpoint> {
  const [sqs, dynamoDb] = await Promise.all([openSqs(), openDynamoDb()]);
  const schedules = new ScheduleStore((queueArn, body) => sqs.send(queueArn, body));
  const { note, ...traffic } = createTraffic();
  const route = createRouter(
    {
      SQS: sqs.handle,
      DynamoDB: dynamoDb.handle,
      Scheduler: (request, response) => handleSchedule(schedules, request, response),
    },
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
      schedules.stop();
      await Promise.all([listening.close(), sqs.stop()]);
    },
  };
}
