// Tasks: define them and call them.
export type { AppOptions, QueueOptions, TaskDefaults } from './app/options.ts';
export type { Route, Router, Routes } from './app/routes.ts';
export { Tallo } from './app/tallo.ts';
export type { QueueTopology, Topology } from './app/topology.ts';
export type { CallOptions } from './call/call-options.ts';
// Running tasks: what `self` is.
export type { DeliveryInfo, TaskRequest } from './engine/request.ts';
export type { RetryOptions, TaskContext } from './engine/task-context.ts';
// Errors, all of one family.
export {
  ArgumentsError,
  ConfigurationError,
  DecodeError,
  EncodeError,
  Ignore,
  MaxRetriesExceededError,
  MissingDependencyError,
  NotRegistered,
  OperationalError,
  PayloadTooLargeError,
  Reject,
  Retry,
  SoftTimeLimitExceeded,
  TalloError,
  TaskError,
  TaskRevokedError,
  TimeLimitExceeded,
  TimeoutError,
  WaitInsideTaskError,
  WorkerLostError,
} from './errors/index.ts';
export {
  type JsonLoggerOptions,
  jsonLogger,
  type LogFields,
  type Logger,
  silentLogger,
} from './log/logger.ts';
export type { PublishRetryPolicy } from './outbox/publish-policy.ts';
// The ports: for those who bring a cloud of their own.
export type { Chance } from './ports/chance.ts';
export type { Clock } from './ports/clock.ts';
export type { Cloud } from './ports/cloud.ts';
export type { Answer, OutgoingMessage, Queues, ReceivedMessage, ReceiveOptions } from './ports/queues.ts';
export type { Attribute, Change, Condition, Item, ReadOptions, Table } from './ports/table.ts';
export type { Timer, Timers } from './ports/timers.ts';
// Results: wait for them and read them.
export { AsyncResult, type GetOptions } from './result/async-result.ts';
export type { State } from './result/states.ts';
export type { WaitOptions } from './result/wait.ts';
export type { Schema } from './task/schema.ts';
export type { Task } from './task/task.ts';
export type { ErrorMatcher, TaskOptions } from './task/task-options.ts';
export type { Duration } from './time/duration.ts';
export type { TaskMeta } from './wire/task-meta.ts';
