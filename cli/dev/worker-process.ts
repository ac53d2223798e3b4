import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { functionsOf } from './function-calls.ts';
import { readWorkerReady, type WorkerReady } from './worker-ready.ts';

export interface WorkerProcessOptions {
  /** The file of the app. */
  readonly file: string;
  /** The endpoint's address. */
  readonly url: string;
  readonly json: boolean;
  readonly onReady: (ready: WorkerReady) => void;
  /** It has ended without having been asked to. */
  readonly onLost: (wasReady: boolean) => void;
}

/** A `tallo worker` in a process of its own, so that each one loads the code anew. */
export interface WorkerProcess {
  /** Calls a function of its app, such as beat. */
  call(functionName: string, event: unknown): Promise<void>;
  /** Lets running batches end. Resolves when the process is gone. */
  stop(): Promise<void>;
  kill(): void;
}

/** Starts one. It runs this same program, with the same options of Node's own, such as `--conditions`. */
export function startWorkerProcess(options: WorkerProcessOptions): WorkerProcess {
  const child = forkWorker(options);
  let wasReady = false;
  let isAskedToStop = false;
  child.on('message', (message) => {
    const ready = readWorkerReady(message);
    if (!ready) return;
    wasReady = true;
    options.onReady(ready);
  });
  const ended = once(child, 'exit').then(() => {
    if (!isAskedToStop) options.onLost(wasReady);
  });
  return {
    call: functionsOf(child),
    stop: () => {
      isAskedToStop = true;
      child.kill('SIGTERM');
      return ended;
    },
    kill: () => void child.kill('SIGKILL'),
  };
}

function forkWorker({ file, url, json }: WorkerProcessOptions): ChildProcess {
  const [, program = ''] = process.argv;
  const flags = json ? ['--json'] : [];
  return fork(program, ['worker', '--app', file, '--provision', '--under-dev', ...flags], {
    env: environmentFor(url),
    // With --json, standard output belongs to dev alone.
    stdio: ['ignore', json ? 2 : 'inherit', 'inherit', 'ipc'],
  });
}

/** Addresses of single services would win over the one for all. */
function environmentFor(url: string): NodeJS.ProcessEnv {
  const others = Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_ENDPOINT_URL_'));
  return { ...Object.fromEntries(others), AWS_ENDPOINT_URL: url };
}
