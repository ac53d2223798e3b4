import { Tallo } from 'tallo';
import { noteRun } from './note-run.ts';

/** An app with a beat, served by `tallo worker`. */
export const app = new Tallo('ticking', { queues: { default: { runOn: 'server' } } });

export const tick = app.task('tick', { bind: true }, ({ request }, entry: string) => {
  noteRun(`${entry} ${new Date(request.eta ?? 0).toISOString()}`);
});

app.beat({ 'every-ten-seconds': { task: tick, args: ['deployed'], schedule: '10s', missed: 'all' } });
