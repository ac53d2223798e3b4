import { type CallOptions, ConfigurationError, Tallo } from 'tallo';
import { memoryCloud } from 'tallo/testing';
import { expect, test } from 'vitest';

const why =
  /FIFO queues delay no single message.*countdown and eta nor retries.*concurrency limit with a key.*fairnessKey/;

test.each([
  ['among its queues', () => new Tallo('app', { queues: { 'orders.fifo': {} } })],
  ['as its default', () => new Tallo('app', { defaultQueue: 'orders.fifo' })],
])('an app has no FIFO queue %s, and is told why', (_where, make) => {
  expect(make).toThrow(ConfigurationError);
  expect(make).toThrow(why);
  expect(make).toThrow(/every queue to be a standard queue, got 'orders.fifo'/);
});

test('a task has no FIFO queue, and is told why', () => {
  const define = () => new Tallo('app').task('orders.ship', { queue: 'orders.fifo' }, () => 1);

  expect(define).toThrow(ConfigurationError);
  expect(define).toThrow(why);
});

const routes = { 'orders.*': 'orders.fifo' };

test.each<[string, { routes?: typeof routes }, CallOptions]>([
  ['it says so', {}, { queue: 'orders.fifo' }],
  ['a route says so', { routes }, {}],
])('no call goes to a FIFO queue, although %s', async (_who, appOptions, options) => {
  const app = new Tallo('app', appOptions);
  const task = app.task('orders.ship', () => 1);
  await using _cloud = memoryCloud(app);

  const call = task.applyAsync([], options);

  await expect(call).rejects.toThrow(ConfigurationError);
  await expect(call).rejects.toThrow(why);
  await expect(call).rejects.toThrow(/queue of task 'orders.ship' to be a standard queue, got 'orders.fifo'/);
});
