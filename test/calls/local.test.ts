import { silentLogger, Tallo } from 'tallo';
import { startLocalCloud } from 'tallo/local';
import { expect, test } from 'vitest';

test('lanes, fairness keys, idempotency keys and debounced calls work on the local cloud', async () => {
  const app = new Tallo('calls', { queues: { default: { lanes: 3, concurrency: 6 } } });
  const runs: string[] = [];
  const note = app.task('note', { bind: true }, (self, text: string) => {
    const { priority } = self.request.deliveryInfo;
    runs.push(`${text} ${priority}`);
    if (text === 'falls' && self.request.retries === 0) self.retry({ countdown: 0, priority: 1 });
    return text;
  });
  await using cloud = await startLocalCloud(app, { log: silentLogger });

  const results = await Promise.all([
    note.applyAsync(['urgent'], { priority: 9, fairnessKey: 'customer 1' }),
    note.applyAsync(['usual'], { fairnessKey: 'customer-2' }),
    note.applyAsync(['low'], { priority: 0 }),
    note.applyAsync(['falls'], { priority: 7 }),
    ...Array.from({ length: 10 }, () => note.applyAsync(['once'], { idempotencyKey: 'k' })),
    ...Array.from({ length: 10 }, () => note.applyAsync(['rarely'], { throttle: { key: 'k', per: '1m' } })),
  ]);
  const debounced = [];
  for (let i = 0; i < 10; i += 1) {
    debounced.push(await note.applyAsync([`draft ${i}`], { debounce: { key: 'k', wait: '3s' } }));
  }
  await Promise.all([...results, ...debounced].map((result) => result.get({ timeout: '20s' })));

  expect(runs.toSorted()).toEqual([
    'draft 9 5',
    'falls 1',
    'falls 7',
    'low 0',
    'once 5',
    'rarely 5',
    'urgent 9',
    'usual 5',
  ]);
  // One for each lane, one for what is buried, and one for what the Scheduler cannot deliver.
  expect(cloud.traffic.count('SQS.CreateQueue')).toBe(5);
});
