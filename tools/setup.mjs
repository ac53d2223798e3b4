// Installs what is missing, from the lock file. Runs on Node 20 without any package: npm calls it before `demo`, `test` and others.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const stamp = join(root, 'node_modules', '.tallo-installed');
const wanted = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .digest('hex');
const installed = existsSync(stamp) ? readFileSync(stamp, 'utf8') : '';

if (installed !== wanted) {
  console.error('tallo: installing packages from package-lock.json (once) ...');
  // npm may replace everything in node_modules: the node that runs it must not be the one that lies in there.
  const path = (process.env.PATH ?? '')
    .split(delimiter)
    .filter((entry) => !entry.includes('node_modules'))
    .join(delimiter);
  // Loud only about errors: this machine's Node may be older than what the packages want, and ours comes with them.
  // Not `npm ci`: it wants the binaries of every platform in the lock file, which a registry's mirror may not have.
  // `install` takes the locked versions as well, and with `--no-save` leaves the lock file as it is.
  const command = ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'];
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  execFileSync(npm, command, { cwd: root, stdio: ['ignore', 2, 2], env: { ...process.env, PATH: path } });
  writeFileSync(stamp, wanted);
}
