import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Tallo } from 'tallo';

/** An app whose tasks leave a line for each run in the file that RUNS_FILE names. */
export const app = new Tallo('counting', {
  queues: { default: { timeLimit: 1, visibilityTimeout: 3, concurrency: 4 } },
});

export const step = app.task('step', async (n: number) => {
  appendFileSync(process.env.RUNS_FILE ?? '/dev/null', `${n}\n`);
  await sleep(20);
  return n;
});
