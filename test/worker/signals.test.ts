import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { mail, polite, stubborn } from './apps/studio.ts';
import { givenStudio } from './studio.ts';

/** Messages become visible again only after an hour by themselves. */
describe('tallo worker, asked to stop', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)(
    'by %s, finishes what runs and takes nothing new',
    async (name) => {
      const studio = await givenStudio();
      const worker = await studio.startWorker('--json');
      const running = [await stubborn.delay('a'), await stubborn.delay('b')];
      await studio.untilNoted(2);

      worker.signal(name);
      await worker.untilNoted('"message":"stopping: waiting up to 110 s for 2 running tasks"');
      // Visible when the worker has hung up for certain.
      const waiting = await stubborn.applyAsync(['c'], { countdown: 1 });
      studio.openGate();
      const exitCode = await worker.ended;

      expect(exitCode).toBe(0);
      expect(await Promise.all(running.map((result) => result.get()))).toEqual(['a', 'b']);
      expect(await waiting.state()).toBe('PENDING');
      expect(studio.notes()).toHaveLength(4);
      expect(worker.stderr()).not.toContain('returned');
      const next = await studio.startWorker();
      expect(await waiting.get()).toBe('c');
      next.signal(name);
      expect(await next.ended).toBe(0);
    },
  );

  test('gives back at once what does not end in time, whether or not it heeds its signal', async () => {
    const studio = await givenStudio();
    const first = await studio.startWorker('--grace', '0');
    const results = [await polite.delay('p'), await stubborn.delay('s')];
    await studio.untilNoted(2);

    first.signal('SIGTERM');
    const exitCode = await first.ended;
    const noted = studio.notes();
    studio.openGate();
    await studio.startWorker();

    expect(await Promise.all(results.map((result) => result.get({ timeout: '20s' })))).toEqual(['p', 's']);
    expect(exitCode).toBe(0);
    expect(first.stderr()).toContain('stopping: waiting up to 0 s for 2 running tasks');
    expect(first.stderr()).toContain("returned 2 messages to 'default'");
    expect(first.stderr()).toContain('task interrupted');
    expect(noted).toContain('p tidies up: Interrupted: The worker stops.');
    expect(studio.notes().slice(noted.length)).toEqual(
      expect.arrayContaining(['p begins, attempt 0', 's begins', 's ends']),
    );
  });

  test('waits for as long as it is told, were it for months', async () => {
    const studio = await givenStudio();
    const worker = await studio.startWorker('--grace', '8w');
    const result = await polite.delay('p');
    await studio.untilNoted(1);

    worker.signal('SIGTERM');
    await worker.untilNoted('stopping: waiting up to 4838400 s for 1 running task');
    // An interrupted run would say so meanwhile.
    await sleep(500);
    studio.openGate();

    expect(await worker.ended).toBe(0);
    expect(await result.get({ timeout: '20s' })).toBe('p');
    expect(studio.notes()).toEqual(['p begins, attempt 0']);
  });

  test('a second time, ends at once', async () => {
    const studio = await givenStudio();
    const worker = await studio.startWorker();
    const result = await stubborn.delay('a');
    await studio.untilNoted(1);

    worker.signal('SIGTERM');
    await worker.untilNoted('stopping: waiting up to 110 s for 1 running task');
    const nagging = setInterval(() => worker.signal('SIGTERM'), 50);
    const exitCode = await worker.ended;
    clearInterval(nagging);

    expect(exitCode).toBe(143);
    expect(await result.state()).toBe('PENDING');
  });

  test('idle, ends at once and says who it was', async () => {
    const studio = await givenStudio();
    const worker = await studio.startWorker('--json');

    worker.signal('SIGTERM');

    expect(await worker.ended).toBe(0);
    expect(JSON.parse(worker.stdout())).toMatchObject({
      app: 'studio',
      queues: ['default'],
      pid: expect.any(Number),
    });
    expect(worker.stderr()).not.toContain('waiting up to');
  });

  test('serves queues with and without functions side by side', async () => {
    const studio = await givenStudio();
    const worker = await studio.startWorker('-Q', 'default,mails');
    studio.openGate();

    const values = await Promise.all([
      stubborn.delay('a').then((result) => result.get({ timeout: '20s' })),
      mail.delay('Ada').then((result) => result.get({ timeout: '20s' })),
    ]);
    worker.signal('SIGTERM');

    expect(await worker.ended).toBe(0);
    expect(values).toEqual(['a', 'Ada']);
    expect(worker.stderr()).toContain('stopping when running batches have ended');
  });
});
