import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { systemChance } from '../ports/chance.ts';
import { type Clock, systemClock } from '../ports/clock.ts';
import type { Cloud } from '../ports/cloud.ts';
import { type ConnectionOptions, connectionTo } from './connection.ts';
import { dynamoDbTable } from './dynamodb-table.ts';
import { Lazy } from './lazy.ts';
import { lazySchedules } from './lazy-schedules.ts';
import { lazyTimers } from './lazy-timers.ts';
import { QueueAddresses } from './queue-addresses.ts';
import { sqsQueues } from './sqs-queues.ts';

/** Where the cloud is, and what the app's parts are called there. */
export interface AwsOptions extends ConnectionOptions {
  /** The table of results and control state. */
  readonly tableName: string;
  /** The schedule group of times further away than 15 minutes, and of beat. @default 'default' */
  readonly scheduleGroup?: string;
  /**
   * The role that EventBridge Scheduler takes on to send to the queues. @default the role `<schedule group>-scheduler-<region>` of the
   * queue's account, which `cdk deploy` makes
   */
  readonly schedulerRoleArn?: string;
  /** The function that beat's schedules wake. @default `<schedule group>-beat` */
  readonly beatFunctionName?: string;
  /** @default the machine's own */
  readonly clock?: Clock;
}

/** Longer than the longest poll of SQS, 20 seconds. */
const queuesTimeoutMs = 30_000;
const requestTimeoutMs = 10_000;

/**
 * The cloud on AWS, LocalStack or the local endpoint. Clients are built on first use, keep their connections alive and
 * try again as the SDK's standard mode does (or as `AWS_RETRY_MODE` and `AWS_MAX_ATTEMPTS` say).
 *
 * @throws ConfigurationError on first use, if an endpoint is not a URL or a queue or table does not exist.
 * @example
 * ```ts
 * import { Tallo } from 'tallo';
 * import { awsCloud, startLocalCloud } from 'tallo/local';
 *
 * const app = new Tallo('store');
 * const add = app.task('math.add', (x: number, y: number) => x + y);
 * await using worker = await startLocalCloud(app);
 *
 * const { tableName, scheduleGroup } = app.topology();
 * const caller = new Tallo('store');
 * caller.connect(awsCloud({ tableName, scheduleGroup, endpoint: worker.url }));
 * console.log(await (await caller.sendTask('math.add', [2, 3])).get()); // 5
 * await caller.close();
 * ```
 */
export function awsCloud(options: AwsOptions): Cloud {
  const sqs = new Lazy(
    () =>
      new SQSClient({
        ...connectionTo('SQS', options),
        requestHandler: requestHandler(queuesTimeoutMs),
        // The URLs that emulators give name hosts that do not resolve; on AWS they name the same endpoint anyway.
        useQueueUrlAsEndpoint: false,
      }),
  );
  const dynamoDb = new Lazy(
    () =>
      new DynamoDBClient({
        ...connectionTo('DYNAMODB', options),
        requestHandler: requestHandler(requestTimeoutMs),
      }),
  );
  const addresses = new QueueAddresses(() => sqs.get());
  const { clock = systemClock } = options;
  const chance = systemChance;
  const scheduler = { options, addresses, requestHandler: requestHandler(requestTimeoutMs) };
  const { close: closeTimers, ...timers } = lazyTimers(scheduler);
  const { close: closeSchedules, ...schedules } = lazySchedules(scheduler);
  return {
    queues: sqsQueues(() => sqs.get(), addresses),
    table: dynamoDbTable({ tableName: options.tableName, client: () => dynamoDb.get(), clock, chance }),
    timers,
    schedules,
    clock,
    chance,
    close: async () => {
      sqs.peek()?.destroy();
      dynamoDb.peek()?.destroy();
      await Promise.all([closeTimers(), closeSchedules()]);
    },
  };
}

function requestHandler(requestTimeout: number) {
  // Without `throwOnRequestTimeout` the SDK writes a warning and waits on.
  return { connectionTimeout: 3_000, requestTimeout, throwOnRequestTimeout: true };
}
