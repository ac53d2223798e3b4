import { chain, Reject, Tallo, type TaskOptions } from 'tallo';
import { type MemoryCloud, memoryCloud } from 'tallo/testing';
import { describe, expect, test } from 'vitest';
import { withMarks } from '../../sdk/wire/marks.ts';
import { readEnvelope } from '../../sdk/wire/read-envelope.ts';
import { writeEnvelope } from '../../sdk/wire/write-envelope.ts';
import { MortalWorker } from '../consumer/mortal-worker.ts';
import { times } from './world.ts';

/** A task that notes its attempts, takes a while, and can be told to be retried. */
function define(runs: number[], cloud: () => MemoryCloud, options: TaskOptions = {}) {
  const app = new Tallo('copies');
  app.task('t', { dedupe: true, ...options, bind: true }, async (self, retries: number) => {
    runs.push(self.request.retries);
    await cloud().clock.sleep(2_000);
    if (self.request.retries < retries) self.retry({ countdown: 1 });
    return 'done';
  });
  return app;
}

/** The message of a call, caught before it is delivered. */
async function messageOf(cloud: MemoryCloud, send: () => Promise<unknown>): Promise<string> {
  await send();
  const [message] = await cloud.queues.receive('copies-default', { max: 1, waitSeconds: 0 });
  if (!message) throw new Error('No message came.');
  await cloud.queues.delete('copies-default', [message.handle]);
  return message.body;
}

/** Sends copies of a call's message, so many at each of these moments (seconds). */
async function copies(
  moments: readonly (readonly [number, number])[],
  { retries = 0, options = {} }: { retries?: number; options?: TaskOptions } = {},
) {
  const runs: number[] = [];
  const app = define(runs, () => cloud, options);
  const sender = define([], () => cloud);
  const cloud = memoryCloud(app);
  const held = memoryCloud(sender, { handler: false });
  const id = 'one';
  const body = await messageOf(held, () => sender.sendTask('t', [retries], { taskId: id }));
  await held.stop();
  const start = cloud.clock.now();
  for (const [second, count] of moments) {
    await cloud.advance((start - cloud.clock.now()) / 1_000 + second);
    await Promise.all(times(count, () => cloud.queues.send('copies-default', [{ body }])));
  }
  await cloud.untilIdle();
  const ended = { runs, state: await app.AsyncResult(id).state(), letters: cloud.deadLetters().length };
  await cloud.stop();
  return ended;
}

describe('five copies of the message of a call with dedupe run it once', () => {
  const settings: [string, TaskOptions][] = [
    ['', {}],
    [', although its result is not stored', { ignoreResult: true }],
    [', although it has to wait for a slot', { rateLimit: '2/m' }],
    [', although others of its key run', { concurrency: { limit: 1 } }],
  ];

  test.each(settings)('when they come at once%s', async (_what, options) => {
    const { runs } = await copies([[0, 5]], { options });

    expect(runs).toEqual([0]);
  });

  test.each(settings)('when they come one after the other%s', async (_what, options) => {
    const moments = [0, 1, 5, 40, 300].map((second) => [second, 1] as const);
    const { runs } = await copies(moments, { options });

    expect(runs).toEqual([0]);
  });

  test.each(settings)('and each of its retries once%s', async (_what, options) => {
    const moments = [0, 1, 5, 40, 300].map((second) => [second, 2] as const);
    const { runs } = await copies(moments, { retries: 2, options });

    expect(runs).toEqual([0, 1, 2]);
  });
});

describe('a call with dedupe', () => {
  test('runs in its slot, where it had to wait for one', async () => {
    const app = new Tallo('copies');
    const starts: number[] = [];
    const task = app.task('t', { dedupe: true, rateLimit: '6/m' }, () => void starts.push(cloud.clock.now()));
    await using cloud = memoryCloud(app);
    const start = cloud.clock.now();

    await Promise.all(times(3, () => task.delay()));
    await cloud.untilIdle();

    expect(starts).toHaveLength(3);
    expect(Math.max(...starts) - start).toBeLessThan(21_000);
  });

  test('runs twice if copies of it come without', async () => {
    const { runs } = await copies([[0, 5]], { options: { dedupe: false } });

    expect(runs).toHaveLength(5);
  });

  test('may also be one whose message says so', async () => {
    const runs: number[] = [];
    const app = define(runs, () => cloud, { dedupe: false });
    await using cloud = memoryCloud(app, { handler: false });
    const body = await messageOf(cloud, () => app.sendTask('t', [0]));
    await cloud.stop();
    const marked = writeEnvelope(withMarks(readEnvelope(body), { dedupe: true }), { base64: false });
    const next = define(runs, () => second, { dedupe: false });
    await using second = memoryCloud(next);

    await Promise.all(times(5, () => second.queues.send('copies-default', [{ body: marked }])));
    await second.untilIdle();

    expect(runs).toEqual([0]);
  });

  test.each([{}, { ignoreResult: true }])('runs again if its worker is lost (%j)', async (options) => {
    const runs: number[] = [];
    const client = define([], () => cloud, options);
    const worker = new MortalWorker({ define: () => define(runs, () => cloud, options), cloud: () => cloud });
    const cloud: MemoryCloud = memoryCloud(client, { handler: worker.handler });

    await client.sendTask('t', [0], { taskId: 'lost' });
    await cloud.advance('1s');
    expect(runs).toEqual([0]);
    worker.kill();
    await cloud.untilIdle();
    await cloud.stop();

    expect(runs).toEqual([0, 0]);
  });

  test('runs again when it is sent back from the dead-letter queue', async () => {
    const app = new Tallo('copies');
    let isRepaired = false;
    let runs = 0;
    app.task('t', { dedupe: true, ignoreResult: true }, () => {
      runs += 1;
      if (!isRepaired) throw new Reject('not yet');
    });
    await using cloud = memoryCloud(app);
    await app.sendTask('t');
    await cloud.untilIdle();
    isRepaired = true;
    await cloud.advance('1h');

    const bodies = cloud.deadLetters().map(({ body }) => ({ body }));
    await cloud.queues.send('copies-default', bodies);
    await cloud.queues.send('copies-default', bodies);
    await cloud.untilIdle();

    expect(runs).toBe(2);
  });

  test('goes on once, also where it is a step of a chain', async () => {
    const app = new Tallo('copies');
    const runs: string[] = [];
    const step = app.task('step', { dedupe: true, ignoreResult: true }, () => void runs.push('step'));
    const last = app.task('last', () => void runs.push('last'));
    await using cloud = memoryCloud(app, { duplicates: 1 });

    await chain(step.si(), step.si(), last.si()).delay();
    await cloud.untilIdle();

    expect(runs.filter((name) => name === 'step')).toHaveLength(2);
  });

  test('replaced by another call, is replaced once', async () => {
    const app = new Tallo('copies');
    const runs: string[] = [];
    const other = app.task('other', { dedupe: true }, () => void runs.push('other'));
    const task = app.task('t', { dedupe: true, bind: true }, (self) => {
      runs.push('t');
      self.replace(other.si());
    });
    await using cloud = memoryCloud(app, { duplicates: 1 });

    await (await task.delay()).get();
    await cloud.untilIdle();

    expect(runs.toSorted()).toEqual(['other', 't']);
  });
});
