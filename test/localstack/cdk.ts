import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { plainEnvironment } from './plain-environment.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const command = join(root, 'node_modules', 'aws-cdk', 'bin', 'cdk');
const localNames = new URL('local-names.mjs', import.meta.url).href;

/** Account and region that LocalStack takes for ours. */
export const account = '000000000000';
export const region = 'us-east-1';

export interface CdkOptions {
  /** The endpoint to deploy to. */
  readonly url: string;
  /** What the CDK app finds in its environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Where it is started. @default this repository */
  readonly cwd?: string;
}

/** Runs the true `cdk` command against an endpoint. Its environment is all that tells it so. Answers what it said. */
export async function cdk(
  args: readonly string[],
  { url, env = {}, cwd = root }: CdkOptions,
): Promise<string> {
  const output = mkdtempSync(join(tmpdir(), 'tallo-cdk-'));
  const child = spawn(process.execPath, [command, ...args, '--output', output, '--no-notices', '--ci'], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...plainEnvironment(), ...environment(url), ...env },
  });
  const end = () => {
    child.kill();
    rmSync(output, { recursive: true, force: true });
  };
  process.once('exit', end);
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text) => said.push(text));
  await once(child, 'close');
  process.off('exit', end);
  end();
  const text = said.join('');
  // It has printed the stack's events.
  if (child.exitCode !== 0) throw new Error(`cdk ${args.join(' ')} ended with ${child.exitCode}:\n${text}`);
  return text;
}

function environment(url: string): Readonly<Record<string, string>> {
  const { port } = new URL(url);
  return {
    AWS_ENDPOINT_URL: url,
    // The command names buckets in the host, and LocalStack knows them by this one.
    AWS_ENDPOINT_URL_S3: `http://s3.localhost.localstack.cloud:${port}`,
    NODE_OPTIONS: `--import=${localNames}`,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: region,
    CDK_DISABLE_CLI_TELEMETRY: 'true',
    // `cdk.json` says `node`, which must be ours.
    PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
  };
}

/** Prepares account and region for deployments, once per LocalStack. */
export async function bootstrap(url: string): Promise<void> {
  // Away from `cdk.json`, whose app would be synthesised for nothing.
  await cdk(['bootstrap', `aws://${account}/${region}`], { url, cwd: tmpdir() });
}

/** Compares what a CDK app would deploy with what is deployed. */
export function diff(app: string, options: CdkOptions): Promise<string> {
  return cdk(['diff', '--app', commandOf(app)], options);
}

/** Synthesises a CDK app, uploads its assets and deploys all its stacks by CloudFormation. */
export function deploy(app: string, options: CdkOptions): Promise<string> {
  return cdk(['deploy', '--all', '--require-approval', 'never', '--app', commandOf(app)], options);
}

export function destroy(app: string, options: CdkOptions): Promise<string> {
  return cdk(['destroy', '--all', '--force', '--app', commandOf(app)], options);
}

function commandOf(app: string): string {
  return `"${process.execPath}" --conditions=tallo-source ${app}`;
}
