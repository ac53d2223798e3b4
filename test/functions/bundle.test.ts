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

/** The size of the whole artefact, loaded or not. */
function totalBytes({ outputs }: Metafile): number {
  return Object.values(outputs).reduce((sum, { bytes }) => sum + bytes, 0);
}

const worker = `
  import { Tallo } from 'tallo';
  import { consumer } from 'tallo/functions';
  const app = new Tallo('store');
  app.task('math.add', (x: number, y: number) => x + y);
  export const handler = consumer(app);
`;

/** What it takes to reach the same two services with AWS's own clients, and nothing else. */
const bareHandler = `
  import * as dynamoDb from '@aws-sdk/client-dynamodb';
  import * as sqs from '@aws-sdk/client-sqs';
  const table = new dynamoDb.DynamoDBClient({});
  const queues = new sqs.SQSClient({});
  export const handler = async (event) => {
    await queues.send(new sqs.GetQueueUrlCommand(event));
    await queues.send(new sqs.SendMessageBatchCommand(event));
    await queues.send(new sqs.ChangeMessageVisibilityBatchCommand(event));
    await table.send(new dynamoDb.BatchGetItemCommand(event));
    await table.send(new dynamoDb.BatchWriteItemCommand(event));
    await table.send(new dynamoDb.PutItemCommand(event));
    await table.send(new dynamoDb.UpdateItemCommand(event));
    await table.send(new dynamoDb.DeleteItemCommand(event));
  };
`;

test('a worker holds nothing of the local cloud, the tests, the CDK or the AWS SDK', async () => {
  const { inputs } = await bundle(worker);

  const foreign =
    /^(local|testing|cli|examples|infra|preflight)\/|aws-cdk|fauxqs|dynalite|commander|@aws-sdk|@smithy/;
  expect(Object.keys(inputs).filter((path) => foreign.test(path))).toEqual([]);
});

// Init time is billed: a larger worker needs a reason, and a new number here.
test('a worker parses at most 205 kB before it reaches for AWS, and 240 kB with all that does', async () => {
  const metafile = await bundle(worker);

  expect(loadedBytes(metafile, '<stdin>')).toBeLessThan(205_000);
  expect(loadedBytes(metafile, '<stdin>', 'sdk/aws/aws-cloud.ts')).toBeLessThan(240_000);
});

test('a worker is at most 0.6 times as large as a bare handler with the AWS SDK', async () => {
  const [ours, bare] = await Promise.all([bundle(worker), bundle(bareHandler)]);

  expect(totalBytes(ours) / totalBytes(bare)).toBeLessThan(0.6);
});

// An import of `node:http` loads all of `fetch`, which costs as much as all of Tallo.
test('a worker loads node:http for endpoints without encryption alone', async () => {
  const { outputs } = await bundle(worker);

  const imports = Object.values(outputs).flatMap((output) => output.imports);
  const kinds = imports.filter(({ path }) => /^(node:)?http$/.test(path)).map(({ kind }) => kind);
  expect(kinds).toEqual(['dynamic-import']);
});

test('schemas cost a worker 6 kB of zod besides what the app itself imports', async () => {
  const metafile = await bundle(worker);

  expect(loadedBytes(metafile, 'sdk/task/zod-core.ts')).toBeLessThan(6_000);
});
