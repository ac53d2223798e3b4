import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type AsyncResult, silentLogger } from 'tallo';
import { startLocalCloud } from 'tallo/local';
import { expect, onTestFinished, test } from 'vitest';
import { app, step } from './apps/counting.ts';

const tasks = 500;

/** A worker in a process of its own, against the endpoint. */
async function startProcess(endpoint: string, runsFile: string): Promise<ChildProcess> {
  const worker = fork(new URL('apps/counting-worker.ts', import.meta.url), {
    execArgv: ['--conditions=tallo-source'],
    env: { ...process.env, AWS_ENDPOINT_URL: endpoint, RUNS_FILE: runsFile },
  });
  onTestFinished(() => void worker.kill('SIGKILL'));
  await once(worker, 'message');
  return worker;
}

/** The ids of the results that are stored. */
async function storedOf(results: readonly AsyncResult[]): Promise<Set<string>> {
  const metas = await Promise.all(results.map(({ id }) => app.AsyncResult(id).meta()));
  return new Set(metas.filter(({ state }) => state === 'SUCCESS').map(({ id }) => id));
}

async function untilStored(results: readonly AsyncResult[], count: number): Promise<void> {
  while ((await storedOf(results)).size < count) await sleep(10);
}

test('a worker killed in the middle of 500 tasks loses none, and those whose result was stored do not run again', {
  timeout: 120_000,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tallo-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const runsFile = join(folder, 'runs');
  writeFileSync(runsFile, '');
  await using cloud = await startLocalCloud(app, { worker: false, log: silentLogger });
  const results = await Promise.all(Array.from({ length: tasks }, (_, n) => step.delay(n)));

  const first = await startProcess(cloud.url, runsFile);
  await untilStored(results, 150);
  first.kill('SIGKILL');
  await once(first, 'exit');
  const stored = await storedOf(results);
  const runsOfFirst = readFileSync(runsFile, 'utf8').trim().split('\n');
  await startProcess(cloud.url, runsFile);
  const values = await Promise.all(
    results.map((result) => app.AsyncResult<number>(result.id).get({ timeout: '60s' })),
  );

  const runsOfSecond = readFileSync(runsFile, 'utf8')
    .trim()
    .split('\n')
    .slice(runsOfFirst.length)
    .map(Number);
  const ranAgain = runsOfSecond.filter((n) => stored.has(results[n]?.id ?? ''));
  expect(values).toEqual(results.map((_, n) => n));
  expect(stored.size).toBeLessThan(tasks);
  expect(ranAgain).toEqual([]);
});
