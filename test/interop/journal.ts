import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

// What tasks did besides returning a value: a file of lines for each key, shared with the Python processes.

export function writeJournal(key: string, line: string): void {
  appendFileSync(fileOf(key), `${line}\n`);
}

export function readJournal(key: string): readonly string[] {
  const file = fileOf(key);
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : [];
}

function fileOf(key: string): string {
  return join(process.env.INTEROP_JOURNAL ?? '', key);
}
