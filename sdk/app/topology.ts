import type { PayloadLifetime } from '../payloads/lifetimes.ts';
import type { Lanes } from './lanes.ts';
import type { RunOn } from './run-on.ts';
import type { Deployment, Stage } from './stage.ts';

/** One queue as the cloud must have it, with its dead-letter queue and the function that serves it. */
export interface QueueTopology {
  /** The name that the app uses. */
  readonly name: string;
  /** The names in the cloud: of its normal lane ... */
  readonly queueName: string;
  /** ... and of the queue that all its lanes bury in. */
  readonly deadLetterQueueName: string;
  /** The longest run of a task, seconds. */
  readonly timeLimitSeconds: number;
  /** Timeout of the function, or of a batch in a process: the time limit and room to store the outcomes. */
  readonly timeoutSeconds: number;
  /** After this time without an answer a message is delivered again; a process that serves the queue renews it. */
  readonly visibilitySeconds: number;
  readonly retentionSeconds: number;
  readonly deadLetterRetentionSeconds: number;
  /** How long SQS lets a poll wait that does not say. */
  readonly receiveWaitSeconds: number;
  /** The redrive policy's `maxReceiveCount`: the last resort only, since the consumer dead-letters by itself and says why. */
  readonly maxReceives: number;
  readonly batchSize: number;
  readonly batchWindowSeconds: number;
  /** `MaximumConcurrency` of its event sources together, or the most containers; null: none. */
  readonly concurrency: number | null;
  /** Its SQS queues, each with an event source of its own: one, or several by priority, the most urgent first. */
  readonly lanes: Lanes;
  readonly memoryMiB: number;
  /** Units of a processor, 1,024 are one: of its containers; null: it has none. */
  readonly cpuUnits: number | null;
  readonly base64: boolean;
  /** Who runs its tasks. */
  readonly runOn: RunOn;
}

/** Everything an app needs in the cloud. The CDK stack and the local cloud both build from this and invent nothing. */
export interface Topology {
  /** The app's name, as its code says. */
  readonly app: string;
  /** Which of several deployments of the app this is; null: its only one. */
  readonly stage: Stage;
  readonly tableName: string;
  readonly queues: readonly QueueTopology[];
  /** The EventBridge Scheduler group of its timers and schedules. */
  readonly scheduleGroup: string;
  /** The function that sends what is due by a schedule. */
  readonly beatFunctionName: string;
  /** The bucket of calls that are too large for SQS; null: they are refused. */
  readonly payloads: PayloadTopology | null;
  /** Where goes what EventBridge Scheduler could not deliver. */
  readonly undeliveredQueueName: string;
  readonly undeliveredRetentionSeconds: number;
  readonly schedules: readonly ScheduleTopology[];
}

/** A bucket of S3. */
export interface PayloadTopology {
  /** As the app names it; null: whoever deploys it finds a name, and tells every process with `TALLO_PAYLOAD_BUCKET`. */
  readonly bucketName: string | null;
  /** What its lifecycle deletes, by the beginning of the keys. */
  readonly lifetimes: readonly PayloadLifetime[];
}

/** The same without the schedules, which an app is told of later than of its queues. */
export type AppTopology = Omit<Topology, 'schedules'>;

/** The longest that SQS has. */
export const longestRetentionSeconds = 14 * 86_400;

/** Names what a deployment of an app needs. */
export function appTopology(
  { app, stage, place }: Deployment,
  queues: readonly QueueTopology[],
  payloads: PayloadTopology | null = null,
): AppTopology {
  return {
    app,
    stage,
    tableName: `${place}-tasks`,
    queues,
    scheduleGroup: place,
    beatFunctionName: `${place}-beat`,
    undeliveredQueueName: `${place}-undelivered`,
    undeliveredRetentionSeconds: longestRetentionSeconds,
    payloads,
  };
}

/** By which names a process finds what is there for its app. */
export function namesIn({ tableName, scheduleGroup, undeliveredQueueName, payloads }: AppTopology): {
  readonly tableName: string;
  readonly scheduleGroup: string;
  readonly undeliveredQueueName: string;
  readonly payloadBucket?: string;
} {
  const payloadBucket = payloads?.bucketName ?? undefined;
  return {
    tableName,
    scheduleGroup,
    undeliveredQueueName,
    ...(payloadBucket !== undefined && { payloadBucket }),
  };
}

/** Which deployment of an app a topology is of, and when. */
export interface TopologyOptions {
  /** @default now */
  readonly now?: Date;
  /** One of several deployments in the same account and region; null: the only one. @default the one that `TALLO_STAGE` names */
  readonly stage?: Stage;
}

/** A schedule that wakes the beat function. */
export interface ScheduleTopology {
  /** Its name in the group. */
  readonly name: string;
  /** What EventBridge Scheduler understands: `cron(...)` or `at(...)`. */
  readonly expression: string;
  /** IANA name. */
  readonly timezone: string;
  readonly isEnabled: boolean;
  /** Whether it ends by itself, after its one time. */
  readonly isOnce: boolean;
  /** What the beat function is given, as JSON. */
  readonly input: string;
}
