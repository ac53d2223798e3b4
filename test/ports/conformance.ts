// What every cloud must keep. Each suite runs on any cloud: `queuesConformance('AWS on the local endpoint', makeCloud)`.

export type { CloudFixture } from './fixture.ts';
export { queuesConformance } from './queues-conformance.ts';
export { schedulesConformance } from './schedules-conformance.ts';
export { tableConformance } from './table-conformance.ts';
export { timersConformance } from './timers-conformance.ts';
