import { TalloError } from './tallo-error.ts';

/** The task raised an exception. `name` is the class that was thrown there, in whatever language; `args` are its arguments. */
export class TaskError extends TalloError {
  override readonly name: string = 'TaskError';
  readonly code = 'TASK_FAILED';
  readonly args: readonly unknown[];

  constructor(name: string, args: readonly unknown[]) {
    super(args.map((arg) => (typeof arg === 'string' ? arg : JSON.stringify(arg))).join(', '));
    this.name = name;
    this.args = args;
  }
}

/** The task was revoked or had expired before it started. The message says which: `revoked`, `expired`, `terminated`. */
export class TaskRevokedError extends TalloError {
  override readonly name = 'TaskRevokedError';
  readonly code = 'REVOKED';
}

/** The retries of a task are used up and no other exception was given to raise instead. */
export class MaxRetriesExceededError extends TalloError {
  override readonly name = 'MaxRetriesExceededError';
  readonly code = 'MAX_RETRIES_EXCEEDED';
}

/** The soft time limit has passed: the reason of `self.signal`, so that a task can tidy up. */
export class SoftTimeLimitExceeded extends TalloError {
  override readonly name = 'SoftTimeLimitExceeded';
  readonly code = 'SOFT_TIME_LIMIT';
}

/** The hard time limit has passed: the task was abandoned. */
export class TimeLimitExceeded extends TalloError {
  override readonly name = 'TimeLimitExceeded';
  readonly code = 'TIME_LIMIT';
}

/**
 * The run is to go on in another worker: this one stops, or has lost the message. The reason of `self.signal`. The message comes again,
 * and the run counts as no attempt.
 */
export class Interrupted extends TalloError {
  override readonly name = 'Interrupted';
  readonly code = 'INTERRUPTED';
}

/** The task was started several times and never came to an end: each time its worker was lost. */
export class WorkerLostError extends TalloError {
  override readonly name = 'WorkerLostError';
  readonly code = 'WORKER_LOST';
}

/** A member of a chord's header failed, so its body did not run; the message is that member's exception as Python prints it. */
export class ChordError extends TalloError {
  override readonly name = 'ChordError';
  readonly code = 'CHORD';
}

/** A message names a task that this app does not define. */
export class NotRegistered extends TalloError {
  override readonly name = 'NotRegistered';
  readonly code = 'NOT_REGISTERED';
}

/** A message is not one of Celery's protocol 2 in JSON, or carries what must not be accepted. */
export class DecodeError extends TalloError {
  override readonly name = 'DecodeError';
  readonly code = 'DECODE';
  /** The task id and name that the message bears, where they could be read. */
  readonly taskId: string | undefined;
  readonly task: string | undefined;

  constructor(
    message: string,
    found: { taskId?: string | undefined; task?: string | undefined; cause?: unknown } = {},
  ) {
    super(message, 'cause' in found ? { cause: found.cause } : undefined);
    this.taskId = found.taskId;
    this.task = found.task;
  }
}
