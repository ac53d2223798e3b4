// An app whose tasks run for long, as a deployment bundles it.
import { setTimeout as sleep } from 'node:timers/promises';
import { Tallo } from 'tallo';

export const app = new Tallo('studio', {
  defaultQueue: 'videos',
  queues: { videos: { runOn: 'fargate', concurrency: 4, batchSize: 2, memoryMiB: 2_048 } },
});

/** Says that it has begun, and runs on for a while. */
export const shrink = app.task('videos.shrink', { bind: true }, async (self, file: string) => {
  await self.updateState('SHRINKING');
  await sleep(500);
  return `${file}, smaller`;
});
