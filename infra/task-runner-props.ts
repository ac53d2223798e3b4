import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { ITableV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ProvisionedPollerConfig } from 'aws-cdk-lib/aws-lambda';
import type { NodejsFunctionProps } from 'aws-cdk-lib/aws-lambda-nodejs';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { PreflightOptions } from '../preflight/preflight.ts';
import type { Tallo } from '../sdk/index.ts';
import type { DeploymentSettings } from './deployment/deployment-settings.ts';
import type { LongTaskSettings } from './long-tasks/settings.ts';
import type { AlarmSettings } from './monitoring/alarm-settings.ts';
import type { PayloadBucketSettings } from './payload-bucket.ts';

/** What a {@link TaskRunner} is made from. Only `app` and `entry` are needed. */
export interface TaskRunnerProps {
  /** The app. Its topology says which queues, functions and schedules there are, and with which numbers. */
  readonly app: Tallo;
  /** The file that exports the app, such as `src/tasks.ts`: what is bundled for Lambda. A relative path begins where `cdk` was started. */
  readonly entry: string;
  /**
   * A file of your own that exports `handler`, made by `consumer(app, ...)`: for middlewares and a logger of your own.
   * @default made from `entry`
   */
  readonly consumerEntry?: string;
  /**
   * One of several deployments of the app in the same account and region, 1 to 20 letters, digits, `-` or `_`: part of every name.
   * @default none: the app is deployed once
   */
  readonly stage?: string;
  /**
   * What becomes of queues, table, bucket, schedules and logs when they leave the stack. `RemovalPolicy.DESTROY` suits stages that come and go.
   * @default RETAIN_ON_UPDATE_OR_DELETE: no accepted task and no result is deleted with a stack; only what a failed deployment has just made is
   */
  readonly removalPolicy?: RemovalPolicy;
  /** A key of your own for queues, table, bucket and logs, or `true` for a new one that is renewed every year. @default keys that AWS owns, without cost */
  readonly encryptionKey?: IKey | true;
  /** How long logs are kept. @default one month */
  readonly logRetention?: RetentionDays;
  /** What holds for every function. */
  readonly functions?: FunctionSettings;
  /** What holds for the functions of single queues, by the app's names. */
  readonly queues?: Readonly<Record<string, QueueSettings>>;
  /** What holds for the containers of all queues with `runOn: 'fargate'`. */
  readonly longTasks?: LongTaskSettings;
  /** The table's own settings. */
  readonly table?: TableSettings;
  /**
   * `paused`: beat's schedules are there and do not fire, as a second region wants it while the first one works.
   * @default 'running'
   */
  readonly beat?: 'running' | 'paused';
  /** The alarms, or false: none. @default all, and nobody is told: see `actions` */
  readonly alarms?: AlarmSettings | false;
  /**
   * A dashboard of CloudWatch that shows all queues, functions and the table. Beyond an account's first three small ones each costs 3 USD a
   * month. @default true
   * @see https://aws.amazon.com/cloudwatch/pricing/
   */
  readonly dashboard?: boolean;
  /** New versions of the functions that run tasks take over bit by bit, and give back at once when they fail. @default they take over at once */
  readonly deployment?: DeploymentSettings;
  /** The bucket of an app with the option `payloadBucket`. @default a new one */
  readonly payloadBucket?: PayloadBucketSettings;
  /**
   * What is looked at when the template is made: by which quotas, and which warnings are meant so. Errors stop the synthesis, whatever is
   * said here. @default AWS's quotas for an account, and every warning is told
   */
  readonly preflight?: PreflightOptions;
}

/** What holds for every function: a part of what `NodejsFunction` takes. */
export type FunctionSettings = Pick<
  NodejsFunctionProps,
  | 'allowAllOutbound'
  | 'architecture'
  | 'bundling'
  | 'environment'
  | 'layers'
  | 'securityGroups'
  | 'tracing'
  | 'vpc'
  | 'vpcSubnets'
>;

/** What only AWS knows of a queue, so that it is no option of the app. */
export interface QueueSettings {
  /**
   * Event pollers of its own, 2 to 2,000, for many messages with little delay; billed by the hour. Not together with the queue's
   * `concurrency`. @default none: Lambda's shared pollers, without cost
   */
  readonly provisionedPollers?: ProvisionedPollerConfig;
  /** A call of this queue that has waited longer sets off its alarm, 1 minute to 14 days. @default that of `alarms` */
  readonly oldestMessage?: Duration;
  /**
   * With `runOn: 'fargate'`: so many containers wait for work also when there is none, from 0 to the queue's `concurrency`; billed by the
   * second. A call that finds none waits for one, 2 to 3 minutes, and up to 15 more after hours without any. @default 0
   */
  readonly minContainers?: number;
}

/** The table's own settings. */
export interface TableSettings {
  /** A table that exists already: the replica of another region's. @default a new one */
  readonly existing?: ITableV2 | TableV2;
  /** Other regions that get a replica, with all results. @default none */
  readonly replicaRegions?: readonly string[];
  /** With a key of your own: that of each replica's region. @default none */
  readonly replicaKeyArns?: Readonly<Record<string, string>>;
  /** An index `by-task` over the tasks' names and the time of their last change, to list recent calls. It doubles the cost of writes. @default false */
  readonly listingIndex?: boolean;
  /** @default true: any moment of the last 35 days can be restored */
  readonly pointInTimeRecovery?: boolean;
}
