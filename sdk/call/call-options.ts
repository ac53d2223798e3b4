import type { PublishRetryPolicy } from '../outbox/publish-policy.ts';
import type { Duration } from '../time/duration.ts';
import type { SignatureJson } from '../wire/signature.ts';

/** A signature, or the JSON of one. */
export type CallbackSignature = SignatureJson | { toJSON(): SignatureJson };

/**
 * The options of one call.
 *
 * Mirrors {@link https://docs.celeryq.dev/en/stable/reference/celery.app.task.html#celery.app.task.Task.apply_async apply_async}.
 */
export interface CallOptions {
  /** Run after that time, not before. It wins over `eta`. @default at once */
  readonly countdown?: Duration;
  /** Run at that instant or after it. */
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
  /** 0 to 9, carried along for workers that know it. @default 0 */
  readonly priority?: number;
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
  'eta',
  'expires',
  'headers',
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
  'timeLimit',
]);
