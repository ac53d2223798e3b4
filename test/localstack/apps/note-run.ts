import { appendFileSync } from 'node:fs';

/** Leaves a line in the file that RUNS_FILE names. */
export function noteRun(line: string): void {
  appendFileSync(process.env.RUNS_FILE ?? '/dev/null', `${line}\n`);
}
