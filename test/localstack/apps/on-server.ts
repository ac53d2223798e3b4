import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Tallo } from 'tallo';

/** Served by `tallo worker`. Each run leaves a line in the file that RUNS_FILE names. */
export const app = new Tallo('on-server', {
  queues: { default: { runOn: 'server', visibilityTimeout: 30, concurrency: 4 } },
});

const note = (line: string) => appendFileSync(process.env.RUNS_FILE ?? '/dev/null', `${line}\n`);

export const step = app.task('step', async (n: number) => {
  note(String(n));
  await sleep(20);
  return n;
});

export const tick = app.task('tick', { bind: true }, ({ request }, entry: string) => {
  note(`${entry} ${new Date(request.eta ?? 0).toISOString()}`);
});

app.beat({ 'every-ten-seconds': { task: tick, args: ['deployed'], schedule: '10s', missed: 'all' } });
