// The local cloud: everything in this process.

// What an app is connected to it with.
export { type AwsOptions, awsCloud } from '../sdk/aws/aws-cloud.ts';
export {
  type AcceleratedClock,
  type AcceleratedClockOptions,
  acceleratedClock,
} from './accelerated-clock.ts';
// Its parts, for a process of their own.
export type { ScheduledFunction } from './endpoint/scheduler/targets/functions.ts';
export type { ScheduledMessage, SendScheduled } from './endpoint/scheduler/targets/scheduled-message.ts';
export type { SchedulerOptions } from './endpoint/scheduler-options.ts';
export { type Endpoint, type EndpointOptions, startEndpoint } from './endpoint/start-endpoint.ts';
export {
  type SchedulerEndpoint,
  type SchedulerEndpointOptions,
  startSchedulerEndpoint,
} from './endpoint/start-scheduler-endpoint.ts';
export type { Traffic } from './endpoint/traffic.ts';
export { type EventSource, startEventSource } from './event-source/event-source.ts';
export type { BatchHandler, EventSourceOptions } from './event-source/options.ts';
export { type LocalCloud, type LocalCloudOptions, startLocalCloud } from './local-cloud.ts';
export { provision } from './provision.ts';
export { startWorker, type Worker, type WorkerOptions } from './worker.ts';
