import type { Command } from 'commander';
import type { Tallo } from '../sdk/index.ts';
import type { ExitCode } from './exit-codes.ts';
import type { Output } from './output/output.ts';

/** What every command is given beside its own arguments and options. */
export interface Context {
  /** The file of the app, as `--app` names it. */
  readonly app: string | undefined;
  /** The app itself, where it is a part of the program: in a container's image. */
  readonly loaded?: Tallo;
  readonly output: Output;
}

/** Carries out a command. Its exit code becomes that of the process, and so does that of what it throws. */
export type Perform = (work: (context: Context) => Promise<ExitCode>) => Promise<void>;

/** What every file in `commands/` exports. */
export interface CommandModule {
  /** Shown at the end of its help, one command line each. */
  readonly examples: readonly string[];
  /** Declares arguments and options, and what to do with them. */
  readonly define: (command: Command, perform: Perform) => void;
}
