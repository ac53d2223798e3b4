import { setTimeout as sleep } from 'node:timers/promises';
import { type CallOptions, TaskError, TaskRevokedError } from 'tallo';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { add, app } from './app.ts';
import { readJournal, writeJournal } from './journal.ts';
import { startWorld, type World } from './world.ts';

let world: World;

beforeAll(async () => {
  world = await startWorld(app, { celery: ['python', 'encoded'] });
});

afterAll(() => world?.stop());

/** Calls a task that a Celery worker serves. */
async function call(
  task: string,
  args: readonly unknown[] = [],
  options: CallOptions & { kwargs?: object } = {},
) {
  return app.sendTask(task, args, { queue: 'python', ...options } as CallOptions);
}

const patient = { timeout: '20s' } as const;

/** Vitest looks every 50 ms and gives up after a second. */
const patiently = { timeout: 20_000 };

describe.concurrent('a task that Tallo calls and Celery serves', () => {
  test('returns its value, and all that is asked of a result', async () => {
    const result = await call('interop.add', [2, 3]);

    expect(await result.get(patient)).toBe(5);
    expect(await result.meta()).toMatchObject({
      state: 'SUCCESS',
      name: 'interop.add',
      queue: 'python',
      retries: 0,
      args: [2, 3],
      kwargs: {},
      children: [],
      dateDone: expect.any(Date),
    });
  });

  test('is called in the way of a task of our own', async () => {
    const result = await add.applyAsync([2, 3, undefined, { z: 4 }], { queue: 'python' });

    expect(await result.get(patient)).toBe(9);
  });

  test('is called through a queue of base64', async () => {
    const result = await call('interop.add', [2, 3], { queue: 'encoded' });

    expect(await result.get(patient)).toBe(5);
  });

  test('takes keyword arguments', async () => {
    const result = await call('interop.add', [2, 3], { kwargs: { z: 4 } });

    expect(await result.get(patient)).toBe(9);
  });

  test.each([
    [
      'a Date',
      new Date('2026-11-20T18:13:06.984Z'),
      'datetime.datetime(2026, 11, 20, 18, 13, 6, 984000, tzinfo=datetime.timezone.utc)',
    ],
    ['bytes', new TextEncoder().encode('hello'), "b'hello'"],
    ['binary', new Uint8Array([0xff, 0xfe]), "b'\\xff\\xfe'"],
    ['text', 'mañana 🌿 \u2028 \ufffe', "'mañana 🌿 \\u2028 \\ufffe'"],
    ['null', null, 'None'],
    ['a large number', 2 ** 53 - 1, '9007199254740991'],
    ['a fraction', 0.1, '0.1'],
    [
      'nested values',
      { list: [1, { deep: [true, null] }], é: 1.5 },
      "{'list': [1, {'deep': [True, None]}], 'é': 1.5}",
    ],
  ])('receives %s', async (_, value, written) => {
    const result = await call('interop.describe', [value]);

    expect(await result.get(patient)).toBe(written);
  });

  test.each([
    ['datetime', new Date('2026-11-20T18:13:06.984Z')],
    ['date', '2026-11-20'],
    ['time', '18:13:06'],
    ['decimal', '12.50'],
    ['uuid', '11111111-2222-4333-8444-555555555555'],
    ['bytes', new TextEncoder().encode('hello')],
    ['binary', new Uint8Array([0xff, 0xfe])],
    ['nan', Number.NaN],
    ['infinity', Number.POSITIVE_INFINITY],
    ['unicode', 'mañana 🌿 \u2028 \ufffe'],
    ['tuple', [1, [2, 3]]],
    ['nested', { list: [1, { deep: null }], é: true }],
    ['nothing', null],
  ])('returns a value that we read: %s', async (kind, value) => {
    const result = await call('interop.sample', [kind]);

    expect(await result.get(patient)).toEqual(value);
  });

  test('fails with an exception of its class and arguments', async () => {
    const result = await call('interop.fail', [7]);

    const error = await result.get(patient).catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(TaskError);
    expect(error).toMatchObject({ name: 'ExpectedException', args: ['Task expected to fail', 7] });
    expect((error as Error).stack).toContain('Traceback (most recent call last)');
    expect(await result.state()).toBe('FAILURE');
  });

  test.each([
    { what: 'arguments that it does not take', task: 'interop.describe', args: [1, 2], name: 'TypeError' },
    { what: 'a name that nobody knows', task: 'interop.no_such_task', args: [], name: 'NotRegistered' },
    { what: 'an exception of Python', task: 'interop.raise_error', args: [], name: 'ValueError' },
  ])('fails with $what', async ({ task, args, name }) => {
    const result = await call(task, args);

    await expect(result.get(patient)).rejects.toMatchObject({ name });
  });

  test('retries', async () => {
    const result = await call('interop.retry_once');

    expect(await result.get(patient)).toBe(1);
    expect(await result.retries()).toBe(1);
  });

  test('fails with its own exception when no retries are left', async () => {
    const result = await call('interop.retry');

    await expect(result.get(patient)).rejects.toMatchObject({ name: 'ExpectedException' });
    expect(await result.retries()).toBe(3);
  });

  test('waits for its countdown', async () => {
    const begin = Date.now();
    const result = await call('interop.add', [1, 1], { countdown: '2s' });

    expect(await result.get(patient)).toBe(2);
    expect(Date.now() - begin).toBeGreaterThan(1_900);
  });

  test('is revoked when it has expired', async () => {
    const result = await call('interop.add', [1, 1], { expires: new Date('2020-01-01') });

    await expect(result.get(patient)).rejects.toThrow(TaskRevokedError);
    expect(await result.state()).toBe('REVOKED');
  });

  test('stores nothing when its result is ignored, and runs', async ({ expect }) => {
    const key = 'ignored-by-tallo';
    const result = await call('interop.echo', ['ran', key], { ignoreResult: true });

    expect(await result.get()).toBeNull();
    await expect.poll(() => readJournal(key), patiently).toEqual(['ran']);
    await sleep(300);
    expect(await app.AsyncResult(result.id).state()).toBe('PENDING');
  });

  test('sees how it was called', async () => {
    const result = await call('interop.return_request', [], {
      priority: 7,
      headers: { 'x-tenant': 'acme' },
      timeLimit: '20s',
      softTimeLimit: '10s',
      argsrepr: 'secret',
    });

    expect(await result.get(patient)).toEqual({
      retries: 0,
      priority: 7,
      headers: { 'x-tenant': 'acme' },
      timelimit: [20, 10],
      root_id: result.id,
      parent_id: null,
      argsrepr: 'secret',
      ignore_result: false,
      eta: false,
    });
  });

  test('shows its progress', async ({ expect }) => {
    const key = 'progress-for-tallo';
    const result = await call('interop.progress', [key]);

    await expect.poll(() => result.state(), patiently).toBe('PROGRESS');
    expect(await result.info()).toEqual({ step: 1, of: 2 });
    writeJournal(key, 'seen');

    expect(await result.get(patient)).toBe('done');
  });

  test('tells of the tasks that it has started', async () => {
    const result = await call('interop.start_group', [2]);
    await result.get(patient);

    expect(await result.children()).toHaveLength(1);
  });

  test('returns a result that both languages can get', async () => {
    const { id } = await call('interop.sample', ['decimal']);

    expect(await world.celery.result(id)).toMatchObject({ repr: "Decimal('12.50')", state: 'SUCCESS' });
    expect(await app.AsyncResult(id).get()).toBe('12.50');
  });
});
