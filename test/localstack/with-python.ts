import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Localstack } from './localstack.ts';
import { plainEnvironment } from './plain-environment.ts';

/** Where `tools/localstack-environment.mjs` installs. */
const cache = fileURLToPath(new URL('../../node_modules/.cache', import.meta.url));
const python = join(cache, 'tallo-localstack', 'bin', 'python');
const jars = join(cache, 'tallo-dynamodb');
/** What the last one said. */
const log = join(cache, 'tallo-localstack.log');

const script = fileURLToPath(new URL('emulator/start.py', import.meta.url));
const longestStartMs = 90_000;
const longestEndMs = 30_000;

/** LocalStack as a program of this machine, all its files in a folder of its own that is deleted at the end. */
export async function startWithPython(port: number): Promise<Localstack> {
  const folder = mkdtempSync(join(tmpdir(), 'tallo-localstack-'));
  const url = `http://127.0.0.1:${port}`;
  // It stops by itself when this pipe to its standard input ends, in whatever way this process does.
  const program = spawnLocalstack(port, folder);
  const stop = async () => {
    await end(program);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await untilHealthy(url, program);
  } catch (error) {
    const said = readFileSync(log, 'utf8');
    await stop();
    throw new Error(`LocalStack did not start:\n${said}`, { cause: error });
  }
  return { url, stop };
}

function spawnLocalstack(port: number, folder: string): ChildProcess {
  const output = openSync(log, 'w');
  return spawn(python, [script], {
    stdio: ['pipe', output, output],
    // Ctrl-C in a terminal is for us: we stop it in order.
    detached: true,
    env: {
      ...plainEnvironment(),
      FILESYSTEM_ROOT: folder,
      TMPDIR: folder,
      GATEWAY_LISTEN: `127.0.0.1:${port}`,
      // The rest of AWS is not there, and nothing is told to anybody.
      DISABLE_EVENTS: '1',
      SKIP_SSL_CERT_DOWNLOAD: '1',
      CFN_IGNORE_UNSUPPORTED_RESOURCE_TYPES: '1',
      LAMBDA_EVENT_SOURCE_MAPPING_POLL_INTERVAL_SEC: '0.1',
      LAMBDA_EVENT_SOURCE_MAPPING_MAX_BACKOFF_ON_EMPTY_POLL_SEC: '0.5',
      TALLO_NODE: process.execPath,
      ...(existsSync(join(jars, '.tallo-installed')) && { TALLO_DYNAMODB_JARS: jars }),
    },
  });
}

async function untilHealthy(url: string, program: ChildProcess): Promise<void> {
  const deadline = Date.now() + longestStartMs;
  const failed = once(program, 'error').then(([error]) => Promise.reject(error));
  const isHealthy = () =>
    fetch(`${url}/_localstack/health`).then(
      ({ ok }) => ok,
      () => false,
    );
  while (!(await Promise.race([isHealthy(), failed]))) {
    if (program.exitCode !== null) throw new Error(`It ended with ${program.exitCode}.`);
    if (Date.now() > deadline) throw new Error(`It was not ready after ${longestStartMs} ms.`);
    await Promise.race([wait(100), failed]);
  }
  failed.catch(() => undefined);
}

async function end(program: ChildProcess): Promise<void> {
  if (program.pid === undefined || program.exitCode !== null) return;
  const ended = once(program, 'exit');
  program.stdin?.end();
  const isLate = await Promise.race([ended.then(() => false), wait(longestEndMs, true, { ref: false })]);
  if (isLate) program.kill('SIGKILL');
  await ended;
}
