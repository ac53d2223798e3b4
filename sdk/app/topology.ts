import { refuseUnknown } from '../errors/refuse-unknown.ts';
import { ConfigurationError } from '../errors/tallo-error.ts';
import { type Duration, toSeconds } from '../time/duration.ts';
import { type Lanes, lanesOf } from './lanes.ts';
import type { QueueOptions } from './options.ts';

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
  /** Timeout of the function: the time limit and room to store the outcomes. */
  readonly timeoutSeconds: number;
  readonly visibilitySeconds: number;
  readonly retentionSeconds: number;
  /** The redrive policy's `maxReceiveCount`: the last resort only, since the consumer dead-letters by itself and says why. */
  readonly maxReceives: number;
  readonly batchSize: number;
  readonly batchWindowSeconds: number;
  /** `MaximumConcurrency` of its event sources together; null: none. */
  readonly concurrency: number | null;
  /** Its SQS queues, each with an event source of its own: one, or several by priority, the most urgent first. */
  readonly lanes: Lanes;
  readonly memoryMiB: number;
  readonly base64: boolean;
  /** `celery`: a Celery worker in Python consumes the queue, none of ours. */
  readonly runOn: 'tallo' | 'celery';
}

/** Everything an app needs in the cloud. The CDK stack and the local cloud both build from this and invent nothing. */
export interface Topology {
  readonly app: string;
  readonly tableName: string;
  readonly queues: readonly QueueTopology[];
  /** The EventBridge Scheduler group of its timers and schedules. */
  readonly scheduleGroup: string;
  /** The function that sends what is due by a schedule. */
  readonly beatFunctionName: string;
  readonly schedules: readonly ScheduleTopology[];
}

/** The same without the schedules, which an app is told of later than of its queues. */
export type AppTopology = Omit<Topology, 'schedules'>;

/** Names what an app needs. */
export function appTopology(app: string, queues: readonly QueueTopology[]): AppTopology {
  return {
    app,
    tableName: `${app}-tasks`,
    queues,
    scheduleGroup: app,
    beatFunctionName: `${app}-beat`,
  };
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

const queueOptionNames: ReadonlySet<string> = new Set<keyof QueueOptions>([
  'base64',
  'batchSize',
  'batchWindow',
  'concurrency',
  'lanes',
  'memoryMiB',
  'runOn',
  'timeLimit',
  'visibilityTimeout',
]);

/** Time a function has, beyond the longest task, to store what happened. */
const graceSeconds = 2;
const fourteenDays = 14 * 86_400;

/** Describes one queue of an app, with every derived number. */
export function queueTopology(app: string, name: string, options: QueueOptions): QueueTopology {
  refuseUnknown(`Queue '${name}'`, options, queueOptionNames);
  const number = reader(name);
  const timeLimitSeconds = number('timeLimit', options.timeLimit ?? '30s', [1, 840]);
  const timeoutSeconds = Math.ceil(timeLimitSeconds) + graceSeconds;
  const batchSize = number('batchSize', options.batchSize ?? 10, [1, 10_000]);
  const batchWindowSeconds = number('batchWindow', options.batchWindow ?? 0, [0, 300]);
  if (batchSize > 10 && batchWindowSeconds < 1) {
    throw new ConfigurationError(
      `Queue '${name}': a batchSize above 10 (got ${batchSize}) needs a batchWindow of at least 1s.`,
    );
  }
  const visibility = options.visibilityTimeout ?? 6 * timeoutSeconds;
  const queueName = `${app}-${name}`;
  const concurrency =
    options.concurrency === undefined ? null : number('concurrency', options.concurrency, [2, 1_000]);
  const runOn = runOnOf(name, options.runOn ?? 'tallo');
  return {
    name,
    queueName,
    deadLetterQueueName: `${queueName}-dlq`,
    timeLimitSeconds,
    timeoutSeconds,
    visibilitySeconds: number('visibilityTimeout', visibility, [timeoutSeconds, 43_200]),
    retentionSeconds: fourteenDays,
    maxReceives: 100,
    batchSize,
    batchWindowSeconds,
    concurrency,
    lanes: lanesOf({ name, queueName, concurrency, runOn, lanes: options.lanes ?? 1 }),
    memoryMiB: number('memoryMiB', options.memoryMiB ?? 512, [128, 10_240]),
    base64: options.base64 ?? false,
    runOn,
  };
}

function runOnOf(queue: string, runOn: unknown): QueueTopology['runOn'] {
  if (runOn === 'tallo' || runOn === 'celery') return runOn;
  throw new ConfigurationError(
    `Queue '${queue}': expected runOn to be 'tallo' or 'celery', got ${JSON.stringify(runOn)}.`,
  );
}

function reader(queue: string) {
  return (option: string, value: Duration, [least, most]: readonly [number, number]): number => {
    const read = toSeconds(value, `${option} of queue '${queue}'`);
    const isWhole = option !== 'timeLimit';
    if (read >= least && read <= most && (!isWhole || Number.isInteger(read))) return read;
    throw new ConfigurationError(
      `Queue '${queue}': expected ${option} to be ${isWhole ? 'a whole number ' : ''}from ${least} to ${most}, got ${JSON.stringify(value)}.`,
    );
  };
}
