import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { functionsOf } from '../../cli/dev/function-calls.ts';
import { createProject } from './project.ts';

/** A process whose functions are called from this one. */
function given() {
  const { folder, read } = createProject({});
  const child = fork(join(import.meta.dirname, 'apps/served-calls.ts'), [join(folder, 'end.log')]);
  onTestFinished(() => void child.kill('SIGKILL'));
  return { child, read, call: functionsOf(child), exit: once(child, 'exit') };
}

test('a call tells how it ended', async () => {
  const { call } = given();

  await expect(call('quick', {})).resolves.toBeUndefined();
  await expect(call('failing', {})).rejects.toThrow('TypeError: as it must');
  await expect(call('other', {})).rejects.toThrow('There is no function other here.');
});

test('a call that is under way when dev goes away comes to its end', async () => {
  const { child, call, exit, read } = given();
  await call('quick', {});

  const ended = call('slow', {}).catch(String);
  child.disconnect();

  expect(await exit).toEqual([0, null]);
  expect(read('end.log')).toBe('ended');
  expect(await ended).toBe('Error: The worker has ended.');
});

test('a call of a worker that has ended fails', async () => {
  const { child, call, exit } = given();
  child.kill();
  await exit;

  await expect(call('quick', {})).rejects.toThrow('The worker is not there.');
});
