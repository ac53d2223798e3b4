import type { Command } from 'commander';
import { withApp } from '../app/with-app.ts';
import type { Context, Perform } from '../command.ts';
import type { ExitCode } from '../exit-codes.ts';
import { getOptions, type Wait, waitOption } from '../input/wait-option.ts';
import { describeResult } from '../output/describe-result.ts';

export const examples = [
  'tallo result 4b1c6b3e-2a4e-4f0e-9d53-0c7a6a1f9a11',
  'tallo result 4b1c6b3e-2a4e-4f0e-9d53-0c7a6a1f9a11 --wait 30s',
  'tallo result 4b1c6b3e-2a4e-4f0e-9d53-0c7a6a1f9a11 --traceback',
];

interface Flags {
  readonly traceback?: boolean;
  readonly wait?: Wait;
}

export function define(command: Command, perform: Perform): void {
  command
    .argument('<id>', 'the id of the call')
    .option('--traceback', 'show the traceback of a task that failed')
    .addOption(waitOption())
    // The flags are what the readers above return.
    .action((id: string, flags: Flags) => perform((context) => showResult(id, flags, context)));
}

function showResult(
  id: string,
  { wait, traceback = false }: Flags,
  { app: named, output }: Context,
): Promise<ExitCode> {
  return withApp(named, async (app) => {
    const result = app.AsyncResult(id);
    if (wait !== undefined) await result.get(getOptions(wait));
    const meta = await result.meta();
    const { data, text, exitCode } = describeResult(meta, { traceback });
    output.result(data, text === '' ? meta.state : `${meta.state}\n${text}`);
    return exitCode;
  });
}
