// The local cloud: everything in this process.

// Its parts, for a process of their own.
export { type Endpoint, type EndpointOptions, startEndpoint } from './endpoint/start-endpoint.ts';
export type { Traffic } from './endpoint/traffic.ts';
export { type EventSource, startEventSource } from './event-source/event-source.ts';
export type { BatchHandler, EventSourceOptions } from './event-source/options.ts';
export { type LocalCloud, type LocalCloudOptions, startLocalCloud } from './local-cloud.ts';
export { provision } from './provision.ts';
export { startWorker, type Worker, type WorkerOptions } from './worker.ts';
