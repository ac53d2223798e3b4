// Three hours in a store, in some seconds.
import { join } from 'node:path';
import { crontab, nextRuns } from 'tallo';
import { acceleratedClock } from 'tallo/local';
import { narrate } from '../narrate.ts';
import { storeDatabase } from '../store/database.ts';
import { waitUntil } from '../time-of.ts';
import { app, timezone } from './app.ts';
import { openStore } from './open-store.ts';

const minuteMs = 60_000;
const [start = new Date()] = nextRuns(crontab({ hour: 7, minute: 15 }), 1, { timezone });
const clock = acceleratedClock({ speed: 900, now: start });
const log = narrate({ now: () => clock.now(), timezone });

await using store = await openStore({
  folder: join(import.meta.dirname, '..', 'output', 'store-jobs'),
  clock,
  log,
});
await waitUntil(app, new Date(start.getTime() + 175 * minuteMs));

console.log('\nLetters:');
for (const { to, subject, attachments } of store.mailbox.letters) {
  console.log(`  to ${to}: ${subject}`);
  for (const { name, content } of attachments) console.log(`    ${name}:\n${content.toString()}`);
}
console.log('Carts left:', storeDatabase().prepare('SELECT id, email FROM carts').all());
console.log('Statistics taken:', storeDatabase().prepare('SELECT COUNT(*) AS times FROM statistics').get());
