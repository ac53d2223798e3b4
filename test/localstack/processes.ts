import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject, onTestFinished } from 'vitest';
import { start } from '../cli/tallo.ts';
import { region } from './cdk.ts';

const aws = {
  AWS_ENDPOINT_URL: inject('localstack'),
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_REGION: region,
};

/** A file in which tasks note their runs. */
export function givenRuns() {
  const folder = mkdtempSync(join(tmpdir(), 'tallo-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'runs');
  writeFileSync(file, '');
  const read = () => readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return { read, env: { ...aws, RUNS_FILE: file } };
}

/** `tallo worker`, when it is ready. */
export async function startWorker(appFile: string, env: Readonly<Record<string, string>>) {
  const worker = start(['worker', '--app', appFile], { env });
  await worker.untilPrinted('ready');
  return worker;
}
