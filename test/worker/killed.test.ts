import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AsyncResult } from 'tallo';
import { acceleratedClock } from 'tallo/local';
import { expect, onTestFinished, test } from 'vitest';
import { app, step } from './apps/studio.ts';
import { givenStudio } from './studio.ts';

/** The 30 seconds of the queue's visibility are 6 real ones. */
const speed = 5;

/** A worker in a process of its own. */
async function startProcess(env: Readonly<Record<string, string>>): Promise<ChildProcess> {
  const worker = fork(new URL('apps/hasty-worker.ts', import.meta.url), {
    execArgv: ['--conditions=tallo-source'],
    env: { ...process.env, ...env, SPEED: String(speed) },
  });
  onTestFinished(() => void worker.kill('SIGKILL'));
  await once(worker, 'message');
  return worker;
}

async function storedOf(results: readonly AsyncResult[]): Promise<ReadonlySet<string>> {
  const metas = await Promise.all(results.map(({ id }) => app.AsyncResult(id).meta()));
  return new Set(metas.filter(({ state }) => state === 'SUCCESS').map(({ id }) => id));
}

test('a process killed by SIGKILL loses no message: they come again, and what was stored does not run again', {
  timeout: 90_000,
}, async () => {
  const studio = await givenStudio({ clock: acceleratedClock({ speed }) });
  const results = await Promise.all(Array.from({ length: 120 }, (_, n) => step.delay(n)));

  const first = await startProcess(studio.env);
  while ((await storedOf(results)).size < 40) await sleep(10);
  first.kill('SIGKILL');
  await once(first, 'exit');
  const stored = await storedOf(results);
  const runsOfFirst = studio.notes();
  await startProcess(studio.env);
  const values = await Promise.all(
    results.map((result) => app.AsyncResult<number>(result.id).get({ timeout: '10m' })),
  );

  const runsOfSecond = studio.notes().slice(runsOfFirst.length).map(Number);
  expect(values).toEqual(results.map((_, n) => n));
  expect(stored.size).toBeLessThan(120);
  expect(runsOfSecond.filter((n) => stored.has(results[n]?.id ?? ''))).toEqual([]);
});

test('a task that is longer than the visibility of its queue runs once, as renewals on the wire show', {
  timeout: 90_000,
}, async () => {
  const studio = await givenStudio({ clock: acceleratedClock({ speed }) });
  const { traffic } = studio.cloud;
  await startProcess(studio.env);
  const results = await Promise.all(Array.from({ length: 3 }, (_, n) => step.delay(n, true)));
  await studio.untilNoted(3);

  // The message would have come again after the third one.
  while (traffic.count('SQS.ChangeMessageVisibilityBatch') < 5) await sleep(10);
  studio.openGate();
  const values = await Promise.all(results.map((result) => result.get({ timeout: '10m' })));

  expect(values).toEqual([0, 1, 2]);
  expect(studio.notes()).toHaveLength(3);
  // One request per beat for all three.
  expect(traffic.count('SQS.ChangeMessageVisibilityBatch')).toBeLessThanOrEqual(6);
});
