import { spawnSync } from 'node:child_process';

/** Whether containers can be started here: the command alone is not enough, it needs a daemon. */
export function hasDocker() {
  return [['info'], ['compose', 'version']].every(
    (args) => spawnSync('docker', args, { stdio: 'ignore' }).status === 0,
  );
}
