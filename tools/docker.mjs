import { works } from './run.mjs';

/**
 * Whether LocalStack is started as a container: where containers can be started, for which the command alone is not enough, and
 * TALLO_LOCALSTACK is not `python`.
 */
export function usesDocker() {
  if (process.env.TALLO_LOCALSTACK === 'python') return false;
  return works('docker', 'info') && works('docker', 'compose', 'version');
}
