import { expect, test } from 'vitest';
import { chordUnlockKey, groupMetaKey, taskMetaKey } from '../../sdk/wire/keys.ts';

// What Python prints for ('celery-task-meta-' + id).encode().
test.each([
  ['11111111-2222-4333-8444-555555555555', "b'celery-task-meta-11111111-2222-4333-8444-555555555555'"],
  ['año', "b'celery-task-meta-a\\xc3\\xb1o'"],
  ["it's", `b"celery-task-meta-it's"`],
  [`it's "x"`, `b'celery-task-meta-it\\'s "x"'`],
  ['a\\b\n\t', "b'celery-task-meta-a\\\\b\\n\\t'"],
])('the key of %s is the printed form of a Python bytes object', (id, key) => {
  expect(taskMetaKey(id)).toBe(key);
});

test.each([
  ['g', "b'celery-taskset-meta-g'", "b'chord-unlock-g'"],
  ["it's", `b"celery-taskset-meta-it's"`, `b"chord-unlock-it's"`],
])('so are the keys of group %s', (id, meta, unlock) => {
  expect([groupMetaKey(id), chordUnlockKey(id)]).toEqual([meta, unlock]);
});
