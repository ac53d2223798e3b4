import { describe, expect, test } from 'vitest';
import { givenCloud, nowhere, shopFile } from './cloud.ts';
import { createProject } from './project.ts';
import { tallo } from './tallo.ts';

const call = (...args: readonly string[]) => ['call', ...args, '--app', shopFile];

describe('tallo call', () => {
  test('prints the id of the call, with which the result is found', async () => {
    const { env, app } = await givenCloud();

    const { stdout, stderr, exitCode } = await tallo(call('math.add', '-a', '[2, 3]'), { env });

    expect(await app.AsyncResult(stdout.trim()).get({ timeout: '10s' })).toBe(5);
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
  });

  test('waits for the result and prints it', async () => {
    const { env } = await givenCloud();

    const run = await tallo(call('math.add', '-a', '[2, 3]', '--wait'), { env });

    expect(run).toEqual({ exitCode: 0, stdout: '5\n', stderr: '' });
  });

  test('passes keyword arguments', async () => {
    const { env } = await givenCloud();

    const run = await tallo(call('emails.greet', '-k', '{"to": "Ada"}', '--wait', '20s'), { env });

    expect(run).toEqual({ exitCode: 0, stdout: 'Hello Ada\n', stderr: '' });
  });

  test('takes arguments in their form on the wire, and prints dates as text', async () => {
    const { env } = await givenCloud();

    const run = await tallo(call('dates.tomorrow', '-a', '["2027-01-31T18:00:00Z"]', '--wait', '--json'), {
      env,
    });

    expect(JSON.parse(run.stdout)).toMatchObject({ state: 'SUCCESS', result: '2027-02-01T18:00:00.000Z' });
  });

  test('prints one JSON object with --json', async () => {
    const { env } = await givenCloud();

    const sent = await tallo(call('orders.describe', '-a', '[7]', '--id', 'order-7', '--json'), { env });
    const waited = await tallo(call('orders.describe', '-a', '[7]', '--wait', '--json'), { env });

    expect(JSON.parse(sent.stdout)).toEqual({ id: 'order-7', task: 'orders.describe' });
    expect(JSON.parse(waited.stdout)).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      task: 'orders.describe',
      state: 'SUCCESS',
      result: { id: 7, lines: ['tea', 'milk'] },
      error: null,
      retries: 0,
    });
  });

  test('puts the options of the call into the message', async () => {
    const { env } = await givenCloud({ worker: false });
    const args = call('math.add', '-a', '[1, 1]', '-Q', 'emails', '--id', 'one', '--priority', '7');

    const { exitCode } = await tallo([...args, '--expires', '2099-01-31T18:00:00Z'], { env });

    const message = await receiveFrom('shop-emails');
    expect(exitCode).toBe(0);
    expect(message.headers).toMatchObject({ id: 'one', expires: '2099-01-31T18:00:00.000+00:00' });
    expect(message.properties).toMatchObject({ priority: 7 });
  });

  test('holds a call back until its countdown or eta', async () => {
    const { env } = await givenCloud();
    const soon = new Date(Date.now() + 60_000).toISOString();

    const countdown = await tallo(call('math.add', '-a', '[1, 1]', '--countdown', '1m', '--wait', '1'), {
      env,
    });
    const eta = await tallo(call('math.add', '-a', '[1, 1]', '--eta', soon, '--wait', '1s'), { env });

    expect([countdown.exitCode, eta.exitCode]).toEqual([3, 3]);
  });

  test('ends with 1 when the task fails, and says why', async () => {
    const { env } = await givenCloud();

    const plain = await tallo(call('math.fail', '-a', '["no tea"]', '--wait'), { env });
    const json = await tallo(call('math.fail', '-a', '["no tea"]', '--wait', '--json'), { env });

    expect(plain).toMatchObject({ exitCode: 1, stdout: '' });
    expect(plain.stderr).toMatch(/^tallo: Task \S+ ended as FAILURE: RangeError: no tea\n$/);
    expect(json.exitCode).toBe(1);
    expect(JSON.parse(json.stdout)).toMatchObject({
      state: 'FAILURE',
      error: { name: 'RangeError', message: 'no tea' },
    });
  });

  test('ends with 1 when the call expires', async () => {
    const { env } = await givenCloud();

    const run = await tallo(
      call('math.add', '-a', '[1, 1]', '--expires', '2001-01-01T00:00:00Z', '--wait', '--json'),
      { env },
    );

    expect(run.exitCode).toBe(1);
    expect(JSON.parse(run.stdout)).toMatchObject({ state: 'REVOKED' });
  });

  test('does not wait for a task that ignores its result', async () => {
    const { env } = await givenCloud();

    const run = await tallo(call('logs.write', '-a', '["tea"]', '--id', 'line-1', '--wait'), { env });

    expect(run).toMatchObject({ exitCode: 0, stdout: 'line-1\n' });
    expect(run.stderr).toContain('The task ignores its result');
  });

  test('ends with 3 when the wait times out', async () => {
    const { env } = await givenCloud({ worker: false });

    const run = await tallo(call('math.add', '-a', '[1, 1]', '--wait', '0.1', '--json'), { env });

    expect(run.exitCode).toBe(3);
    expect(JSON.parse(run.stdout)).toMatchObject({ error: { name: 'TimeoutError', code: 'TIMEOUT' } });
  });

  test('ends with 4 when the cloud cannot be reached', async () => {
    const run = await tallo(call('math.add', '-a', '[1, 1]', '--json'), { env: nowhere });

    expect(run.exitCode).toBe(4);
    expect(JSON.parse(run.stdout)).toMatchObject({ error: { code: 'OPERATIONAL' } });
  });

  test('ends with 70 and a stack for an error that nobody foresaw', async () => {
    const run = await tallo(call('odd.schema', '-a', '[1]'), { env: nowhere });

    expect(run.exitCode).toBe(70);
    expect(run.stderr).toMatch(/^tallo: a mistake in the schema\nError: a mistake.*\n\s+at .*shop\.ts/);
  });

  test.each([
    ['arguments that are not JSON', ['math.add', '-a', '[2'], '--args to be JSON, got [2 '],
    ['arguments that are no array', ['math.add', '-a', '{}'], '--args to be a JSON array'],
    ['keyword arguments that are no object', ['math.add', '-k', '[]'], '--kwargs to be a JSON object'],
    ['too few arguments', ['math.add', '-a', '[2]'], "'math.add' takes at least 2 arguments, got 1"],
    ['keyword arguments that the schema refuses', ['emails.greet', '-k', '{"to": 3}'], 'expected string'],
    ['a countdown that is no time', ['math.add', '--countdown', 'soon'], '--countdown to be a number'],
    ['an eta that is no instant', ['math.add', '--eta', 'noon'], '--eta to be an instant'],
    ['an expiry that is no instant', ['math.add', '--expires', '2027-31-31'], '--expires to be an instant'],
    ['a priority out of range', ['math.add', '--priority', '10'], '--priority to be a whole number'],
    ['a queue that the app does not have', ['math.add', '-a', '[1, 2]', '-Q', 'fast'], "queue 'fast'"],
    ['no task', [], "missing required argument 'task'"],
  ])('ends with 2 for %s', async (_what, args, message) => {
    const { exitCode, stderr, stdout } = await tallo(call(...args), { env: nowhere });

    expect(stderr).toMatch(/^tallo: [^\n]/);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  });

  test('lists near names for a task that the app does not define', async () => {
    const { exitCode, stderr } = await tallo(call('math.ad'), { env: nowhere });

    expect(stderr).toContain('Did you mean math.add or math.fail?');
    expect(exitCode).toBe(2);
  });

  test('lists all tasks when no name is near', async () => {
    const { stderr } = await tallo(call('quite.something.else'), { env: nowhere });

    expect(stderr).toContain('Its tasks: math.add, math.fail, emails.greet');
  });

  test('sends a task of elsewhere with --unregistered', async () => {
    const { env } = await givenCloud({ worker: false });

    const { exitCode } = await tallo(call('python.task', '-a', '[1]', '--unregistered'), { env });

    expect(exitCode).toBe(0);
    expect((await receiveFrom('shop-default')).headers).toMatchObject({ task: 'python.task' });
  });

  test('ends although the app keeps something open', async () => {
    const { folder } = createProject({
      'tasks.ts': `import { Tallo } from 'tallo';
setInterval(() => {}, 1_000);
export const app = new Tallo('open', { taskAlwaysEager: true });
app.task('one', () => 1);`,
    });

    const run = await tallo(['call', 'one', '--wait'], { cwd: folder });

    expect(run).toMatchObject({ exitCode: 0, stdout: '1\n' });
  });
});

/** The message that waits in a queue of the shop's cloud. */
async function receiveFrom(queue: string) {
  const { app } = await import('./apps/shop.ts');
  const { cloud } = await app.connection();
  const [message] = await cloud.queues.receive(queue, { max: 1, waitSeconds: 1 });
  return JSON.parse(message?.body ?? '{}');
}
