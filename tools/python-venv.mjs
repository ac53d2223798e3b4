// Python programs that tests run, each in an environment of its own below node_modules. Installed once: a complete one is kept.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run, works } from './run.mjs';

export const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Installs what a requirements file lists. Wheels first, since they need no compiler; then with the Debian packages that the others need.
 *
 * @param {object} wanted
 * @param {string} wanted.what what is installed, in the words of messages
 * @param {string} wanted.folder the environment's, below node_modules/.cache
 * @param {string} wanted.requirements the file, from the root
 * @param {string} wanted.atLeast the oldest Python, as '3.9'
 * @param {string} wanted.imports a statement that works when all is there
 * @param {boolean} [wanted.isPlain] whether what has no wheel is plain Python, so that it needs no compiler either
 * @param {readonly string[]} wanted.debianPackages what Debian needs where there is no Python, or no wheel for this machine
 */
export function installPython(wanted) {
  const venv = venvOf(wanted);
  if (isComplete(venv)) return;
  console.error(`tallo: installing ${wanted.what} (once) ...`);
  installSomehow(wanted, venv);
  writeFileSync(venv.stamp, venv.version);
}

function venvOf({ folder, requirements }) {
  const path = join(root, 'node_modules', '.cache', folder);
  const bin = process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python'];
  const content = readFileSync(join(root, requirements));
  return {
    path,
    python: join(path, ...bin),
    stamp: join(path, '.tallo-installed'),
    version: createHash('sha256').update(content).digest('hex'),
  };
}

function isComplete({ stamp, version, python }) {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === version && works(python, '--version');
}

function installSomehow(wanted, venv) {
  try {
    install(wanted, venv, ...(wanted.isPlain ? ['--prefer-binary'] : ['--only-binary', ':all:']));
  } catch (error) {
    installDebianPackages(wanted, error);
    install(wanted, venv, '--prefer-binary');
  }
  run(venv.python, '-c', wanted.imports);
}

function install(wanted, { path, python }, ...how) {
  rmSync(path, { recursive: true, force: true });
  run(findPython(wanted), '-m', 'venv', path);
  const quiet = ['--quiet', '--disable-pip-version-check', '--no-input'];
  run(python, '-m', 'pip', 'install', ...quiet, ...how, '-r', join(root, wanted.requirements));
}

/** TALLO_PYTHON names another one. */
function findPython({ what, atLeast }) {
  const candidates = [process.env.TALLO_PYTHON, 'python3', 'python'].filter(Boolean);
  const tooOld = `import sys; sys.exit(sys.version_info < (${atLeast.replace('.', ', ')}))`;
  const found = candidates.find((name) => works(name, '-c', tooOld));
  if (found) return found;
  throw new Error(`tallo: ${what} needs Python ${atLeast} or later. Install it, or name it by TALLO_PYTHON.`);
}

function installDebianPackages({ what, debianPackages }, cause) {
  const isRoot = process.getuid?.() === 0;
  if (!isRoot || !works('apt-get', '--version')) {
    const advice = `On Debian: apt-get install ${debianPackages.join(' ')}`;
    throw new Error(`tallo: could not install ${what}. ${advice}`, { cause });
  }
  run('apt-get', 'update', '-qq');
  run('apt-get', 'install', '-y', '-qq', '--no-install-recommends', ...debianPackages);
}
