import { inspect } from 'node:util';
import { type Signature, Tallo, TaskError } from 'tallo';
import * as z from 'zod';
import { readJournal, writeJournal } from './journal.ts';
import {
  defineAdding,
  defineReplacing,
  defineReplacingWithChains,
  defineSecondOrder,
} from './replacing-tasks.ts';
import { defineSignatures, defineStamps, defineStarting } from './starting-tasks.ts';
import { plus, samples, sum } from './values.ts';

// The tasks of `python/interop/tasks.py`, under the same names. Queue 'default' is ours, 'python' that of a Celery worker.

export const app = new Tallo('interop', {
  queues: { default: {}, python: { runOn: 'celery' }, encoded: { runOn: 'celery', base64: true } },
  resultExtended: true,
});

app.task('interop.identity', (value: unknown) => value);

export const add = app.task(
  'interop.add',
  {
    args: z.tuple([z.unknown(), z.unknown(), z.unknown().optional()]),
    kwargs: z.object({ z: z.unknown().optional() }),
  },
  (...[x, y, third, { z: fourth }]) =>
    [y, third, fourth].filter((part) => part !== undefined).reduce(plus, x),
);

export const mul = app.task('interop.mul', (x: number, y: number) => x * y);

app.task('interop.tsum', sum);

app.task('interop.xsum', sum);

app.task('interop.fail', (...args: readonly unknown[]) => {
  throw new TaskError('ExpectedException', ['Task expected to fail', ...args]);
});

app.task('interop.raise_error', () => {
  throw new TaskError('ValueError', ['deliberate error']);
});

class OutOfTea extends Error {}

const errors = {
  Error: () => new Error('an error'),
  TypeError: () => new TypeError('of type'),
  RangeError: () => new RangeError('out of range'),
  OutOfTea: () => new OutOfTea('no tea'),
};

/** Throws an error of that class, as TypeScript programs do. */
app.task('interop.throw', (name: keyof typeof errors) => {
  throw errors[name]();
});

app.task('interop.ids', { bind: true }, ({ request }, i: number) => [request.rootId, request.parentId, i]);

app.task('interop.collect_ids', { bind: true }, ({ request }, before: unknown, i: number) => [
  before,
  [request.rootId, request.parentId, i],
]);

app.task('interop.echo', (...args: readonly string[]) => {
  const [message = '', key = ''] = args.slice(-2);
  writeJournal(key, message);
  return message;
});

app.task('interop.count', (key: string) => writeJournal(key, 'counted'));

app.task('interop.errback_old_style', (failedId: string) => writeJournal(failedId, 'old style'));

app.task('interop.retry_once', { bind: true, maxRetries: 1 }, (self) =>
  self.request.retries > 0 ? self.request.retries : self.retry({ countdown: 0.1 }),
);

app.task('interop.retry', { bind: true, maxRetries: 3 }, (self, value: unknown = null) => {
  if (value !== null && self.request.retries === 3) return value;
  return self.retry({
    countdown: 0.1,
    exc: new TaskError('ExpectedException', ['Task expected to fail']),
  });
});

app.task('interop.return_request', { bind: true }, ({ request }) => ({
  retries: request.retries,
  priority: request.deliveryInfo.priority,
  headers: request.headers,
  timelimit: [request.timeLimit, request.softTimeLimit],
  root_id: request.rootId,
  parent_id: request.parentId,
  ignore_result: request.ignoreResult,
  eta: request.eta !== null,
}));

app.task(
  'interop.return_priority',
  { bind: true },
  (self) => `Priority: ${self.request.deliveryInfo.priority}`,
);

app.task('interop.describe', (value: unknown) => inspect(value));

app.task('interop.sample', (kind: string) => samples[kind]);

app.task('interop.progress', { bind: true }, async (self, key: string) => {
  await self.updateState('PROGRESS', { step: 1, of: 2 });
  while (readJournal(key).length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  return 'done';
});

for (const define of [
  defineReplacing,
  defineReplacingWithChains,
  defineSecondOrder,
  defineAdding,
  defineStarting,
  defineSignatures,
  defineStamps,
]) {
  define(app, (name, ...args) => app.signature(`interop.${name}`, args) as Signature);
}
