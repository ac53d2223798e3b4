import type { Command } from 'commander';
import { withApp } from '../app/with-app.ts';
import type { Context, Perform } from '../command.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';

export const examples = [
  'tallo revoke 4b1c6b3e-2a4e-4f0e-9d53-0c7a6a1f9a11',
  'tallo revoke 4b1c6b3e-2a4e-4f0e-9d53-0c7a6a1f9a11 0f3c1d52-7f43-4a3e-8f25-5d6b8f7f3c11 --terminate',
];

interface Flags {
  readonly terminate?: boolean;
}

export function define(command: Command, perform: Perform): void {
  command
    .argument('<id...>', 'the ids of the calls')
    .option('--terminate', 'abort those that are running, too')
    .action((ids: readonly string[], flags: Flags) => perform((context) => revoke(ids, flags, context)));
}

function revoke(
  ids: readonly string[],
  { terminate = false }: Flags,
  { app: named, output }: Context,
): Promise<ExitCode> {
  return withApp(named, async (app) => {
    await app.control.revoke(ids, { terminate });
    const calls = ids.length === 1 ? 'The call is' : `${ids.length} calls are`;
    output.result({ revoked: ids, terminate }, `${calls} revoked. Workers learn of it within a second.`);
    return exitCodes.fine;
  });
}
