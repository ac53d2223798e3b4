import { TalloError } from './tallo-error.ts';

/** What is another's from a retry on. */
export interface RetryChanges {
  /** 0 to 9. */
  readonly priority?: number;
  /** The queue's name in the app. */
  readonly queue?: string;
}

/** Thrown by `self.retry()`: the task will be sent again. Let it pass; a task that catches it is not retried. */
export class Retry extends TalloError {
  override readonly name = 'Retry';
  readonly code = 'RETRY';
  /** When to run again, epoch milliseconds. */
  readonly at: number;
  readonly changes: RetryChanges;

  constructor(at: number, cause?: unknown, changes: RetryChanges = {}) {
    super('The task is to be retried.', cause === undefined ? undefined : { cause });
    this.at = at;
    this.changes = changes;
  }
}

/**
 * Throw it in a task that can never succeed with this message: the message goes to the dead-letter queue with the
 * reason, and the result becomes FAILURE. With `requeue: true` the message is put back into its queue instead.
 *
 * Mirrors {@link https://docs.celeryq.dev/en/stable/userguide/tasks.html#reject celery.exceptions.Reject}.
 */
export class Reject extends TalloError {
  override readonly name = 'Reject';
  readonly code = 'REJECT';
  readonly requeue: boolean;

  constructor(reason: string, { requeue = false, cause }: { requeue?: boolean; cause?: unknown } = {}) {
    super(reason, cause === undefined ? undefined : { cause });
    this.requeue = requeue;
  }
}

/**
 * Throw it in a task whose outcome nobody should see: the message is acknowledged and no state is written.
 *
 * Mirrors {@link https://docs.celeryq.dev/en/stable/userguide/tasks.html#ignore celery.exceptions.Ignore}.
 */
export class Ignore extends TalloError {
  override readonly name = 'Ignore';
  readonly code = 'IGNORE';

  constructor(reason = 'The task asked to be ignored.') {
    super(reason);
  }
}

/** Thrown by `self.replace()`: another call takes the task's place. Let it pass; a task that catches it is not replaced. */
export class Replaced extends TalloError {
  override readonly name = 'Replaced';
  readonly code = 'REPLACED';
  /** What takes its place, as it travels. */
  readonly signature: object;

  constructor(signature: object) {
    super('The task is to be replaced.');
    this.signature = signature;
  }
}
