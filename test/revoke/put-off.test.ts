import { type AsyncResult, OperationalError } from 'tallo';
import { describe, expect, test } from 'vitest';
import { revokedError, world } from './world.ts';

type World = ReturnType<typeof world>;

const calls: [string, (w: World) => Promise<AsyncResult>][] = [
  [
    'under a rate limit',
    async ({ app, runs }) => {
      const slow = app.task('slow', { rateLimit: { limit: 1, per: '20d' } }, () => void runs.push('slow'));
      for (let i = 0; i < 2; i += 1) await (await slow.delay()).get();
      return slow.delay();
    },
  ],
  [
    'under a rate limit, in a group',
    async ({ app, runs }) => {
      const { group } = await import('tallo');
      const slow = app.task('slow', { rateLimit: { limit: 1, per: '20d' } }, () => void runs.push('slow'));
      for (let i = 0; i < 2; i += 1) await (await slow.delay()).get();
      const members = await group(slow.si(), slow.si()).delay();
      return members.results[1] as AsyncResult;
    },
  ],
  ['collected', ({ note }) => note.applyAsync(['debounced'], { debounce: { key: 'k', wait: '20d' } })],
  [
    'retried, with nothing stored of it',
    async ({ app, runs }) => {
      const again = app.task('again', { bind: true, ignoreResult: true }, (self) => {
        runs.push('again');
        if (self.request.retries === 0) self.retry({ countdown: '20d' });
      });
      return again.delay();
    },
  ],
  [
    'another in its place',
    async ({ app, note }) => {
      const other = app.task('other', { bind: true }, (self) =>
        self.replace(note.si('late').set({ countdown: '20d' })),
      );
      return other.delay();
    },
  ],
];

describe('a call that was put off until long after the list has forgotten it', () => {
  test.each(calls)('ends at once, and never runs: %s', async (_what, make) => {
    await using w = world();
    const result = await make(w);
    await w.cloud.advance('1m');
    const before = [...w.runs];

    await w.app.control.revoke(result.id);
    await w.cloud.advance('2s');

    if (!_what.includes('stored')) expect(await w.app.AsyncResult(result.id).state()).toBe('REVOKED');
    expect(await w.cloud.timers.size).toBe(_what.includes('group') ? 1 : 0);
    await w.cloud.advance('30d');
    await w.note.delay('after');
    await w.cloud.advance('30d');
    expect(w.runs.filter((run) => run !== 'after')).toEqual(
      _what.includes('group') ? [...before, 'slow'] : before,
    );
  });
});

test('looking for such a call says that it is on the list when it fails', async () => {
  await using w = world();
  const result = await w.note.delay('a');
  const read = w.cloud.table.read.bind(w.cloud.table);
  w.cloud.table.read = (ids) =>
    ids.some((id) => id.startsWith('timer-')) ? Promise.reject(new Error('AccessDenied')) : read(ids);

  const revoking = w.app.control.revoke(result.id).catch((error: unknown) => error);

  expect(await revoking).toBeInstanceOf(OperationalError);
  expect(String(await revoking)).toMatch(/The call is on the revoked list, but .* AccessDenied/);
});

describe('a collection of calls that is revoked', () => {
  test.each(['30s', '1h'] as const)(
    'takes no more of them: the next one begins another (%s)',
    async (wait) => {
      await using w = world();
      const save = (text: string) => w.note.applyAsync([text], { debounce: { key: 'k', wait } });
      const first = await save('before');
      await first.revoke();
      await expect(first.get()).rejects.toMatchObject(revokedError);

      const next = await save('after');

      expect(next.id).not.toBe(first.id);
      expect(await next.get({ timeout: '1d' })).toBe('after');
      expect(w.runs).toEqual(['after']);
    },
  );
});
