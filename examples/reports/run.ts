// A morning on which the mail server is down from 07:15 to 09:15, in some seconds.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { crontab, nextRuns } from 'tallo';
import { acceleratedClock } from 'tallo/local';
import { narrate } from '../narrate.ts';
import { waitUntil } from '../time-of.ts';
import { app, timezone } from './app.ts';
import { openOffice } from './open-office.ts';

const hourMs = 60 * 60_000;
// A Monday, so that two reports are due.
const [start = new Date()] = nextRuns(crontab({ hour: 7, minute: 15, dayOfWeek: 'mon' }), 1, { timezone });
const clock = acceleratedClock({ speed: 900, now: start });
const log = narrate({ now: () => clock.now(), timezone });

await using office = await openOffice({
  folder: join(import.meta.dirname, '..', 'output', 'reports'),
  clock,
  log,
});
await office.mailbox.close();
console.log('The mail server is down.');
await waitUntil(app, new Date(start.getTime() + 2 * hourMs));
await office.mailbox.reopen();
console.log('The mail server is up again.');
await waitUntil(app, new Date(start.getTime() + 3.5 * hourMs));

console.log('\nLetters:');
for (const { subject, attachments } of office.mailbox.letters) {
  console.log(`  ${subject}: ${attachments.map(({ name, content }) => `${name}, ${content.length} bytes`)}`);
}
console.log('Files:', await readdir(office.reportsFolder, { recursive: true }));
