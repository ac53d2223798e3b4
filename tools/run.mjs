import { execFileSync } from 'node:child_process';

/** Runs a command; what it says goes to standard error. */
export function run(command, ...args) {
  execFileSync(command, args, { stdio: ['ignore', 2, 2] });
}

/** Whether a command ends well; what it says does not matter. */
export function works(command, ...args) {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
