import { type Logger, silentLogger, TaskRevokedError } from 'tallo';
import { describe, expect, test } from 'vitest';
import { world } from './world.ts';

const terminated = { name: 'TaskRevokedError', message: 'terminated', code: 'REVOKED' };

describe('a running task that is terminated', () => {
  test('is aborted within a second, and its row says so', async () => {
    await using w = world();
    const result = await w.sleepy.applyAsync([25], { linkError: w.alarm.s() });
    await w.cloud.advance('10s');
    const before = w.cloud.clock.now();

    await result.revoke({ terminate: true });

    await expect(result.get()).rejects.toMatchObject(terminated);
    expect(w.cloud.clock.now() - before).toBeLessThanOrEqual(1_600);
    expect(await result.meta()).toMatchObject({ state: 'REVOKED', name: 'sleepy' });
    await w.cloud.advance('1h');
    expect(w.runs).toEqual(['sleeps 25']);
  });

  test('sees why in its signal, and has two seconds to tidy up', async () => {
    await using w = world();
    const seen: unknown[] = [];
    const tidy = w.app.task('tidy', { bind: true }, async ({ signal }) => {
      await w.cloud.clock.sleep(20_000, signal).catch(() => seen.push(signal.reason));
      await w.cloud.clock.sleep(1_900);
      seen.push('tidied up');
      return 'a value that nobody waits for any more';
    });
    const result = await tidy.delay();
    await w.cloud.advance('5s');

    await result.revoke({ terminate: true });

    await expect(result.get()).rejects.toMatchObject(terminated);
    expect(seen).toEqual([expect.any(TaskRevokedError), 'tidied up']);
    expect(seen[0]).toMatchObject(terminated);
  });

  test('is left behind after those two seconds', async () => {
    await using w = world();
    const stubborn = w.app.task('stubborn', () => w.cloud.clock.sleep(25_000));
    const result = await stubborn.delay();
    await w.cloud.advance('5s');
    const before = w.cloud.clock.now();

    await result.revoke({ terminate: true });

    await expect(result.get({ interval: '10ms' })).rejects.toMatchObject(terminated);
    expect(w.cloud.clock.now() - before).toBeGreaterThanOrEqual(2_000);
    expect(w.cloud.clock.now() - before).toBeLessThanOrEqual(3_200);
  });

  test.each<[string, (self: { retry(): never; signal: AbortSignal }) => unknown]>([
    ['returns a value', () => 1],
    ['throws an error of its own', () => Promise.reject(new Error('of its own'))],
    ['throws what the signal says', ({ signal }) => Promise.reject(signal.reason)],
    ['wants another attempt', (self) => self.retry()],
  ])('is REVOKED, also if it %s', async (_what, answer) => {
    await using w = world();
    let runs = 0;
    const task = w.app.task('task', { bind: true, autoretryFor: [Error] }, async (self): Promise<unknown> => {
      runs += 1;
      await w.cloud.clock.sleep(20_000, self.signal).catch(() => undefined);
      return answer(self);
    });
    const result = await task.delay();
    await w.cloud.advance('5s');

    await result.revoke({ terminate: true });

    await expect(result.get()).rejects.toMatchObject(terminated);
    await w.cloud.advance('1h');
    expect(runs).toBe(1);
  });

  test('is not given more time than its limit', async () => {
    await using w = world();
    const stubborn = w.app.task('stubborn', { timeLimit: '6s' }, () => w.cloud.clock.sleep(25_000));
    const result = await stubborn.delay();
    await w.cloud.advance('4500ms');

    await result.revoke({ terminate: true });

    await expect(result.get({ interval: '10ms' })).rejects.toMatchObject(terminated);
    expect(w.cloud.clock.now() - Date.parse('2026-01-01T00:00:00Z')).toBeLessThan(6_100);
  });

  test('may have asked for it itself', async () => {
    await using w = world();
    const suicidal = w.app.task('suicidal', { bind: true }, async ({ request, signal }) => {
      await w.app.control.revoke(request.id, { terminate: true });
      await w.cloud.clock.sleep(20_000, signal);
    });

    const result = await suicidal.delay();

    await expect(result.get()).rejects.toMatchObject(terminated);
  });

  test('is told in the log, as is what was revoked before', async () => {
    const lines: string[] = [];
    const log: Logger = { ...silentLogger, child: () => log, warn: (message) => void lines.push(message) };
    await using w = world({ log });
    const running = await w.sleepy.delay(20);
    const waiting = await w.note.applyAsync(['a'], { countdown: '10s' });
    await w.cloud.advance('5s');

    await Promise.all([running.revoke({ terminate: true }), waiting.revoke({ terminate: true })]);
    await w.cloud.untilIdle();

    expect(lines).toEqual(['task terminated', 'task revoked']);
  });

  test('is found by the name of its task, or by a header', async () => {
    await using w = world();
    const byName = await w.sleepy.delay(20);
    const other = w.app.task('other', { bind: true }, async ({ signal }) =>
      w.cloud.clock.sleep(20_000, signal),
    );
    const byHeader = await other.s().stamp({ tenant: 'acme' }).delay();
    await w.cloud.advance('5s');

    await w.app.control.revoke({ task: 'sleepy' }, { terminate: true });
    await w.app.control.revokeByStampedHeaders({ tenant: 'acme' }, { terminate: true });

    await expect(byName.get()).rejects.toMatchObject(terminated);
    await expect(byHeader.get()).rejects.toMatchObject(terminated);
  });

  test('takes the later steps of its chain with it', async () => {
    await using w = world();
    const { chain } = await import('tallo');
    const result = await chain(w.sleepy.s(25), w.app.signature<[number], number>('note')).delay();
    await w.cloud.advance('10s');

    await result.revoke({ terminate: true });

    await expect(result.get()).rejects.toMatchObject(terminated);
    expect([await result.state(), await result.parent?.ready()]).toEqual(['REVOKED', true]);
    expect(w.runs).toEqual(['sleeps 25']);
  });
});

describe('a running task that is revoked', () => {
  test('goes on to its end if it is not to be terminated, also where it has asked for it itself', async () => {
    await using w = world();
    const cautious = w.app.task('cautious', { bind: true }, async ({ request }) => {
      await w.app.control.revoke(request.id);
      await w.cloud.clock.sleep(5_000);
      return 'done';
    });

    const result = await cautious.delay();

    expect(await result.get()).toBe('done');
  });

  test('is not tried again', async () => {
    await using w = world();
    const flaky = w.app.task('flaky', { bind: true }, async (self): Promise<unknown> => {
      w.runs.push('attempt');
      await w.cloud.clock.sleep(5_000);
      return self.retry({ countdown: '1m' });
    });
    const result = await flaky.delay();
    await w.cloud.advance('2s');

    await result.revoke();

    await expect(result.get()).rejects.toMatchObject({ name: 'TaskRevokedError', message: 'revoked' });
    expect(w.runs).toEqual(['attempt']);
  });

  test('does not become SUCCESS when a copy of its message was dropped as revoked meanwhile', async () => {
    await using w = world();
    const { id } = await w.sleepy.applyAsync([10], { taskId: 'mine' });
    await w.cloud.advance('3s');

    await w.app.control.revoke(id);
    await w.cloud.advance('2s');
    await w.sleepy.applyAsync([10], { taskId: 'mine' });
    await w.cloud.advance('1m');

    expect(w.runs).toEqual(['sleeps 10', 'slept 10']);
    expect(await w.app.AsyncResult('mine').state()).toBe('REVOKED');
  });
});
