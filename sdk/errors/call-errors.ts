import { TalloError } from './tallo-error.ts';

/** The arguments of a call are not what the task takes. Thrown to the caller before anything is sent. */
export class ArgumentsError extends TalloError {
  override readonly name = 'ArgumentsError';
  readonly code = 'ARGUMENTS';
}

/** A value cannot be written as JSON: a function, a cycle, an invalid Date, more than 500 levels. (kombu: `EncodeError`) */
export class EncodeError extends TalloError {
  override readonly name = 'EncodeError';
  readonly code = 'ENCODE';
}

/** A message or a stored result is larger than the service takes. */
export class PayloadTooLargeError extends TalloError {
  override readonly name = 'PayloadTooLargeError';
  readonly code = 'PAYLOAD_TOO_LARGE';
  readonly size: number;
  readonly limit: number;

  constructor(message: string, { size, limit }: { size: number; limit: number }) {
    super(message);
    this.size = size;
    this.limit = limit;
  }

  /** Says of something how large it is, how large it may be, and what to do. */
  static of(
    what: string,
    { size, limit, advice }: { size: number; limit: number; advice: string },
  ): PayloadTooLargeError {
    const message = `Expected ${what} to have at most ${limit} bytes, got ${size}. ${advice}`;
    return new PayloadTooLargeError(message, { size, limit });
  }
}

/** The queue did not take the message, also after the publish retries. `cause` has the last answer. (kombu: `OperationalError`) */
export class OperationalError extends TalloError {
  override readonly name = 'OperationalError';
  readonly code = 'OPERATIONAL';
}

/** The result did not arrive within the `timeout` of `get`. The task itself is not affected. */
export class TimeoutError extends TalloError {
  override readonly name = 'TimeoutError';
  readonly code = 'TIMEOUT';
}

/** `get` was called inside a task: a worker that waits for other tasks can wait for ever, and is billed for it. */
export class WaitInsideTaskError extends TalloError {
  override readonly name = 'WaitInsideTaskError';
  readonly code = 'WAIT_INSIDE_TASK';
}
