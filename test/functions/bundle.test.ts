import { fileURLToPath } from 'node:url';
import { build, type Metafile } from 'esbuild';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Bundles a program as a deployment does: minified, for Node 24 on Lambda, what is loaded on demand in chunks of its own. */
async function bundle(program: string): Promise<Metafile> {
  const { metafile } = await build({
    stdin: { contents: program, resolveDir: root, loader: 'ts' },
    conditions: ['tallo-source'],
    mainFields: ['module', 'main'],
    bundle: true,
    minify: true,
    splitting: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    outdir: 'out',
    write: false,
    metafile: true,
    logLevel: 'error',
  });
  return metafile;
}

/** The size of an output and of everything that it imports statically: what is parsed when it is loaded. */
function loadedBytes({ outputs }: Metafile, ...entries: readonly string[]): number {
  const seen = new Set<string>();
  const visit = (path: string): number => {
    const output = outputs[path];
    if (!output || seen.has(path)) return 0;
    seen.add(path);
    const imported = output.imports.filter(({ kind }) => kind === 'import-statement');
    return imported.reduce((sum, next) => sum + visit(next.path), output.bytes);
  };
  const starts = Object.entries(outputs).filter(([, { entryPoint }]) => entries.includes(entryPoint ?? ''));
  return starts.reduce((sum, [path]) => sum + visit(path), 0);
}

const worker = `
  import { Tallo } from 'tallo';
  import { consumer } from 'tallo/functions';
  const app = new Tallo('store');
  app.task('math.add', (x: number, y: number) => x + y);
  export const handler = consumer(app);
`;

test('a worker holds nothing of the local cloud, the tests or the CDK', async () => {
  const { inputs } = await bundle(worker);

  const foreign = /^(local|testing|cli|examples)\/|aws-cdk|fauxqs|dynalite|commander/;
  expect(Object.keys(inputs).filter((path) => foreign.test(path))).toEqual([]);
});

// Init time is billed: a larger worker needs a reason, and a new number here.
test('a worker parses at most 190 kB of its own, and 610 kB with its AWS clients', async () => {
  const metafile = await bundle(worker);

  expect(loadedBytes(metafile, '<stdin>')).toBeLessThan(190_000);
  expect(loadedBytes(metafile, '<stdin>', 'sdk/aws/aws-cloud.ts')).toBeLessThan(610_000);
});

test('schemas cost a worker 6 kB of zod besides what the app itself imports', async () => {
  const metafile = await bundle(worker);

  expect(loadedBytes(metafile, 'sdk/task/zod-core.ts')).toBeLessThan(6_000);
});
