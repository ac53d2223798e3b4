// Errors that a caller meets.
export {
  ArgumentsError,
  EncodeError,
  OperationalError,
  PayloadTooLargeError,
  TimeoutError,
  WaitInsideTaskError,
} from './call-errors.ts';
// Errors that a task throws to steer the engine.
export { Ignore, Reject, Replaced, Retry, type RetryChanges } from './control.ts';
// Errors that a result holds.
export {
  ChordError,
  DecodeError,
  Interrupted,
  MaxRetriesExceededError,
  NotRegistered,
  SoftTimeLimitExceeded,
  TaskError,
  TaskRevokedError,
  TimeLimitExceeded,
  WorkerLostError,
} from './outcome-errors.ts';
// The base, and mistakes of set-up.
export { ConfigurationError, MissingDependencyError, TalloError } from './tallo-error.ts';
