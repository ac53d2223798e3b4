// Two weeks of beat, a day per second; then a worker runs what waits. What runs every 30 seconds is left out: 40,000 lines.
import { join } from 'node:path';
import { silentLogger } from 'tallo';
import { acceleratedClock } from 'tallo/local';
import { narrate } from '../narrate.ts';
import { waitUntil } from '../time-of.ts';
import { beatForms } from './app.ts';
import { read } from './diary.ts';
import { allForms, timezone } from './forms.ts';
import { openDiary } from './open-diary.ts';
import { stopBeat } from './stop-beat.ts';

const dayMs = 24 * 60 * 60_000;
const forms = allForms.filter((form) => form !== 'every-30-seconds');
const app = beatForms(forms);
const clock = acceleratedClock({ speed: 86_400 });
const log = narrate({ now: () => clock.now(), timezone });
const folder = join(import.meta.dirname, '..', 'output', 'beat-forms');

await using diary = await openDiary(app, { folder, clock, log, worker: false });
await waitUntil(app, new Date(clock.now() + 14 * dayMs));
await using _worker = await stopBeat(app, diary.cloud, { log: silentLogger });
await waitUntil(app, new Date((await now()) + 2_000));

console.log('\nRuns in two weeks:');
for (const form of forms) console.log(`  ${form}: ${read().filter(({ entry }) => entry === form).length}`);

async function now(): Promise<number> {
  return (await app.connection()).cloud.clock.now();
}
