import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import type { Perform } from './command.ts';
import { commands } from './commands.ts';
import { describeExitCodes, type ExitCode, exitCodes } from './exit-codes.ts';
import type { Output } from './output/output.ts';
import { UsageError } from './usage-error.ts';

const examples = ['tallo dev', "tallo call math.add -a '[2, 3]' --wait", 'tallo call --help'];

/**
 * Runs one command line.
 *
 * @throws UsageError for a command or an option that does not exist, and whatever the command itself throws.
 */
export async function runProgram(commandLine: readonly string[], output: Output): Promise<ExitCode> {
  const program = createProgram();
  let exitCode: ExitCode = exitCodes.fine;
  for (const [name, { summary, load }] of Object.entries(commands)) {
    const command = program.command(name).description(summary);
    // Only a command that is named needs to be known in full.
    if (!commandLine.includes(name)) continue;
    const perform: Perform = async (work) => {
      const { app } = program.opts<{ app?: string }>();
      exitCode = await work({ app, output });
    };
    const module = await load();
    module.define(command, perform);
    command.addHelpText('after', describeExamples(module.examples));
  }
  try {
    await program.parseAsync(commandLine, { from: 'user' });
  } catch (error) {
    exitCode = afterCommander(error);
  }
  return exitCode;
}

function createProgram(): Command {
  return new Command('tallo')
    .description('Celery without servers: the command line of a Tallo app.')
    .version(versionOfPackage())
    .option(
      '-A, --app <file>',
      'the file that exports the app (default: "tallo.app" of package.json, or tasks.ts, app.ts)',
    )
    .option('--json', 'print one JSON object on standard output, errors too')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ outputError: () => {} }) // it is thrown as well, and reported once
    .exitOverride()
    .addHelpText('after', describeExamples(examples))
    .addHelpText('afterAll', `\n${describeExitCodes()}`);
}

/** Commander ends by throwing: for help and version, which it has printed, and for mistakes. */
function afterCommander(error: unknown): ExitCode {
  if (!(error instanceof CommanderError)) throw error;
  if (error.exitCode === 0) return exitCodes.fine;
  if (error.code === 'commander.help')
    throw new UsageError('Expected a command, got none.', { cause: error });
  throw new UsageError(error.message.replace(/^error: /, ''), { cause: error });
}

function describeExamples(lines: readonly string[]): string {
  return ['', 'Examples:', ...lines.map((line) => `  $ ${line}`)].join('\n');
}

function versionOfPackage(): string {
  const { version }: { version: string } = JSON.parse(
    readFileSync(new URL(import.meta.resolve('tallo/package.json')), 'utf8'),
  );
  return version;
}
