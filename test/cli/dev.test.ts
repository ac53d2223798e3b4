import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { startEndpoint } from '../../local/endpoint/start-endpoint.ts';
import { createProject } from './project.ts';
import { start, tallo } from './tallo.ts';

/** An app that answers with its version, at once or when it may. */
const version = (name: string) => `import { appendFileSync, existsSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { Tallo } from 'tallo';

export const app = new Tallo('garden', { queues: { slow: {} } });
app.task('version', () => '${name}');
app.task('slow', { queue: 'slow' }, async () => {
  appendFileSync('journal.log', '${name} starts\\n');
  while (!existsSync('go.log')) await setTimeout(10);
  appendFileSync('journal.log', '${name} ends\\n');
  return '${name}';
});
app.task('crash', () => process.exit(1));
`;

/** An app whose beat writes its version two seconds after it was loaded. */
const beating = (name: string) => `import { appendFileSync } from 'node:fs';
import { Tallo } from 'tallo';

export const app = new Tallo('garden');
const note = app.task('note', () => appendFileSync('beat.log', '${name} '));
app.beat({ soon: { task: note, schedule: new Date(Date.now() + 2_000) } });
`;

/** A project with `tallo dev` running in it, at a free port. */
async function given() {
  const project = createProject({ 'tasks.ts': version('one') });
  const dev = start(['dev', '--port', '0', '--json'], { cwd: project.folder });
  const { url, ...ready } = JSON.parse(await dev.untilPrinted('url'));
  const command = (...args: readonly string[]) =>
    tallo(args, { cwd: project.folder, env: { AWS_ENDPOINT_URL: url } });
  return { ...project, dev, url, ready, command };
}

/** The same, with a task that runs until there is a file go.log. */
async function givenSlowTask() {
  const world = await given();
  const { stdout } = await world.command('call', 'slow');
  await vi.waitFor(() => expect(existsSync(join(world.folder, 'journal.log'))).toBe(true), 10_000);
  return { ...world, slow: stdout.trim() };
}

describe('tallo dev', () => {
  test('says what a user needs to know', async () => {
    const { folder } = createProject({ 'src/tasks.ts': version('one') });
    const dev = start(['dev', '--port', '0'], { cwd: folder });

    await dev.untilPrinted('ready');

    const url = /cloud +(\S+)/.exec(dev.stdout())?.[1];
    expect(dev.stdout().split('\n')).toEqual([
      'app     garden (src/tasks.ts)',
      'tasks   crash, slow, version',
      'queues  default, slow',
      `cloud   ${url}`,
      '',
      'For your other processes:',
      `export AWS_ENDPOINT_URL=${url}`,
      '',
      'ready',
      '',
    ]);
  });

  test('serves calls from another process', async () => {
    const { command, ready } = await given();

    const run = await command('call', 'version', '--wait', '20s');

    expect(run).toEqual({ exitCode: 0, stdout: 'one\n', stderr: '' });
    expect(ready).toEqual({
      app: 'garden',
      file: 'tasks.ts',
      tasks: ['crash', 'slow', 'version'],
      queues: ['default', 'slow'],
      beat: [],
    });
  });

  test('runs beat, with the code that is there when a slot comes', async () => {
    const { folder, read, write } = createProject({ 'tasks.ts': beating('one') });
    const dev = start(['dev', '--port', '0'], { cwd: folder });
    await dev.untilPrinted('ready');
    await vi.waitFor(() => expect(read('beat.log')).toBe('one '), 20_000);

    write('tasks.ts', beating('two'));
    await dev.untilNoted('ready again');
    await vi.waitFor(() => expect(read('beat.log')).toBe('one two '), 20_000);

    expect(dev.stdout()).toContain('beat    soon');
  });

  test('runs the new code after a change, of the app or of what lies beside it', async () => {
    const { command, dev, write } = await given();

    write('tasks.ts', version('two'));
    await dev.untilNoted('ready again');
    const two = await command('call', 'version', '--wait', '20s');
    write('deep/name.ts', "export const name = 'three';");
    await dev.untilNoted('ready again');
    const imported = version('three').replace("() => 'three'", '() => name');
    write('tasks.ts', `import { name } from './deep/name.ts';\n${imported}`);
    await dev.untilNoted('ready again');
    const three = await command('call', 'version', '--wait', '20s');

    expect([two.stdout, three.stdout]).toEqual(['two\n', 'three\n']);
  });

  test('waits for a repair when the code cannot be loaded, and keeps what was sent meanwhile', async () => {
    const { command, dev, write } = await given();

    write('tasks.ts', 'export const app: = ;');
    await dev.untilNoted('The worker did not start; waiting for the next change');
    write('other.mjs', version('other'));
    await dev.untilNoted('The worker did not start; waiting for the next change');
    const sent = await command('call', 'version', '-A', 'other.mjs');
    write('tasks.ts', version('two'));
    await dev.untilNoted('ready again');
    const result = await command('result', sent.stdout.trim(), '--wait', '20s');

    expect(dev.stderr()).toContain('ERR_INVALID_TYPESCRIPT_SYNTAX');
    expect(result.stdout).toBe('SUCCESS\ntwo\n');
  });

  test('starts with code that cannot be loaded, and is ready when it can', async () => {
    const { folder, write } = createProject({ 'tasks.ts': "throw new Error('not yet');" });
    const dev = start(['dev', '--port', '0'], { cwd: folder });
    await dev.untilNoted('waiting for the next change');

    write('tasks.ts', version('one'));

    await dev.untilPrinted('ready');
    expect(dev.stderr()).toContain('Error: not yet');
  });

  test('finishes a task that runs during a change, once and with the old code', async () => {
    const { command, dev, read, write, slow: id } = await givenSlowTask();

    write('tasks.ts', version('two'));
    await dev.untilNoted('stopping when running batches have ended');
    write('go.log', '');
    await dev.untilNoted('ready again');
    const slow = await command('result', id, '--wait', '20s');
    const fast = await command('call', 'version', '--wait', '20s');

    expect([slow.stdout, fast.stdout]).toEqual(['SUCCESS\none\n', 'two\n']);
    expect(read('journal.log')).toBe('one starts\none ends\n');
  });

  test('finishes a task that runs when it is stopped', async () => {
    const { dev, read, write } = await givenSlowTask();

    dev.signal('SIGINT');
    await dev.untilNoted('stopping when running batches have ended');
    write('go.log', '');

    expect(await dev.ended).toBe(0);
    expect(read('journal.log')).toBe('one starts\none ends\n');
    // The cloud is there until the outcome is stored.
    expect(dev.stderr()).not.toMatch(/error|warn/);
  });

  // It counts as ended when its worker, which writes to the same pipe, has ended too.
  test('takes its worker along at a second Ctrl-C', async () => {
    const { dev, read } = await givenSlowTask();

    const nagging = setInterval(() => dev.signal('SIGINT'), 50);
    const exitCode = await dev.ended;
    clearInterval(nagging);

    expect(exitCode).toBe(130);
    expect(read('journal.log')).toBe('one starts\n');
  });

  test('leaves no worker behind when it is killed', async () => {
    const { dev } = await given();

    dev.signal('SIGKILL');

    expect(await dev.ended).toBeNull();
  });

  test('starts the worker again when a task ends it, as Lambda would', async () => {
    const { command, dev } = await given();

    await command('call', 'crash');
    await dev.untilNoted('The worker has ended by itself; starting it again');
    await dev.untilNoted('ready again');
    const run = await command('call', 'version', '-Q', 'slow', '--wait', '20s');

    expect(run.stdout).toBe('one\n');
  });

  test.each(['SIGINT', 'SIGTERM'] as const)('ends with 0 at %s, and lets the port go', async (name) => {
    const { dev, url } = await given();

    dev.signal(name);

    expect(await dev.ended).toBe(0);
    const endpoint = await startEndpoint({ port: Number(new URL(url).port) });
    await endpoint.stop();
  });

  test('ends with 0 also while the code cannot be loaded', async () => {
    const { dev, write } = await given();
    write('tasks.ts', "throw new Error('broken');");
    await dev.untilNoted('waiting for the next change');

    dev.signal('SIGINT');

    expect(await dev.ended).toBe(0);
  });

  test('suggests another port when its own is taken', async () => {
    const endpoint = await startEndpoint();
    onTestFinished(() => endpoint.stop());
    const { folder } = createProject({ 'tasks.ts': version('one') });

    const run = await tallo(['dev', '--port', String(endpoint.port)], { cwd: folder });

    expect(run).toMatchObject({ exitCode: 2, stdout: '' });
    expect(run.stderr).toContain(`Choose another one: tallo dev --port ${endpoint.port + 1}`);
  });

  test.each([
    ['a port that is none', ['--port', '70000'], '--port to be a whole number from 0 to 65535'],
    ['an app that is missing', ['--port', '0'], 'Looked for: tasks.ts'],
  ])('ends with 2 for %s', async (_what, args, message) => {
    const { folder } = createProject();

    const run = await tallo(['dev', ...args], { cwd: folder });

    expect(run).toMatchObject({ exitCode: 2, stdout: '' });
    expect(run.stderr).toContain(message);
  });

  test('keeps its worker to the local cloud, whatever else the environment says', async () => {
    const { folder } = createProject({ 'tasks.ts': version('one') });
    const elsewhere = { AWS_ENDPOINT_URL: 'http://example.com', AWS_ENDPOINT_URL_SQS: 'http://example.com' };
    const dev = start(['dev', '--port', '0', '--json'], { cwd: folder, env: elsewhere });

    const { url } = JSON.parse(await dev.untilPrinted('url'));

    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });
});
