import { setTimeout as sleep } from 'node:timers/promises';
import { chain, silentLogger, Tallo } from 'tallo';
import { startLocalCloud } from 'tallo/local';
import { expect, test } from 'vitest';
import { revokedError } from './world.ts';

const soon = { timeout: '20s' } as const;

test('over the real protocols: a running task is terminated, and a call of next month ends at once', async () => {
  const app = new Tallo('revlocal');
  const runs: unknown[] = [];
  const hang = app.task('hang', { bind: true }, async ({ signal }) => {
    runs.push('begun');
    await sleep(25_000, undefined, { signal }).catch(() => runs.push(signal.reason));
  });
  const note = app.task('note', (name: string) => void runs.push(name));
  await using _cloud = await startLocalCloud(app, { log: silentLogger });
  const running = await chain(hang.s(), note.si('next')).delay();
  const far = await note.applyAsync(['far'], { countdown: '30d' });
  const { timers } = (await app.connection()).cloud;
  expect(await timers.find(far.id)).toMatchObject({ id: far.id });
  const before = await note.applyAsync(['before'], { countdown: '3s' });
  await expect.poll(() => runs, { timeout: 10_000 }).toEqual(['begun']);

  await Promise.all([running.revoke({ terminate: true }), far.revoke()]);
  await app.control.revoke({ task: 'note' });

  await expect(running.get(soon)).rejects.toMatchObject({ ...revokedError, message: 'terminated' });
  await expect(far.get(soon)).rejects.toMatchObject(revokedError);
  await expect(before.get(soon)).rejects.toMatchObject(revokedError);
  expect(runs).toEqual(['begun', expect.objectContaining({ ...revokedError, message: 'terminated' })]);
  expect(await timers.find(far.id)).toBeUndefined();
});
