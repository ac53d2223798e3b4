import { appendFileSync, readFileSync } from 'node:fs';
import * as z from 'zod';
import { setting } from '../environment.ts';

const note = z.object({
  entry: z.string(),
  /** What it was due for, and when it began, epoch milliseconds. */
  slot: z.number(),
  at: z.number(),
  words: z.record(z.string(), z.unknown()),
});

export type Note = z.infer<typeof note>;

/** Adds a line to the file that `DIARY` names. */
export function write(entry: Note): void {
  appendFileSync(setting('DIARY'), `${JSON.stringify(entry)}\n`);
}

export function read(): readonly Note[] {
  const lines = readFileSync(setting('DIARY'), { encoding: 'utf8', flag: 'a+' }).split('\n');
  return lines.filter((line) => line !== '').map((line) => note.parse(JSON.parse(line)));
}
