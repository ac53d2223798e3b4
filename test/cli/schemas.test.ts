import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createProject } from './project.ts';
import { tallo } from './tallo.ts';

const module = '{"type":"module"}';
const zod = new URL('../../node_modules/zod/index.js', import.meta.url).href;

/** An app whose task charges what `fields` says. */
function payments(fields: string, others = ''): string {
  return `import { Tallo } from 'tallo';
import * as z from '${zod}';
export const app = new Tallo('shop');
app.task('payments.charge', { args: z.tuple([z.object({ ${fields} })]) }, () => null);
${others}`;
}

const before = payments('amount: z.number(), note: z.string().optional()');
const after = payments(
  'amount: z.number(), note: z.string(), tip: z.number().optional()',
  "app.task('plain', () => 1);",
);
const finding =
  'args[0].note is required now, and waiting messages may not have it. Make it optional or give it a default, or deploy under a new task name.';
const others = `Changes that waiting messages survive:
  payments.charge: args[0].tip is new.
  plain: is new.
Not compared, since only the program knows it:
  plain: args (no schema, only their number)
`;

async function written(app = before) {
  const project = createProject({ 'package.json': module, 'tasks.ts': app });
  const run = await tallo(['schemas', '--write'], { cwd: project.folder });
  return {
    ...project,
    run,
    schemas: (...args: string[]) => tallo(['schemas', ...args], { cwd: project.folder }),
  };
}

describe('tallo schemas', () => {
  test('fails where a waiting message could not be read, and names the field', async () => {
    const { run, write, schemas } = await written();
    expect(run).toEqual({
      exitCode: 0,
      stdout: "tallo.schemas.json written: 1 task of app 'shop'.\n",
      stderr: '',
    });
    expect(await schemas()).toEqual({
      exitCode: 0,
      stdout: "App 'shop' can read the messages that wait, by tallo.schemas.json.\n",
      stderr: '',
    });

    write('tasks.ts', after);

    const [plain, json] = await Promise.all([schemas('--check'), schemas('--json')]);
    expect(plain).toEqual({
      exitCode: 5,
      stdout: `App 'shop' has 1 change since tallo.schemas.json that waiting messages may not survive:
  payments.charge: ${finding}
${others}To accept a task as it is now: tallo schemas --accept <task>
`,
      stderr: '',
    });
    expect(json.exitCode).toBe(5);
    expect(JSON.parse(json.stdout)).toEqual({
      isCompatible: false,
      isUpToDate: false,
      app: 'shop',
      file: 'tallo.schemas.json',
      findings: [
        { task: 'payments.charge', field: 'args[0].note', message: finding.replace('args[0].note ', '') },
      ],
      notes: [
        { task: 'payments.charge', field: 'args[0].tip', message: 'is new.' },
        { task: 'plain', field: null, message: 'is new.' },
      ],
      notCompared: [{ task: 'plain', field: 'args', message: 'no schema, only their number' }],
    });
  });

  test('takes one task over with --accept, and tells that the rest is out of date', async () => {
    const { write, schemas, read } = await written();
    write('tasks.ts', after);

    const accepted = await schemas('--accept', 'payments.charge');

    expect(accepted).toMatchObject({ exitCode: 0, stderr: '' });
    expect(accepted.stdout).toContain(
      'tallo.schemas.json is out of date. To bring it up to date: tallo schemas --write\n',
    );
    expect(JSON.parse(read('tallo.schemas.json')).tasks).not.toHaveProperty('plain');
    expect(await schemas('--exact')).toMatchObject({ exitCode: 5 });
    expect(await schemas('--accept', 'plain', '--exact')).toMatchObject({ exitCode: 0 });
    expect(await schemas('--write')).toMatchObject({ stdout: 'tallo.schemas.json is up to date.\n' });
  });

  test('forgets a task that is gone with --accept', async () => {
    const { write, schemas, read } = await written(after);
    write('tasks.ts', payments('amount: z.number(), note: z.string(), tip: z.number().optional()'));

    expect((await schemas()).stdout).toContain('plain: is gone, and waiting messages call it.');
    expect(await schemas('--accept', 'plain')).toMatchObject({ exitCode: 0 });
    expect(Object.keys(JSON.parse(read('tallo.schemas.json')).tasks)).toEqual(['payments.charge']);
  });

  test('tells what is accepted by --write', async () => {
    const { write, schemas } = await written();
    write('tasks.ts', after);

    const run = await schemas('--write');

    expect(run).toEqual({
      exitCode: 0,
      stdout: `tallo.schemas.json written: 2 tasks of app 'shop'.
Accepted, although waiting messages may not survive it:
  payments.charge: ${finding}
`,
      stderr: '',
    });
  });

  test('has its file beside the package.json of the app, or where --file says', async () => {
    const { folder, write, schemas, read } = await written();
    write('apps/package.json', module);
    write('apps/src/app.ts', before);

    await schemas('--write', '--app', 'apps/src/app.ts');
    await schemas('--write', '--file', 'deployed.json');

    expect(read('apps/tallo.schemas.json')).toBe(read('tallo.schemas.json'));
    expect(read('deployed.json')).toBe(read('tallo.schemas.json'));
    expect(existsSync(`${folder}/apps/src/tallo.schemas.json`)).toBe(false);
  });

  test.each([
    [
      'no file',
      undefined,
      /found no such file\. To begin with, run tallo schemas --write and commit the file\./,
    ],
    ['broken JSON', '{"version": 1,', /to be JSON: SyntaxError.*Take it from the version control/s],
    ['something else', '[1]', /to be a file that tallo schemas --write has written, got \[1\]/],
    [
      'a later version',
      '{"version": 2}',
      /to be of version 1, got 2\. A later version of tallo has written it/,
    ],
    ['another app', '{"version": 1, "app": "store", "tasks": {}}', /to be of app 'shop', got 'store'/],
  ])('ends with 2 for %s', async (_what, text, message) => {
    const project = createProject({ 'package.json': module, 'tasks.ts': before });
    if (text !== undefined) project.write('tallo.schemas.json', text);

    const run = await tallo(['schemas'], { cwd: project.folder });

    expect(run).toMatchObject({ exitCode: 2, stdout: '' });
    expect(run.stderr).toMatch(message);
  });

  test('ends with 2 for a task that nobody has, and for options that exclude each other', async () => {
    const { schemas } = await written();

    const [unknown, both] = await Promise.all([
      schemas('--accept', 'payments.chrage'),
      schemas('--write', '--exact'),
    ]);

    expect(unknown).toMatchObject({ exitCode: 2 });
    expect(unknown.stderr).toContain("has a task 'payments.chrage'. Did you mean payments.charge?");
    expect(both).toMatchObject({ exitCode: 2 });
  });
});
