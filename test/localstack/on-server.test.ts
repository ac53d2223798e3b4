import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { app, step } from './apps/on-server.ts';
import { givenRuns, startWorker } from './processes.ts';

const appFile = 'test/localstack/apps/on-server.ts';

afterAll(() => app.close());

test('a worker killed in the middle of 300 tasks loses none, and those whose result was stored do not run again', async () => {
  const runs = givenRuns();
  const results = await Promise.all(Array.from({ length: 300 }, (_, n) => step.delay(n)));
  const storedNow = async () => {
    const states = await Promise.all(results.map(({ id }) => app.AsyncResult(id).state()));
    return new Set(states.flatMap((state, n) => (state === 'SUCCESS' ? [String(n)] : [])));
  };

  const first = await startWorker(appFile, runs.env);
  while ((await storedNow()).size < 100) await sleep(10);
  first.signal('SIGKILL');
  await first.ended;
  const stored = await storedNow();
  const runsOfFirst = runs.read().length;
  const second = await startWorker(appFile, runs.env);
  const values = await Promise.all(
    results.map(({ id }) => app.AsyncResult<number>(id).get({ timeout: '80s' })),
  );
  second.signal('SIGTERM');

  expect(await second.ended).toBe(0);
  expect(values).toEqual(results.map((_, n) => n));
  expect(stored.size).toBeLessThan(300);
  expect(
    runs
      .read()
      .slice(runsOfFirst)
      .filter((n) => stored.has(n)),
  ).toEqual([]);
});
