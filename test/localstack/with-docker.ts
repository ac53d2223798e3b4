import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Localstack } from './localstack.ts';

const file = fileURLToPath(new URL('compose.yaml', import.meta.url));

/** LocalStack in a container, as `compose.yaml` says. */
export async function startWithDocker(port: number): Promise<Localstack> {
  const project = ['compose', '--file', file, '--project-name', `tallo-test-${process.pid}`];
  const compose = (...args: readonly string[]) =>
    spawnSync('docker', [...project, ...args], {
      stdio: ['ignore', 2, 2],
      env: { ...process.env, TALLO_LOCALSTACK_PORT: String(port) },
    }).status;
  const end = () => compose('down', '--volumes', '--timeout', '5');
  // A container does not end with who started it.
  process.once('exit', end);
  if (compose('up', '--detach', '--wait') !== 0) {
    end();
    throw new Error('LocalStack did not start. What Docker said stands above.');
  }
  const stop = async () => {
    process.off('exit', end);
    end();
  };
  return { url: `http://127.0.0.1:${port}`, stop };
}
