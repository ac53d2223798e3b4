import { silentLogger, Tallo } from 'tallo';
import { startLocalCloud, startWorker } from 'tallo/local';
import { expect, test } from 'vitest';

const queues = { default: { runOn: 'server' }, python: { runOn: 'celery' } } as const;

test('a queue that is named twice is served once', async () => {
  const app = new Tallo('named', { queues });
  let running = 0;
  let most = 0;
  const task = app.task('task', async () => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setTimeout(resolve, 50));
    running -= 1;
  });
  await using _cloud = await startLocalCloud(app, { worker: false });
  await using _worker = await startWorker(app, { queues: ['default', 'default'], log: silentLogger });

  const results = await Promise.all(Array.from({ length: 6 }, () => task.delay()));
  await Promise.all(results.map((result) => result.get({ timeout: '20s' })));

  expect(most).toBe(1);
});

test('the messages of Celery are not taken', async () => {
  const app = new Tallo('named', { queues });
  await using _cloud = await startLocalCloud(app, { worker: false });

  await expect(startWorker(app, { queues: ['default', 'python'], log: silentLogger })).rejects.toThrow(
    "Expected a queue that Tallo serves, got 'python' of app 'named', which runs on Celery: a worker here would bury its messages, since it does not know their tasks.",
  );
});
