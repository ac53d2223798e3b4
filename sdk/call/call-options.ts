import type { PublishRetryPolicy } from '../outbox/publish-policy.ts';
import type { Duration } from '../time/duration.ts';
import type { SignatureJson } from '../wire/signature.ts';

/** A signature, or the JSON of one. */
export type CallbackSignature = SignatureJson | { toJSON(): SignatureJson };

/** Which calls are one of a kind, of which one in a while is enough. */
export interface ThrottleOptions {
  readonly key: string;
  /** From the first one on. */
  readonly per: Duration;
}

/** Which calls are collected, and until when. */
export interface DebounceOptions {
  readonly key: string;
  /** So long no other one must have come; up to 365 days. */
  readonly wait: Duration;
  /** They are collected for so long at most; from `wait` up to 365 days. @default without end */
  readonly maxWait?: Duration;
}

/**
 * The options of one call.
 *
 * Mirrors {@link https://docs.celeryq.dev/en/stable/reference/celery.app.task.html#celery.app.task.Task.apply_async apply_async}.
 */
export interface CallOptions {
  /**
   * Run after that time, a second or a year: never before, and at most one second after it if a worker is free. It wins over `eta`.
   * @default at once
   */
  readonly countdown?: Duration;
  /** Run at that instant, however far off: never before, and at most one second after it if a worker is free. */
  readonly eta?: Date;
  /** Do not run any more after that time from now, or that instant: the result becomes REVOKED. @default never */
  readonly expires?: Duration | Date;
  /** @default the task's queue, then the app's routes, then its default queue */
  readonly queue?: string;
  /**
   * An id of the caller's own: two calls with one id share one result, the first that is stored, and what follows either of them is
   * given that. @default a new UUID
   */
  readonly taskId?: string;
  /** Headers of the caller's own; the task finds them in `self.request.headers`. They survive retries. */
  readonly headers?: Readonly<Record<string, unknown>>;
  /**
   * Compress the arguments, for messages of many kilobytes. Every worker reads `zlib`. One in Python drops the others unless
   * it has the package: brotli, or for zstd zstandard (from kombu 5.7 on backports.zstd). @default not at all
   */
  readonly compression?: 'zlib' | 'brotli' | 'zstd';
  /** Called with the result when the task succeeds. */
  readonly link?: CallbackSignature | readonly CallbackSignature[];
  /**
   * Called when the task fails; not when it is retried, or was revoked. As in Celery, a task of this app that is not bound and takes
   * more than one parameter is called in the worker with (request, error, traceback); any other is sent, with the id of the task
   * that failed before its own arguments.
   */
  readonly linkError?: CallbackSignature | readonly CallbackSignature[];
  /** Do not store the result of this call. A task that ignores its results does so for every call. @default false */
  readonly ignoreResult?: boolean;
  /** Try again when the queue does not take the message. @default true */
  readonly retry?: boolean;
  readonly retryPolicy?: PublishRetryPolicy;
  /** @default the task's option */
  readonly softTimeLimit?: Duration;
  /** At most the queue's time limit. @default the task's option, then the queue's time limit */
  readonly timeLimit?: Duration;
  /**
   * How urgent it is: 0 to 9, the most urgent, as in AMQP (Celery on Redis has it the other way round). It decides between the `lanes` of
   * the queue. @default the task's option, then that of the task that calls, then 5
   */
  readonly priority?: number;
  /**
   * Whose call it is, such as a customer's id: where many calls of one key wait, those of others are delivered first. SQS's
   * {@link https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues.html fair queues}, in Celery
   * `apply_async(MessageGroupId=...)`. What SQS does not take as it is goes as a digest. @default the task's option, then none
   */
  readonly fairnessKey?: string;
  /**
   * Only the first call of the task with this key is sent; every other gives the handle of that one, also at the same time, also after
   * it ended, whatever its arguments. Costs two requests to the table. Not in signatures. With `taskAlwaysEager` every call runs.
   * @default every call is one of its own
   */
  readonly idempotencyKey?: string;
  /** How long the key is remembered. @default the app's `resultExpires` */
  readonly idempotencyExpires?: Duration;
  /**
   * At most one call of the task with this key is sent in that time; the others in it are dropped and give the handle of that one. Costs
   * what an `idempotencyKey` costs, and has its limits. @default every call is sent
   */
  readonly throttle?: ThrottleOptions;
  /**
   * Calls of the task with this key are collected until none has come for a while: then one run, with the arguments of the last one
   * and everything else of the first. All of them give its handle. Costs a request to the table, the first and its run some more. Not in
   * signatures. With `taskAlwaysEager` every call runs. @default every call is sent
   */
  readonly debounce?: DebounceOptions;
  /** Shown by monitors instead of the arguments: for secrets. */
  readonly argsrepr?: string;
  readonly kwargsrepr?: string;
  /** Shown by monitors instead of the task's name. */
  readonly shadow?: string;
}

/** Every option's name, so that a slip of the pen is refused. */
export const callOptionNames: ReadonlySet<string> = new Set<keyof CallOptions>([
  'argsrepr',
  'compression',
  'countdown',
  'debounce',
  'eta',
  'expires',
  'fairnessKey',
  'headers',
  'idempotencyExpires',
  'idempotencyKey',
  'ignoreResult',
  'kwargsrepr',
  'link',
  'linkError',
  'priority',
  'queue',
  'retry',
  'retryPolicy',
  'shadow',
  'softTimeLimit',
  'taskId',
  'throttle',
  'timeLimit',
]);
