// A cloud in memory, with a clock that jumps.
export { type MemoryCloud, type MemoryCloudOptions, memoryCloud } from './memory/memory-cloud.ts';
export type { QueueFaults } from './memory/memory-queue.ts';
export type { Handler } from './memory/memory-worker.ts';
