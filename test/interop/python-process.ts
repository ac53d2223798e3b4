import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const environment = fileURLToPath(new URL('../../node_modules/.cache/tallo-python', import.meta.url));
const python = `${environment}/${process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python'}`;
const folder = fileURLToPath(new URL('python', import.meta.url));

/** Where a Python process finds the cloud and its files. */
export interface PythonSettings {
  readonly endpoint: string;
  /** The folder of the files in which tasks note what they did. */
  readonly journal: string;
  /** The queue of calls that name none. */
  readonly queue: string;
  /** The longest wait for one result, seconds. */
  readonly patience: number;
}

/** A running Python process that has said that it is ready. */
export interface PythonProcess {
  write(line: string): void;
  /** Ends it at once. Its tasks are of no use to anybody any more. */
  stop(): Promise<void>;
}

/** Starts a module of the package `interop` and waits until it says `ready`; its further lines go to `onLine`. */
export async function startPython(
  [module = '', ...parameters]: readonly string[],
  settings: PythonSettings,
  onLine: (line: string) => void = () => undefined,
): Promise<PythonProcess> {
  const child = spawn(python, ['-m', module, ...parameters], {
    cwd: folder,
    env: environmentOf(settings),
    stdio: ['pipe', 'pipe', 'pipe'],
    // A group of its own, to which the worker's children belong.
    detached: true,
  });
  // It may be gone when something is written to it; `exit` tells of that.
  child.stdin.on('error', () => undefined);
  const said: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => said.push(text));
  await ready(child, onLine, () => said.join('').slice(-3_000));
  return {
    write: (line) => void child.stdin.write(`${line}\n`),
    stop: async () => {
      if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
      const exit = once(child, 'exit');
      process.kill(-child.pid, 'SIGKILL');
      await exit;
    },
  };
}

function environmentOf({ endpoint, journal, queue, patience }: PythonSettings): NodeJS.ProcessEnv {
  // Nothing of this machine's AWS set-up: a test must not find a real account.
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_'));
  return {
    ...Object.fromEntries(own),
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_EC2_METADATA_DISABLED: 'true',
    PYTHONDONTWRITEBYTECODE: '1',
    PYTHONIOENCODING: 'utf-8',
    INTEROP_ENDPOINT: endpoint,
    INTEROP_JOURNAL: journal,
    INTEROP_QUEUE: queue,
    INTEROP_PATIENCE: String(patience),
  };
}

/** Resolves at the line `ready`, rejects with what it said if the process ends before. */
function ready(child: ChildProcess, onLine: (line: string) => void, said: () => string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  // The constructor's options say that there is a pipe.
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  lines.on('line', (line) => {
    if (line === 'ready') resolve();
    else onLine(line);
  });
  child.once('error', () =>
    reject(new Error(`There is no Python at ${python}. Run 'node tools/python-environment.mjs' first.`)),
  );
  child.once('exit', (code) =>
    reject(new Error(`Python ended with ${code} before it was ready:\n${said()}`)),
  );
  return promise;
}
