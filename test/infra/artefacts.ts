import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { App, Stack } from 'aws-cdk-lib';
import type { CfnFunction, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { TaskRunner } from 'tallo/infra';
import { app } from './apps/adder.ts';

/** Files as they would be uploaded. */
export interface Artefacts {
  readonly folder: string;
  /** The consumer of the smallest app. */
  readonly ours: string;
  /** A handler that has nothing but the AWS SDK's clients, bundled by the same construct with the same settings. */
  readonly bare: string;
}

/** Synthesises both, bundled for real. */
export function buildArtefacts(): Artefacts {
  const folder = mkdtempSync(join(tmpdir(), 'tallo-artefact-'));
  const cdk = new App({ outdir: folder });
  const stack = new Stack(cdk, 'Adder');
  const consumerOf = (id: string, consumerEntry?: string) => {
    const place = { entry: fileOf('adder.ts'), stage: id, ...(consumerEntry && { consumerEntry }) };
    const consumer = new TaskRunner(stack, id, { app, ...place }).consumers.get('default');
    if (!consumer) throw new Error('The runner has no consumer.');
    return consumer.worker.function;
  };
  const [ours, bare] = [consumerOf('ours'), consumerOf('bare', fileOf('bare-clients.ts'))];
  cdk.synth();
  return { folder, ours: uploaded(ours, folder), bare: uploaded(bare, folder) };
}

function fileOf(name: string): string {
  return fileURLToPath(new URL(`./apps/${name}`, import.meta.url));
}

/** The file in the cloud assembly that the template says to upload. */
function uploaded(fn: LambdaFunction, folder: string): string {
  const { Resources } = JSON.parse(
    readFileSync(join(folder, `${Stack.of(fn).stackName}.template.json`), 'utf8'),
  );
  const { S3Key } = Resources[Stack.of(fn).getLogicalId(fn.node.defaultChild as CfnFunction)].Properties.Code;
  return join(folder, `asset.${S3Key.replace(/\.zip$/, '')}`, 'index.mjs');
}

/** Starts that file in a Node of its own and answers what it prints. */
export async function inNode(
  program: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program], {
    env: { ...lambdaEnvironment, ...environment },
  });
  return stdout;
}

/** What Lambda sets, as far as the worker looks at it. */
const lambdaEnvironment = {
  PATH: '',
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_LAMBDA_FUNCTION_NAME: 'worker',
  NODE_OPTIONS: '--enable-source-maps',
};
