import type { Duration } from '../time/duration.ts';
import type { Routes } from './routes.ts';
import type { RunOn } from './run-on.ts';

/** What one queue needs. Every number that AWS wants to agree with another one is derived from `timeLimit`. */
export interface QueueOptions {
  /** The longest that a task of this queue may run: from `1s` to `14m`, in a process to `11.5h`. @default '30s', in a process '1h' */
  readonly timeLimit?: Duration;
  /**
   * At most this many batches at once, 2 to 1,000 on Lambda, divided among the lanes; on Fargate at most this many containers, 1 to 1,000.
   * @default no limit of ours; on Fargate 10
   */
  readonly concurrency?: number;
  /**
   * How many SQS queues it consists of, so that no heap of other calls is in the way of urgent ones. 2: priorities 7 to 9, and all others;
   * 3: 7 to 9, 4 to 6, and 0 to 3. Each lane has an event source and, of a `concurrency`, an even share, at least 2. What Python sends
   * goes to the normal lane. @default 1: priorities have no effect
   */
  readonly lanes?: 1 | 2 | 3;
  /**
   * Messages per batch, 1 to 10,000; more than 10 needs a `batchWindow`. In a process: how many messages it runs at once, 1 to 100, each
   * begun as soon as there is room. @default 10, in a process 1
   */
  readonly batchSize?: number;
  /** How long to wait for a batch to fill, 0 to 300 s; not in a process. @default 0 */
  readonly batchWindow?: Duration;
  /** Memory of the worker function, MiB, 128 to 10,240; of a container 512 to 122,880, in Fargate's steps. @default 512, of a container 1,024 */
  readonly memoryMiB?: number;
  /** On Fargate: units of a processor, 1,024 are one, of those that Fargate has with that memory. @default the fewest of these */
  readonly cpuUnits?: number;
  /**
   * After this time without an answer a message is delivered again; at least the function's timeout. A process renews it while a task
   * runs: there it is how soon the messages of a killed one come again, 30 s to 12 h. @default six times the function's timeout and the batch window; in a process '2m'
   */
  readonly visibilityTimeout?: Duration;
  /** Write the envelope as base64, as Celery before kombu 5.6 expects it. @default false */
  readonly base64?: boolean;
  /**
   * Who runs the tasks of this queue. `fargate`: containers of `tallo worker`, none while there is nothing to do, for tasks longer than
   * Lambda's 15 minutes. `server`: a process of `tallo worker` that you start where you like; nothing is deployed for it but the queue.
   * `celery`: a Celery worker in Python; workflows are written out in Celery's own form when they get there, and no worker of ours
   * consumes it. @default 'lambda'
   */
  readonly runOn?: RunOn;
}

/** What holds for every task of an app unless the task says otherwise. */
export interface TaskDefaults {
  /** @default 3; `null`: no limit */
  readonly maxRetries?: number | null;
  /** @default '3m' */
  readonly defaultRetryDelay?: Duration;
  /** Write STARTED when a run begins; costs one write. @default false */
  readonly trackStarted?: boolean;
  /** Do not store what the task returns. @default false */
  readonly ignoreResult?: boolean;
  /** Store failures of tasks whose result is ignored. @default false */
  readonly storeErrorsEvenIfIgnored?: boolean;
  readonly softTimeLimit?: Duration;
  readonly timeLimit?: Duration;
}

/** The options of an app. */
export interface AppOptions {
  /** The queues by name. @default one queue, the default queue */
  readonly queues?: Readonly<Record<string, QueueOptions>>;
  /** The queue of calls that no route claims; it need not be listed in `queues`. @default 'default' */
  readonly defaultQueue?: string;
  /** Which task goes to which queue. */
  readonly routes?: Routes;
  /** How long results are kept; those of members of a group or chord at least 14 days, since a body may need them. @default '1d' */
  readonly resultExpires?: Duration;
  /** Store args, kwargs and the worker's name with each result, as Celery's `result_extended`. @default false */
  readonly resultExtended?: boolean;
  /**
   * Calls that are too large for SQS, of up to 100 MiB, travel through a bucket of S3: the one of that name, or with `true` the one that
   * `TALLO_PAYLOAD_BUCKET` names, which the CDK construct makes and tells its functions of. Payloads lie there for 30 days, those of calls
   * that are due far from now for up to 400. Not for queues that run on Celery. @default false: such calls are refused
   */
  readonly payloadBucket?: boolean | string;
  /** The IANA name of the time zone that schedules are written in. @default 'UTC' */
  readonly timezone?: string;
  readonly taskDefaults?: TaskDefaults;
  /** Run tasks where they are called, without any cloud; for unit tests. @default false */
  readonly taskAlwaysEager?: boolean;
  /** Error callbacks of a chord are called for failed members of its header too, once each. @default false */
  readonly taskAllowErrorCbOnChordHeader?: boolean;
  /** With `taskAlwaysEager`: `delay` rejects with the task's error. @default false */
  readonly taskEagerPropagates?: boolean;
}
