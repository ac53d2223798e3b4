#!/usr/bin/env node
import { loadDependency } from '../local/dependency.ts';
import { exitCodes } from './exit-codes.ts';
import { createOutput } from './output/output.ts';
import { reportError } from './output/report-error.ts';

const commandLine = process.argv.slice(2);
const output = createOutput(commandLine.includes('--json'));

async function main(): Promise<number> {
  checkNode();
  const commander = { name: 'commander', purpose: "the command 'tallo'" };
  try {
    const { runProgram } = await loadDependency(commander, () => import('./program.ts'));
    return await runProgram(commandLine, output);
  } catch (error) {
    return reportError(error, output);
  }
}

/** Older ones fail later, with words that lead astray: TypeScript, for one, they cannot run. */
function checkNode(): void {
  const [major] = process.versions.node.split('.');
  if (Number(major) >= 22) return;
  output.error(`Expected Node 22 or later, got ${process.versions.node}.`);
  process.exit(exitCodes.usage);
}

const exitCode = await main();
// What the app has opened, such as a pool of connections, must not keep a finished command alive.
output.flush(() => process.exit(exitCode));
