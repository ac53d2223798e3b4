import { ConfigurationError, Tallo } from 'tallo';
import { memoryCloud } from 'tallo/testing';
import { expect, test } from 'vitest';

const app = new Tallo('options', { queues: { python: { runOn: 'celery' } } });
const task = app.task('t', () => 1);
const debounce = { key: 'k', wait: '1m' } as const;

test.each([
  [{ idempotencyKey: '' }, 'Expected idempotencyKey to be text of at least one character, got ""'],
  [{ idempotencyKey: 5 }, 'Expected idempotencyKey to be text of at least one character, got 5'],
  [
    { idempotencyKey: 'k', idempotencyExpires: 0 },
    'Expected idempotencyExpires to be longer than nothing, got 0',
  ],
  [{ idempotencyExpires: '1h' }, 'expected an idempotencyKey beside idempotencyExpires, got none'],
  [
    { idempotencyKey: 'k', debounce },
    'expected one of idempotencyKey, throttle and debounce, got idempotencyKey and debounce',
  ],
  [{ throttle: { key: 'k', per: 1 }, debounce }, 'got throttle and debounce'],
  [{ throttle: 'k' }, 'Expected throttle to be an object with key, per, got "k"'],
  [{ throttle: { key: 'k' } }, 'Expected per of throttle to be a number of seconds'],
  [{ throttle: { key: 'k', per: '1m', burst: 3 } }, "The option throttle: unknown option 'burst'"],
  [
    { throttle: { per: '1m' } },
    'Expected key of throttle to be text of at least one character, got undefined',
  ],
  [{ debounce: { key: 'k', wait: '366d' } }, 'Expected wait of debounce to be at most \'365d\', got "366d"'],
  [{ debounce: { key: 'k', wait: 0 } }, 'Expected wait of debounce to be longer than nothing'],
  [
    { debounce: { key: 'k', wait: '2m', maxWait: '1m' } },
    'Expected maxWait of debounce to be at least its wait, "2m", got "1m"',
  ],
  [{ debounce: { key: 'k', wait: 1, max: 1 } }, "The option debounce: unknown option 'max'"],
  [{ debounce, countdown: 5 }, 'expected no countdown beside debounce'],
  [{ debounce, expires: 5 }, 'expected no expires beside debounce'],
  [{ debounce, queue: 'python' }, "got 'python', which runs on Celery"],
  [{ idempotencyKey: 'k', link: task.s() }, 'expected no idempotencyKey on a signature or in a workflow'],
])('%j is refused', async (options, message) => {
  await using _cloud = memoryCloud(app);

  await expect(task.applyAsync([], options as object)).rejects.toThrow(ConfigurationError);
  await expect(task.applyAsync([], options as object)).rejects.toThrow(message);
});

test('what calls share is refused in signatures, and left out of those that came as JSON', async () => {
  await using cloud = memoryCloud(app);
  // @ts-expect-error: it is no option of signatures
  expect(() => task.s().set({ idempotencyKey: 'k' })).toThrow(/expected no idempotencyKey on a signature/);
  // @ts-expect-error: nor is this
  expect(() => task.signature([], { throttle: { key: 'k', per: 1 } })).toThrow(/expected no throttle/);
  await expect(app.sendTask('t', [], { debounce, link: task.s() })).rejects.toThrow(
    /expected no link beside debounce/,
  );
  const json = { ...task.s().toJSON(), options: { idempotencyKey: 'k', debounce } };

  await app.signature(json).applyAsync([]);
  await app.signature(json).applyAsync([]);
  await cloud.untilIdle();

  expect(cloud.table.rows().filter(({ id }) => id.startsWith("b'celery-task-meta"))).toHaveLength(2);
  expect(cloud.table.rows()).toHaveLength(2);
});
