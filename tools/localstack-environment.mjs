// Installs LocalStack for `npm run test:localstack`, where Docker does not work: from PyPI, and the DynamoDB that it runs from Maven.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { usesDocker } from './docker.mjs';
import { installPython, root } from './python-venv.mjs';
import { run, works } from './run.mjs';

const pom = join(root, 'test', 'localstack', 'emulator', 'pom.xml');
const jars = join(root, 'node_modules', '.cache', 'tallo-dynamodb');
const stamp = join(jars, '.tallo-installed');

function installDynamoDb() {
  const wanted = readFileSync(pom, 'utf8');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted && works('java', '-version')) return;
  console.error('tallo: fetching DynamoDB Local (once) ...');
  if (!canFetch()) return;
  rmSync(jars, { recursive: true, force: true });
  const goal = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies';
  run(
    'mvn',
    '--quiet',
    '--batch-mode',
    '--file',
    pom,
    goal,
    `-DoutputDirectory=${jars}`,
    '-DincludeScope=runtime',
  );
  writeFileSync(stamp, wanted);
}

/** Without Maven, LocalStack downloads a DynamoDB Local and a Java by itself, from where their makers keep them. */
function canFetch() {
  if (works('mvn', '--version')) return true;
  if (process.getuid?.() !== 0 || !works('apt-get', '--version')) return false;
  run('apt-get', 'update', '-qq');
  run(
    'apt-get',
    'install',
    '-y',
    '-qq',
    '--no-install-recommends',
    'maven',
    'default-jre-headless',
    'ca-certificates-java',
  );
  return works('mvn', '--version');
}

if (!usesDocker()) {
  installPython({
    what: 'LocalStack',
    folder: 'tallo-localstack',
    requirements: 'test/localstack/emulator/requirements.txt',
    atLeast: '3.11',
    isPlain: true,
    imports: 'import localstack.runtime.main',
    debianPackages: ['python3-venv', 'python3-dev', 'gcc', 'libffi-dev'],
  });
  installDynamoDb();
}
