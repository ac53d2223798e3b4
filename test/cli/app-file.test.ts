import { expect, test } from 'vitest';
import { appNamed, createProject } from './project.ts';
import { tallo } from './tallo.ts';

const which = ['call', 'which', '--wait'];

test.each([
  ['tasks.ts before src/tasks.ts', ['tasks.ts', 'src/tasks.ts', 'app.ts'], 'tasks.ts'],
  ['src/tasks.ts before app.ts', ['src/tasks.ts', 'app.ts', 'src/app.ts'], 'src/tasks.ts'],
  ['app.ts before src/app.ts', ['app.ts', 'src/app.ts'], 'app.ts'],
  ['src/app.mjs', ['src/app.mjs'], 'src/app.mjs'],
  ['tasks.js', ['tasks.js'], 'tasks.js'],
])('finds %s', async (_what, files, expected) => {
  const nameOf = (file: string) => file.replaceAll(/\W/g, '-');
  const { folder } = createProject({
    'package.json': '{ "type": "module" }',
    ...Object.fromEntries(files.map((file) => [file, appNamed(nameOf(file))])),
  });

  const run = await tallo(which, { cwd: folder });

  expect(run).toEqual({ exitCode: 0, stdout: `${nameOf(expected)}\n`, stderr: '' });
});

test('prefers what package.json names, and --app to that', async () => {
  const { folder } = createProject({
    'package.json': '{ "type": "module", "tallo": { "app": "lib/named.ts" } }',
    'tasks.ts': appNamed('usual'),
    'lib/named.ts': appNamed('named'),
    'other.ts': appNamed('other'),
  });

  const named = await tallo(which, { cwd: folder });
  const asked = await tallo([...which, '-A', 'other.ts'], { cwd: folder });

  expect([named.stdout, asked.stdout]).toEqual(['named\n', 'other\n']);
});

test('takes the only app under any name', async () => {
  const text = appNamed('only').replace('const app', 'const worker');
  const { folder } = createProject({
    'tasks.ts': `${text.replaceAll('app.task', 'worker.task')}export const app = 1; export default worker;`,
  });

  const run = await tallo(which, { cwd: folder });

  expect(run).toEqual({ exitCode: 0, stdout: 'only\n', stderr: '' });
});

test.each([
  ['no file', {}, /found none. Looked for: tasks.ts, tasks.js, tasks.mjs, src\/tasks.ts.*--app <file>/],
  [
    'a file that package.json names and that is missing',
    { 'package.json': '{ "tallo": { "app": "gone.ts" } }' },
    /gone.ts \(from "tallo.app" of package.json\), found none/,
  ],
  ['a package.json that is no JSON', { 'package.json': '{' }, /package.json to be JSON/],
  ['no app in the file', { 'tasks.ts': 'export const one = 1, two = 2;' }, /its exports are: one, two\./],
  ['no export in the file', { 'tasks.ts': 'export {};' }, /it exports nothing\./],
  [
    'several apps in the file',
    { 'tasks.ts': `import { Tallo } from 'tallo'; export const a = new Tallo('a'), b = new Tallo('b');` },
    /its apps are: a, b\./,
  ],
])('ends with 2 for %s', async (_what, files, message) => {
  const { folder } = createProject(files);

  const { exitCode, stderr, stdout } = await tallo(which, { cwd: folder });

  expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/^\s+at /m);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
});

test('shows the error of a module that throws, with its stack', async () => {
  const { folder } = createProject({ 'tasks.ts': "\nthrow new RangeError('no settings');" });

  const plain = await tallo(which, { cwd: folder });
  const json = await tallo([...which, '--json'], { cwd: folder });

  expect(plain.exitCode).toBe(2);
  expect(plain.stderr).toMatch(
    /^tallo: Loading .*tasks.ts failed:\nRangeError: no settings\n\s+at .*tasks.ts:2/,
  );
  expect(JSON.parse(json.stdout)).toMatchObject({
    error: { code: 'APP_FILE', details: expect.stringContaining('no settings') },
  });
});

test('shows where the syntax of a module is wrong', async () => {
  const { folder } = createProject({
    'package.json': '{ "type": "module" }',
    'tasks.js': 'export const a = 1;\nexport const b = ;\n',
  });

  const { exitCode, stderr } = await tallo(which, { cwd: folder });

  expect(exitCode).toBe(2);
  expect(stderr).toContain('tasks.js:2\nexport const b = ;');
});
