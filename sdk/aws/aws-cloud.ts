import { systemChance } from '../ports/chance.ts';
import { type Clock, systemClock } from '../ports/clock.ts';
import type { Cloud } from '../ports/cloud.ts';
import type { ConnectionOptions } from './connection.ts';
import type { DynamoDbOperations } from './dynamodb-operations.ts';
import { dynamoDbTable } from './dynamodb-table.ts';
import { jsonCalls } from './http/json-calls.ts';
import { Lazy } from './lazy.ts';
import { QueueAddresses } from './queue-addresses.ts';
import { queuesPlace } from './queues-place.ts';
import { s3Payloads } from './s3-payloads.ts';
import { schedulerCalls } from './scheduler-calls.ts';
import { schedulerSchedules } from './scheduler-schedules.ts';
import { schedulerTimers } from './scheduler-timers.ts';
import type { SqsOperations } from './sqs-operations.ts';
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
  /**
   * Where EventBridge Scheduler puts what it could not deliver, a queue of the same account and region. @default none: it drops that after a day
   */
  readonly undeliveredQueueName?: string;
  /**
   * The bucket of calls that are too large for SQS. @default the one that `TALLO_PAYLOAD_BUCKET` names; at an endpoint that is not AWS's
   * own `<schedule group>-payloads`
   */
  readonly payloadBucket?: string;
  /** @default the machine's own */
  readonly clock?: Clock;
}

/** Longer than the longest poll of SQS, 20 seconds. */
const pollTimeoutMs = 30_000;

/**
 * The cloud on AWS, LocalStack or the local endpoint. Connections are opened on first use and stay open. What fails by chance is tried
 * 3 times in all, or as often as `AWS_MAX_ATTEMPTS` says, with pauses as in the standard mode of AWS's SDKs. A deployment may set
 * `TALLO_QUEUE_URLS` to what the URLs of the app's queues begin with, such as `https://sqs.us-east-1.amazonaws.com/123456789012`: then
 * no queue's address is asked for.
 *
 * Mirrors {@link https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html retry behavior}.
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
  const sqs = new Lazy(() => jsonCalls<SqsOperations>({ ...connection(options), service: 'sqs' }));
  const polls = new Lazy(() => callsForPolls(options));
  const dynamoDb = new Lazy(() =>
    jsonCalls<DynamoDbOperations>({ ...connection(options), service: 'dynamodb' }),
  );
  const scheduler = new Lazy(() => schedulerCalls(connection(options)));
  const place = new Lazy(() => queuesPlace(options));
  const addresses = new QueueAddresses({ sqs: () => sqs.get(), place: () => place.get() });
  const { tableName, clock = systemClock } = options;
  const chance = systemChance;
  const scheduling = { ...namesOf(options), scheduler: () => scheduler.get(), addresses };
  const { close: closePayloads, ...payloads } = s3Payloads(options);
  return {
    queues: sqsQueues({ sqs: () => sqs.get(), polls: () => polls.get(), addresses }),
    table: dynamoDbTable({ tableName, dynamoDb: () => dynamoDb.get(), clock, chance }),
    timers: schedulerTimers(scheduling),
    schedules: schedulerSchedules(scheduling),
    payloads,
    clock,
    chance,
    close: async () => {
      const opened = [sqs.peek(), polls.peek(), dynamoDb.peek(), scheduler.peek()];
      await Promise.all([...opened.map((calls) => calls?.close()), closePayloads()]);
    },
  };
}

/** A long poll holds its connection for 20 seconds: a worker of many queues would have none left for what it sends and deletes. */
function callsForPolls(options: AwsOptions) {
  const limits = { timeoutMs: pollTimeoutMs, maxConnections: Number.POSITIVE_INFINITY };
  return jsonCalls<SqsOperations>({ ...connection(options), service: 'sqs', ...limits });
}

/** Not the clock: signatures and retries go by the true time. */
function connection({ region, endpoint, credentials }: AwsOptions): ConnectionOptions {
  return {
    ...(region !== undefined && { region }),
    ...(endpoint !== undefined && { endpoint }),
    ...(credentials !== undefined && { credentials }),
  };
}

function namesOf({ scheduleGroup: groupName = 'default', schedulerRoleArn: roleArn, ...names }: AwsOptions) {
  const { beatFunctionName = `${groupName}-beat`, undeliveredQueueName } = names;
  return { groupName, roleArn, functionName: beatFunctionName, undeliveredQueueName };
}
