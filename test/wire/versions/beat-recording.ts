import { chain, crontab, silentLogger, Tallo } from 'tallo';
import { beat } from 'tallo/functions';
import { memoryCloud } from 'tallo/testing';
import { schedulesOfEntries } from '../../../sdk/beat/schedule-of-entry.ts';
import type { Item } from '../../../sdk/ports/table.ts';
import type { Sent } from './recording.ts';

/** What EventBridge Scheduler is given, and what comes of two wakes. */
export interface BeatRecording {
  readonly schedules: readonly Schedule[];
  readonly first: Wake;
  readonly second: Wake;
}

interface Schedule {
  readonly name: string;
  readonly input: string;
}

interface Wake {
  readonly sent: readonly Sent[];
  readonly rows: readonly Item[];
}

const start = new Date('2026-01-01T00:00:00Z');
/** One day and the next: much has been missed by then. */
const times = ['2026-01-01T01:00:00Z', '2026-01-02T01:00:00Z'] as const;

/** Records what beat writes: its schedules, those made at run time among them, its rows, and its calls. */
export async function recordBeat(): Promise<BeatRecording> {
  const { app, note } = diary();
  const cloud = memoryCloud(app, { seed: 7, handler: false, now: start });
  for (const schedule of schedulesOfEntries(app.beatEntries.values(), start))
    await cloud.schedules.create(schedule);
  const daily = crontab({ hour: 0, minute: 15, timezone: 'UTC' });
  await app.schedules.create('made-later', { task: note, args: ['later'], schedule: daily, missed: 'all' });
  await app.schedules.create('paused', { task: note, args: ['never'], schedule: daily });
  await app.schedules.pause('paused');
  const schedules: Schedule[] = [];
  for await (const schedule of cloud.schedules.list()) schedules.push(schedule);
  await cloud.stop();
  const first = await wake({ schedules, rows: [], at: times[0] });
  const second = await wake({ schedules, rows: first.rows, at: times[1] });
  return { schedules, first, second };
}

/** Goes on with the schedules and the rows of another version. */
export function wakeAgain({ schedules, first }: BeatRecording): Promise<Wake> {
  return wake({ schedules, rows: first.rows, at: times[1] });
}

interface Before {
  readonly schedules: readonly Schedule[];
  readonly rows: readonly Item[];
  readonly at: string;
}

async function wake({ schedules, rows, at }: Before): Promise<Wake> {
  const { app } = diary();
  const cloud = memoryCloud(app, { seed: 7, handler: false, now: new Date(at) });
  const sent: Sent[] = [];
  const send = cloud.queues.send.bind(cloud.queues);
  cloud.queues.send = (queue, messages) => {
    for (const message of messages) sent.push({ queue, at: cloud.clock.now(), ...message });
    return send(queue, messages);
  };
  for (const row of rows) await cloud.table.put(row);
  const handle = beat(app, { log: silentLogger });
  for (const { input } of schedules)
    await handle(JSON.parse(input.replace('<aws.scheduler.scheduled-time>', at)));
  const after = cloud.table.rows().toSorted((one, other) => (one.id < other.id ? -1 : 1));
  await cloud.stop();
  return { sent, rows: after };
}

function diary() {
  const app = new Tallo('versions', { timezone: 'America/Argentina/Mendoza' });
  const note = app.task('note', (text: string) => text);
  app.beat({
    daily: {
      task: note,
      args: ['daily'],
      schedule: crontab({ hour: 22, minute: 0 }),
      options: { priority: 8, expires: '2h' },
    },
    often: { task: note, args: ['often'], schedule: '3h', missed: 'all' },
    'in-two-steps': {
      task: chain(note.s('one'), note.si('two')),
      schedule: crontab({ minute: 0 }),
      missed: 'skip',
    },
  });
  return { app, note };
}
