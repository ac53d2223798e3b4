import type { RunOn, Stage } from '../../sdk/index.ts';

/** An app's configuration as it is to be deployed, as plain data. Times are seconds. */
export interface Plan {
  readonly app: string;
  readonly stage: Stage;
  /** null: not known yet. */
  readonly region: string | null;
  /** Lambda's quota of concurrent executions in that region. */
  readonly accountConcurrency: number;
  /** Fargate's quota of virtual CPUs in that region. */
  readonly fargateVcpus: number;
  readonly defaultQueue: string;
  readonly queues: readonly PlannedQueue[];
  readonly tasks: readonly PlannedTask[];
  readonly routes: readonly PlannedRoute[];
  /** Routes that are functions: where they lead, only calls tell. */
  readonly routers: number;
  readonly entries: readonly PlannedEntry[];
  readonly table: PlannedTable;
  /** What is in the bucket of large calls, by the beginning of the keys; empty: there is none. */
  readonly payloads: readonly PlannedPayloads[];
}

/** A queue of the app. */
export interface PlannedQueue {
  /** The app's own name for it. */
  readonly name: string;
  readonly runOn: RunOn;
  /** The longest run of a task. */
  readonly timeLimitSeconds: number;
  /** That, and the time to store what came of it. */
  readonly neededSeconds: number;
  readonly lanes: readonly PlannedLane[];
  /** null: nothing is buried. */
  readonly deadLetters: PlannedDeadLetters | null;
  /** null: no function serves it. */
  readonly function: PlannedFunction | null;
  /** null: it has no containers. */
  readonly containers: PlannedContainers | null;
  /** How often a process renews the visibility of what it runs; null: nobody does. */
  readonly renewalSeconds: number | null;
}

/** One SQS queue of it. */
export interface PlannedLane {
  /** The lane's name: urgent, normal or low. */
  readonly name: string;
  readonly queueName: string;
  readonly visibilitySeconds: number;
  readonly retentionSeconds: number;
  /** `maxReceiveCount` of the redrive policy; null: there is none. */
  readonly maxReceives: number | null;
  /** null: no function polls it. */
  readonly source: PlannedSource | null;
}

/** The event source mapping of a lane. */
export interface PlannedSource {
  readonly batchSize: number;
  readonly batchWindowSeconds: number;
  readonly maximumConcurrency: number | null;
  readonly provisioned: PlannedPollers | null;
  readonly reportsBatchItemFailures: boolean;
  /** Whether it polls. */
  readonly isEnabled: boolean;
}

/** The event pollers of provisioned mode. */
export interface PlannedPollers {
  readonly minimum: number;
  readonly maximum: number;
}

/** The dead-letter queue of a queue. */
export interface PlannedDeadLetters {
  readonly queueName: string;
  readonly retentionSeconds: number;
  /** Whether somebody is told when a message gets there. */
  readonly hasAlarm: boolean;
}

/** The function that serves a queue, all its lanes. */
export interface PlannedFunction {
  readonly timeoutSeconds: number;
  readonly memoryMiB: number;
  readonly reservedConcurrency: number | null;
  /** Whether Lambda lets it send to its own queue again and again. */
  readonly mayLoop: boolean;
}

/** The containers that serve a queue. */
export interface PlannedContainers {
  readonly most: number;
  /** 1,024 are one virtual CPU. */
  readonly cpuUnits: number;
  /** From SIGTERM to SIGKILL. */
  readonly stopTimeoutSeconds: number;
  /** How long the worker lets its tasks go on after SIGTERM. */
  readonly graceSeconds: number;
}

/** A task that the app defines. */
export interface PlannedTask {
  readonly name: string;
  /** Where its calls go; null: a function decides, by their arguments. */
  readonly queue: string | null;
  /** Whether the task itself, a route, or nobody (the default queue) says so. */
  readonly queueBy: 'task' | 'route' | 'function' | 'default';
  readonly timeLimitSeconds: number | null;
  readonly softTimeLimitSeconds: number | null;
  /** The longest that it waits for a retry. */
  readonly retryDelaySeconds: number;
  /** How long its circuit breaker puts calls off; null: it has none. */
  readonly cooldownSeconds: number | null;
  /** What its rate limit allows, where that is one limit for all its calls; null: it has none. */
  readonly startsPerDay: number | null;
}

/** A route by a pattern. */
export interface PlannedRoute {
  readonly pattern: string;
  readonly queue: string;
  /** How many of the app's tasks go by it. */
  readonly tasks: number;
}

/** An entry of beat. */
export interface PlannedEntry {
  readonly name: string;
  readonly runsPerDay: number;
  /** Whether its calls expire: then no heap of them grows. */
  readonly expires: boolean;
  /** Every call that it starts, also those within a workflow. */
  readonly calls: readonly PlannedCall[];
}

/** A call of a beat entry. */
export interface PlannedCall {
  readonly task: string;
  /** As for a task. */
  readonly queue: string | null;
  /** Whether the entry itself names the queue. */
  readonly namesQueue: boolean;
}

/** The table. */
export interface PlannedTable {
  readonly name: string;
  /** The attribute by which DynamoDB deletes rows; null: it deletes none. */
  readonly ttlAttribute: string | null;
}

/** Payloads of one lifetime. */
export interface PlannedPayloads {
  /** What their keys begin with. */
  readonly prefix: string;
  /** So many days their messages may be on the way. */
  readonly days: number;
  /** After so many days the bucket deletes them; null: never. */
  readonly keptDays: number | null;
}
