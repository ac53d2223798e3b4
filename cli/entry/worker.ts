// What a deployment bundles for containers: `tallo worker` with the app in it. The bundler puts the user's module in the place of `tallo-user-app`.
import { Command } from 'commander';
import * as exported from 'tallo-user-app';
import { appOf } from '../../functions/entry/app-of.ts';
import { define } from '../commands/worker.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { createOutput } from '../output/output.ts';
import { reportError } from '../output/report-error.ts';

// Nobody but a log reads it.
const output = createOutput(true);

async function main(): Promise<ExitCode> {
  let exitCode: ExitCode = exitCodes.fine;
  const command = new Command('worker').exitOverride().configureOutput({ outputError: () => {} });
  define(command, async (work) => {
    exitCode = await work({ app: undefined, loaded: appOf(exported), output });
  });
  try {
    await command.parseAsync(process.argv);
  } catch (error) {
    exitCode = reportError(error, output);
  }
  return exitCode;
}

const exitCode = await main();
output.flush(() => process.exit(exitCode));
