import type { RemovalPolicy } from 'aws-cdk-lib';
import type { ITableV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ProvisionedPollerConfig } from 'aws-cdk-lib/aws-lambda';
import type { NodejsFunctionProps } from 'aws-cdk-lib/aws-lambda-nodejs';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Tallo } from '../sdk/index.ts';

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
   * What becomes of queues, table, bucket, schedules and logs when they leave the stack. @default RETAIN: no accepted task and no result is
   * deleted with a stack. `RemovalPolicy.DESTROY` suits stages that come and go.
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
  /** The table's own settings. */
  readonly table?: TableSettings;
  /**
   * `paused`: beat's schedules are there and do not fire, as a second region wants it while the first one works.
   * @default 'running'
   */
  readonly beat?: 'running' | 'paused';
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

/** What only Lambda knows of a queue, so that it is no option of the app. */
export interface QueueSettings {
  /**
   * Event pollers of its own, 2 to 2,000, for many messages with little delay; billed by the hour. Not together with the queue's
   * `concurrency`. @default none: Lambda's shared pollers, without cost
   */
  readonly provisionedPollers?: ProvisionedPollerConfig;
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
