// Installs Python's Celery for `npm run test:interop`, in an environment of its own below node_modules. Once: a complete one is kept.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const environment = join(root, 'node_modules', '.cache', 'tallo-python');
const python = join(
  environment,
  ...(process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python']),
);
const stamp = join(environment, '.tallo-installed');
const requirements = join(root, 'test', 'interop', 'python', 'requirements.txt');
const wanted = createHash('sha256').update(readFileSync(requirements)).digest('hex');

/** What Debian needs where PyPI has no wheel of pycurl for this machine. */
const debianPackages = ['python3-venv', 'python3-dev', 'gcc', 'libcurl4-openssl-dev', 'libssl-dev'];

function run(command, ...args) {
  execFileSync(command, args, { stdio: ['ignore', 2, 2] });
}

/** Whether a command ends well; what it says does not matter. */
function works(command, ...args) {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function isComplete() {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted && works(python, '--version');
}

/** A Python that Celery 5.6 runs on; TALLO_PYTHON names another one. */
function findPython() {
  const candidates = [process.env.TALLO_PYTHON, 'python3', 'python'].filter(Boolean);
  const found = candidates.find((name) =>
    works(name, '-c', 'import sys; sys.exit(sys.version_info < (3, 9))'),
  );
  if (found) return found;
  throw new Error(
    'tallo: the tests with Celery need Python 3.9 or later. Install it, or name it by TALLO_PYTHON.',
  );
}

function install(...how) {
  rmSync(environment, { recursive: true, force: true });
  run(findPython(), '-m', 'venv', environment);
  const quiet = ['--quiet', '--disable-pip-version-check', '--no-input'];
  run(python, '-m', 'pip', 'install', ...quiet, ...how, '-r', requirements);
}

function installDebianPackages(cause) {
  const isRoot = process.getuid?.() === 0;
  if (!isRoot || !works('apt-get', '--version')) {
    const advice = `On Debian: apt-get install ${debianPackages.join(' ')}`;
    throw new Error(`tallo: could not install Python's Celery. ${advice}`, { cause });
  }
  run('apt-get', 'update', '-qq');
  run('apt-get', 'install', '-y', '-qq', '--no-install-recommends', ...debianPackages);
}

/** Wheels first, since they need no compiler. */
function installSomehow() {
  try {
    install('--only-binary', ':all:');
  } catch (error) {
    installDebianPackages(error);
    install('--prefer-binary');
  }
  run(python, '-c', 'import boto3, celery, kombu.transport.SQS, pycurl');
}

if (!isComplete()) {
  console.error("tallo: installing Python's Celery (once) ...");
  installSomehow();
  writeFileSync(stamp, wanted);
}
