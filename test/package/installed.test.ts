import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { publint } from 'publint';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const programs = fileURLToPath(new URL('programs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'tallo-package-'));
const project = join(folder, 'project');

/** Without this repository's own node_modules in the path: what a stranger's machine has. */
const env = {
  ...process.env,
  NODE_OPTIONS: '',
  PATH: (process.env.PATH ?? '')
    .split(delimiter)
    .filter((entry) => !entry.includes('node_modules'))
    .join(delimiter),
};

function run(command: string, ...args: readonly string[]): string {
  return execFileSync(command, args, {
    cwd: project,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function install(...packages: readonly string[]): void {
  run('npm', 'install', '--no-audit', '--no-fund', ...packages);
}

/** What a command says on standard error when it fails. */
function failureOf(command: string, ...args: readonly string[]): string {
  try {
    run(command, ...args);
  } catch (error) {
    return String((error as { stderr?: string }).stderr);
  }
  throw new Error(`Expected '${command} ${args.join(' ')}' to fail.`);
}

const node = (version: 22 | 24) => join(folder, `node${version}`, 'node_modules', '.bin', 'node');

beforeAll(() => {
  cpSync(programs, project, { recursive: true });
  writeFileSync(
    join(project, 'package.json'),
    JSON.stringify({ name: 'stranger', type: 'module', private: true }),
  );
  execFileSync('npm', ['pack', '--pack-destination', folder], { cwd: root, env, stdio: 'pipe' });
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'));
  install(join(folder, tarball ?? 'no tarball'));
  for (const version of [22, 24]) {
    const cwd = join(folder, `node${version}`);
    mkdirSync(cwd);
    writeFileSync(join(cwd, 'package.json'), JSON.stringify({ allowScripts: { node: true } }));
    execFileSync('npm', ['install', '--no-audit', '--no-fund', `node@${version}`], {
      cwd,
      env,
      stdio: 'pipe',
    });
  }
}, 300_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each([22, 24] as const)('in an empty project, under Node %i', (version) => {
  test('the package runs', () => {
    expect(run(node(version), '--version')).toMatch(new RegExp(`^v${version}\\.`));
    expect(run(node(version), 'in-memory.mjs')).toBe('5 SUCCESS\n');
  });

  test('importing it loads no AWS client, no schema library, no CDK and nothing of the local cloud', () => {
    const loaded = run(node(version), 'loaded-packages.mjs').trim().split('\n');

    expect(loaded).toEqual(['tallo']);
  });

  test('the local cloud names the packages that it needs and the command that installs them', () => {
    const said = failureOf(node(version), 'local-cloud.mjs');

    expect(said).toContain('MISSING_DEPENDENCY');
    expect(said).toContain('npm install --save-dev fauxqs dynalite');
  });

  test('the command line names the package that it needs and the command that installs it', () => {
    const said = failureOf(node(version), 'node_modules/tallo/dist/cli/main.js', '--help');

    expect(said).toMatch(/^tallo: .*commander.*npm install/);
    expect(said).not.toContain('    at ');
  });
});

test('a back end that installs it gets few packages: no CDK, no emulator, no command line library', () => {
  const installed = readdirSync(join(project, 'node_modules')).filter((name) => !name.startsWith('.'));

  expect(installed.filter((name) => !name.startsWith('@'))).toContain('tallo');
  for (const name of ['aws-cdk-lib', 'fauxqs', 'dynalite', 'commander', 'chokidar', 'fastify']) {
    expect(installed).not.toContain(name);
  }
});

test('its manifest leads every importer to files that are there', async () => {
  const { messages } = await publint({ pkgDir: join(project, 'node_modules', 'tallo'), pack: false });

  // The condition for our own tests leads to sources that are not in the package, on purpose.
  expect(messages.filter(({ path }) => !path.includes('tallo-source'))).toEqual([]);
});

test('its types resolve and say the same, with and without a look into the libraries', () => {
  install('--save-dev', 'typescript@6.0', '@types/node@24');

  expect(run('npx', 'tsc', '-p', 'tsconfig.json')).toBe('');
  // A library whose declarations do not hold by themselves breaks projects that check them.
  expect(run('npx', 'tsc', '-p', 'tsconfig.json', '--skipLibCheck', 'false')).toBe('');
});

describe.each([22, 24] as const)('with the optional packages, under Node %i', (version) => {
  beforeAll(() => install('--save-dev', 'fauxqs@2', 'dynalite@4', 'commander@15', 'chokidar@6'), 120_000);

  test('the local cloud runs', () => {
    expect(run(node(version), 'local-cloud.mjs')).toBe('5\n');
  });

  test('the command line runs', () => {
    expect(run(node(version), 'node_modules/tallo/dist/cli/main.js', '--version')).toMatch(
      /^\d+\.\d+\.\d+\n$/,
    );
  });
});

test('a CDK app of a stranger synthesises, and what it would upload answers', () => {
  install('--save-dev', 'aws-cdk-lib@2', 'constructs@10', 'esbuild');

  const printed = run(node(24), 'deploy.mjs').trim().split('\n');

  expect(printed).toContain('{"batchItemFailures":[]}');
});
