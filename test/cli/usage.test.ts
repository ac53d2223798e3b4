import { describe, expect, test } from 'vitest';
import { commands } from '../../cli/commands.ts';
import { nowhere, shopFile } from './cloud.ts';
import { copyWithout } from './copy-without.ts';
import { appNamed, createProject } from './project.ts';
import { tallo } from './tallo.ts';

describe('help', () => {
  test.each(['', ...Object.keys(commands)])(
    'of tallo %s has examples and the exit codes',
    async (command) => {
      const { stdout, stderr, exitCode } = await tallo([...command.split(' ').filter(Boolean), '--help']);

      expect(stdout).toMatch(/^Usage: tallo/);
      expect(stdout).toMatch(/\nExamples:\n( {2}\$ .*tallo .*\n)+/);
      expect(stdout).toContain('3   not ready: the wait timed out');
      expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
    },
  );

  test('lists every command', async () => {
    const { stdout } = await tallo(['help']);

    for (const [name, { summary }] of Object.entries(commands)) {
      expect(stdout).toContain(`  ${name} `);
      expect(stdout).toContain(summary.slice(0, 40));
    }
  });

  test('is the same by both ways to ask', async () => {
    const [one, other] = await Promise.all([tallo(['help', 'call']), tallo(['call', '--help'])]);

    expect(one).toEqual(other);
  });
});

describe('usage', () => {
  test('prints the version of the package', async () => {
    const { default: packageJson } = await import('../../package.json', { with: { type: 'json' } });

    const run = await tallo(['--version']);

    expect(run).toEqual({ exitCode: 0, stdout: `${packageJson.version}\n`, stderr: '' });
  });

  test.each([
    ['an unknown command', ['cal'], "unknown command 'cal'\n(Did you mean call?)"],
    ['an unknown option', ['call', 'x', '--wiat'], "unknown option '--wiat'\n(Did you mean --wait?)"],
    ['an option without its value', ['result', 'x', '--app'], "option '-A, --app <file>' argument missing"],
    ['too many arguments', ['result', 'x', 'y'], "too many arguments for 'result'"],
    ['no command', [], 'Expected a command, got none.'],
  ])('ends with 2 for %s', async (_what, args, message) => {
    const plain = await tallo(args);
    const json = await tallo(['--json', ...args]);

    expect(plain).toMatchObject({ exitCode: 2, stdout: '' });
    expect(plain.stderr).toContain(`tallo: ${message}`);
    expect(json.exitCode).toBe(2);
    expect(JSON.parse(json.stdout)).toMatchObject({
      error: { code: 'USAGE', message: expect.stringContaining(message) },
    });
  });

  test('takes global options before the command, as Celery does', async () => {
    const { folder } = createProject({ 'mine.ts': appNamed('mine') });

    const run = await tallo(['-A', 'mine.ts', '--json', 'call', 'which', '--wait'], { cwd: folder });

    expect(JSON.parse(run.stdout)).toMatchObject({ result: 'mine' });
  });

  test.each([
    ['plain where there is no terminal', {}, 'tallo: '],
    ['coloured where that is forced', { FORCE_COLOR: '1' }, '\u001b[31mtallo:\u001b[39m '],
  ])('prints errors %s', async (_how, env, start) => {
    const { stderr } = await tallo(['call', 'nothing', '-A', shopFile], { env: { ...nowhere, ...env } });

    expect(stderr.startsWith(start)).toBe(true);
  });

  test.each([
    ['commander', ['call', 'which']],
    ['chokidar', ['dev', '--port', '0']],
    ['fauxqs', ['dev', '--port', '0']],
    ['dynalite', ['dev', '--port', '0']],
  ])('says in one line how to install %s when it is missing', async (missing, args) => {
    const program = copyWithout(missing);
    const { folder } = createProject({ 'tasks.ts': appNamed('lonely') });

    const run = await tallo(args, { cwd: folder, program });

    expect(run).toMatchObject({ exitCode: 2, stdout: '' });
    expect(run.stderr).toMatch(/^tallo: Expected the package '.*\n$/);
    expect(run.stderr).toMatch(new RegExp(`npm install --save-dev .*\\b${missing}\\b`));
  });
});
