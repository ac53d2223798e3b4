// Tasks: define them and call them.
export type { Lanes, LaneTopology } from './app/lanes.ts';
export type { AppOptions, QueueOptions, TaskDefaults } from './app/options.ts';
export type { Route, Router, Routes } from './app/routes.ts';
export type { RunOn } from './app/run-on.ts';
export type { Stage } from './app/stage.ts';
export { Tallo } from './app/tallo.ts';
export type {
  PayloadTopology,
  QueueTopology,
  ScheduleTopology,
  Topology,
  TopologyOptions,
} from './app/topology.ts';
// Beat: tasks that are started again and again.
export type {
  BeatCallOptions,
  BeatEntries,
  BeatEntry,
  BeatTask,
  BeatTiming,
  MissedPolicy,
} from './beat/beat-entry.ts';
export { BeatSchedules } from './beat/beat-schedules.ts';
export type { BeatChanges } from './beat/changed-entry.ts';
export type { BeatEvent, EntryDefinition } from './beat/definition.ts';
export type { KnownEntry } from './beat/known-entry.ts';
export type {
  CallbackSignature,
  CallOptions,
  DebounceOptions,
  ThrottleOptions,
} from './call/call-options.ts';
export { chain } from './canvas/chain.ts';
export { chord } from './canvas/chord.ts';
export { chunks } from './canvas/chunks.ts';
export { group } from './canvas/group.ts';
export { LazyChord } from './canvas/lazy-chord.ts';
export { Signature, type UntypedSignature } from './canvas/signature.ts';
export type { SignatureOptions } from './canvas/signature-options.ts';
export type { StampHeaders, StampHook, StampingVisitor } from './canvas/stamping/visitor.ts';
export type { TaskSignature } from './canvas/task-signature.ts';
// Workflows: signatures, and what they are put together with.
export type { AnySignature } from './canvas/types/any-signature.ts';
export type { Chain } from './canvas/types/chain.ts';
export type { Chord, ChordOptions } from './canvas/types/chord.ts';
export type { Group } from './canvas/types/group.ts';
export type { Settled } from './canvas/types/settled.ts';
// What can be done to calls that are made.
export type { CallsOfTask, Control } from './control/control.ts';
export type { RevokeByHeadersOptions, RevokeOptions } from './control/revoke-options.ts';
// Running tasks: what `self` is.
export type { DeliveryInfo, TaskRequest } from './engine/request.ts';
export type { RetryOptions, TaskContext } from './engine/task-context.ts';
// Errors, all of one family.
export {
  ArgumentsError,
  ChordError,
  ConfigurationError,
  DecodeError,
  EncodeError,
  Ignore,
  Interrupted,
  MaxRetriesExceededError,
  MissingDependencyError,
  NotRegistered,
  OperationalError,
  PayloadTooLargeError,
  Reject,
  Replaced,
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
// Limits of tasks.
export type {
  CircuitBreakerOptions,
  ConcurrencyOptions,
  LimitKey,
  RateLimitOptions,
  RateLimitText,
} from './limits/limit-options.ts';
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
export type { Payloads } from './ports/payloads.ts';
export type { Answer, OutgoingMessage, Queues, ReceivedMessage, ReceiveOptions } from './ports/queues.ts';
export type { Schedules } from './ports/schedules.ts';
export type { Attribute, Change, Condition, Item, ReadOptions, Table } from './ports/table.ts';
export type { Timer, Timers } from './ports/timers.ts';
// Results: wait for them and read them.
export { AsyncResult } from './result/async-result.ts';
export type { CollectOptions, GraphOptions } from './result/dependencies.ts';
export type { GetOptions } from './result/get-options.ts';
export type { ResultGraph } from './result/graph.ts';
export { GroupResult, type KnownGroup } from './result/group-result.ts';
export type { Result } from './result/result.ts';
export type { ValuesOrErrors } from './result/result-collection.ts';
export { ResultSet, type ValueOf } from './result/result-set.ts';
export type { ResultSource } from './result/result-source.ts';
export type { State } from './result/states.ts';
export type { KnownResult } from './result/stored-result.ts';
export type { WaitOptions } from './result/wait.ts';
// Schedules: when tasks run by themselves.
export { type Crontab, type CrontabFields, crontab } from './schedule/crontab.ts';
export type { CrontabField } from './schedule/crontab-field.ts';
export { type NextRunsOptions, nextRuns } from './schedule/next-runs.ts';
export type { CrontabJson, Schedule, ScheduleJson, SolarJson, Wake } from './schedule/schedule.ts';
export type { ScheduleLike } from './schedule/to-schedule.ts';
export type { ErrorMatcher } from './task/error-matcher.ts';
export type { Schema } from './task/schema.ts';
export type { Task } from './task/task.ts';
export type { TaskOptions } from './task/task-options.ts';
export type { Duration } from './time/duration.ts';
export type { SignatureJson } from './wire/signature.ts';
export type { ResultTuple, TaskMeta } from './wire/task-meta.ts';
