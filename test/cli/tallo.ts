import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** The folder that the command is started from. @default this repository */
  readonly program?: string;
}

export interface Run {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command to its end. */
export async function tallo(args: readonly string[], options: RunOptions = {}): Promise<Run> {
  const running = start(args, options);
  const exitCode = await running.ended;
  return { exitCode, stdout: running.stdout(), stderr: running.stderr() };
}

/** Starts a command that goes on until it is stopped. */
export function start(args: readonly string[], options: RunOptions = {}) {
  const { cwd = root, env = {}, program = root } = options;
  const child = spawn(process.execPath, ['--conditions=tallo-source', `${program}/cli/main.ts`, ...args], {
    cwd,
    env: { ...plainEnvironment(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = listen(child);
  const ended = once(child, 'close').then(() => child.exitCode);
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return {
    ...said,
    ended,
    signal: (name: NodeJS.Signals) => child.kill(name),
  };
}

function listen(child: ChildProcess) {
  const texts = { stdout: '', stderr: '' };
  const heard = new EventTarget();
  let read = 0;
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      texts[name] += text;
      heard.dispatchEvent(new Event('text'));
    });
  }
  child.once('close', () => heard.dispatchEvent(new Event('text')));
  return {
    stdout: () => texts.stdout,
    stderr: () => texts.stderr,
    /** Waits until it says so on standard error, after what was waited for before. */
    untilNoted: async (text: string) => {
      for (;;) {
        const at = texts.stderr.indexOf(text, read);
        if (at !== -1) {
          read = at + text.length;
          return;
        }
        if (child.exitCode !== null)
          throw new Error(`It ended without saying '${text}':\n${texts.stdout}${texts.stderr}`);
        await once(heard, 'text');
      }
    },
    /** Waits for the first whole line on standard output that has this in it. */
    untilPrinted: async (text: string): Promise<string> => {
      for (;;) {
        const line = texts.stdout
          .split('\n')
          .slice(0, -1)
          .find((candidate) => candidate.includes(text));
        if (line !== undefined) return line;
        if (child.exitCode !== null)
          throw new Error(`It ended without printing '${text}':\n${texts.stdout}${texts.stderr}`);
        await once(heard, 'text');
      }
    },
  };
}

/** Nothing of the machine's own AWS, and nothing of the terminal. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const foreign = /^(AWS_|TALLO_|NODE_OPTIONS|NODE_V8|FORCE_COLOR|NO_COLOR|VITEST)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
}
