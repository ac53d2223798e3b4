import { setTimeout as sleep } from 'node:timers/promises';
import { Tallo } from 'tallo';
import { noteRun } from './note-run.ts';

/** Served by `tallo worker`. */
export const app = new Tallo('on-server', {
  queues: { default: { runOn: 'server', visibilityTimeout: 30, concurrency: 4 } },
});

export const step = app.task('step', async (n: number) => {
  noteRun(String(n));
  await sleep(20);
  return n;
});
