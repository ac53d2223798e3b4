import { appendFileSync, existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Tallo } from 'tallo';

/**
 * An app for workers in processes of their own. Its tasks wait until the file GATE exists, and leave a line in the file NOTES for each thing
 * that happens to them.
 */
export const app = new Tallo('studio', {
  queues: {
    default: { runOn: 'server', batchSize: 4, timeLimit: '1h', visibilityTimeout: '1h' },
    hasty: { runOn: 'server', batchSize: 10, timeLimit: '1h', visibilityTimeout: '30s' },
    mails: {},
  },
});

const { GATE: gate = '', NOTES: notes = '/dev/null' } = process.env;
const note = (text: string) => appendFileSync(notes, `${text}\n`);

async function untilOpen(signal?: AbortSignal): Promise<void> {
  while (!existsSync(gate)) await sleep(10, undefined, { signal });
}

/** Ends when the gate is open, and not before, whatever its signal says. */
export const stubborn = app.task('stubborn', async (name: string) => {
  note(`${name} begins`);
  await untilOpen();
  note(`${name} ends`);
  return name;
});

/** Ends when its signal aborts. */
export const polite = app.task('polite', { bind: true }, async ({ signal, request }, name: string) => {
  note(`${name} begins, attempt ${request.retries}`);
  try {
    await untilOpen(signal);
  } catch (error) {
    note(`${name} tidies up: ${signal.reason}`);
    throw error;
  }
  return name;
});

/** Takes a moment, or as long as the gate is closed if it is told so. */
export const step = app.task('step', { queue: 'hasty' }, async (n: number, waits = false) => {
  note(`${n}`);
  await (waits ? untilOpen() : sleep(20));
  return n;
});

export const mail = app.task('mail', { queue: 'mails' }, (to: string) => to);
