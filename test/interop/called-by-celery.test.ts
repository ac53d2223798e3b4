import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { app } from './app.ts';
import { readJournal, writeJournal } from './journal.ts';
import { startWorld, type World } from './world.ts';

let world: World;

beforeAll(async () => {
  world = await startWorld(app, { tallo: ['default'] });
});

afterAll(() => world?.stop());

/** Vitest looks every 50 ms and gives up after a second. */
const patiently = { timeout: 20_000 };

const typed = (type: string, value: unknown) => ({ __type__: type, __value__: value });

describe.concurrent('a task that Celery calls and Tallo serves', () => {
  test('returns its value, and all that Celery asks of a result', async () => {
    const result = await world.celery.call('interop.add', { args: [2, 3] });

    expect(result).toMatchObject({
      value: 5,
      state: 'SUCCESS',
      asked: [true, true, false],
      name: 'interop.add',
      retries: 0,
      queue: 'default',
      hasTraceback: false,
      hasDate: true,
      children: [],
    });
  });

  test('takes keyword arguments', async () => {
    const result = await world.celery.call('interop.add', { args: [2, 3], kwargs: { z: 4 } });

    expect(result.value).toBe(9);
  });

  test.each([
    ['a datetime', typed('datetime', '2026-11-20T18:13:06.984000+00:00'), '2026-11-20T18:13:06.984Z'],
    ['a date', typed('date', '2026-11-20'), "'2026-11-20'"],
    ['a time', typed('time', '18:13:06'), "'18:13:06'"],
    ['a decimal', typed('decimal', '12.50'), "'12.50'"],
    [
      'a uuid',
      typed('uuid', { hex: '11111111222243338444555555555555' }),
      "'11111111-2222-4333-8444-555555555555'",
    ],
    ['bytes', typed('bytes', 'hé'), 'Uint8Array(3) [ 104, 195, 169 ]'],
    ['binary', typed('base64', '//4='), 'Uint8Array(2) [ 255, 254 ]'],
    ['text', 'mañana 🌿 \u2028', "'mañana 🌿 \u2028'"],
    ['None', null, 'null'],
    [
      'nested values',
      { list: [1, { deep: [true, null] }], é: 1.5 },
      "{ list: [ 1, { deep: [Array] } ], 'é': 1.5 }",
    ],
  ])('receives %s', async (_, value, written) => {
    const result = await world.celery.call('interop.describe', { args: [value] });

    expect(result.value).toBe(written);
  });

  test.each([
    ['datetime', 'datetime.datetime(2026, 11, 20, 18, 13, 6, 984000, tzinfo=datetime.timezone.utc)'],
    ['bytes', "b'hello'"],
    ['binary', "b'\\xff\\xfe'"],
    ['unicode', "'mañana 🌿 \\u2028 \\ufffe'"],
    ['nested', "{'list': [1, {'deep': None}], 'é': True}"],
    ['nothing', 'None'],
    ['big', '9007199254740991'],
    ['fraction', '0.1'],
  ])('returns a value that Celery reads: %s', async (kind, written) => {
    const result = await world.celery.call('interop.sample', { args: [kind] });

    expect(result.repr).toBe(written);
  });

  test.each([
    { task: 'interop.fail', args: [7], error: 'ExpectedException', message: ['Task expected to fail', 7] },
    { task: 'interop.raise_error', args: [], error: 'ValueError', message: ['deliberate error'] },
    { task: 'interop.throw', args: ['Error'], error: 'Error', message: ['an error'] },
    { task: 'interop.throw', args: ['TypeError'], error: 'TypeError', message: ['of type'] },
    { task: 'interop.throw', args: ['RangeError'], error: 'RangeError', message: ['out of range'] },
    { task: 'interop.throw', args: ['OutOfTea'], error: 'OutOfTea', message: ['no tea'] },
  ])('fails with $error', async ({ task, args, error, message }) => {
    const result = await world.celery.call(task, { args });

    expect(result).toMatchObject({
      error,
      args: message,
      state: 'FAILURE',
      asked: [true, false, true],
      hasTraceback: true,
    });
  });

  test.each([
    { what: 'too few', task: 'interop.mul', args: [1] },
    { what: 'of a name that it does not have', task: 'interop.mul', args: [1, 2], kwargs: { wrong: 3 } },
    { what: 'against its schema', task: 'interop.add', args: [1] },
  ])("fails with Python's TypeError when the arguments are $what", async ({ task, args, kwargs = {} }) => {
    const result = await world.celery.call(task, { args, kwargs });

    expect(result).toMatchObject({ error: 'TypeError', module: 'builtins', state: 'FAILURE' });
  });

  test('fails with NotRegistered when there is no such task', async () => {
    const result = await world.celery.call('interop.no_such_task', { args: [1] });

    expect(result).toMatchObject({ error: 'NotRegistered', module: 'celery.exceptions', state: 'FAILURE' });
  });

  test('retries', async () => {
    const result = await world.celery.call('interop.retry_once');

    expect(result).toMatchObject({ value: 1, state: 'SUCCESS', retries: 1 });
  });

  test('succeeds in its last retry', async () => {
    const result = await world.celery.call('interop.retry', { args: ['at last'] });

    expect(result).toMatchObject({ value: 'at last', retries: 3 });
  });

  test('fails with its own exception when no retries are left', async () => {
    const result = await world.celery.call('interop.retry');

    expect(result).toMatchObject({ error: 'ExpectedException', retries: 3, state: 'FAILURE' });
  });

  test('waits for its countdown', async () => {
    const result = await world.celery.call('interop.add', { args: [1, 1], options: { countdown: 2 } });

    expect(result.value).toBe(2);
    expect(result.seconds).toBeGreaterThan(1.9);
  });

  test('is revoked when it has expired', async () => {
    const result = await world.celery.call('interop.add', { args: [1, 1], options: { expires: 'past' } });

    expect(result).toMatchObject({
      error: 'TaskRevokedError',
      module: 'celery.exceptions',
      message: 'expired',
      state: 'REVOKED',
      asked: [true, false, false],
    });
  });

  test('waits in a timer when it is far off, and Celery sees that we revoke it', async () => {
    const id = 'far-off-for-celery';
    const options = { countdown: 86_400, task_id: id };
    const ended = world.celery.call('interop.add', { args: [1, 1], options });
    const { timers } = (await app.connection()).cloud;
    await expect.poll(async () => (await timers.find(id))?.queueName, patiently).toBe('interop-default');

    await app.control.revoke(id);

    expect(await ended).toMatchObject({
      error: 'TaskRevokedError',
      module: 'celery.exceptions',
      message: 'revoked',
      state: 'REVOKED',
    });
    expect(await timers.find(id)).toBeUndefined();
  });

  test('may have a priority and a message group', async () => {
    const options = { priority: 9, MessageGroupId: 'acme' };

    const result = await world.celery.call('interop.add', { args: [1, 1], options });

    expect(result.value).toBe(2);
  });

  test('runs when it has time left before it expires', async () => {
    const result = await world.celery.call('interop.add', { args: [1, 1], options: { expires: 60 } });

    expect(result.value).toBe(2);
  });

  test('stores nothing when its result is ignored, and runs', async ({ expect }) => {
    const key = 'ignored-by-celery';
    const result = await world.celery.call('interop.echo', {
      args: ['ran', key],
      options: { ignore_result: true },
    });

    await expect.poll(() => readJournal(key), patiently).toEqual(['ran']);
    expect(result).toMatchObject({ value: null, state: 'PENDING' });
    expect(await app.AsyncResult(result.id).state()).toBe('PENDING');
  });

  test.each(['gzip', 'zlib'])('reads a message that was compressed by %s', async (compression) => {
    const result = await world.celery.call('interop.identity', {
      args: ['x'.repeat(10_000)],
      options: { compression },
    });

    expect(result.value).toBe('x'.repeat(10_000));
  });

  test('says of a compression that Node cannot read which one it was', async () => {
    const result = await world.celery.call('interop.add', {
      args: [1, 1],
      options: { compression: 'bzip2' },
    });

    expect(result).toMatchObject({ error: 'DecodeError', module: 'kombu.exceptions', state: 'FAILURE' });
    expect(result.message).toContain('application/x-bz2');
  });

  test('sees how it was called', async () => {
    const result = await world.celery.call('interop.return_request', {
      options: { priority: 7, headers: { 'x-tenant': 'acme' }, time_limit: 20, soft_time_limit: 10 },
    });

    expect(result.value).toMatchObject({
      retries: 0,
      priority: 7,
      headers: { 'x-tenant': 'acme' },
      timelimit: [20, 10],
      root_id: result.id,
      parent_id: null,
      ignore_result: false,
      eta: false,
    });
  });

  test('shows its progress', async ({ expect }) => {
    const id = 'progress-for-celery';
    const ended = world.celery.call('interop.progress', { args: [id], options: { task_id: id } });

    await expect
      .poll(() => world.celery.look(id), patiently)
      .toMatchObject({ state: 'PROGRESS', info: { step: 1, of: 2 } });
    writeJournal(id, 'seen');

    expect((await ended).value).toBe('done');
  });

  test('is forgotten when Celery forgets it', async () => {
    const { id } = await world.celery.call('interop.add', { args: [1, 1] });

    await world.celery.forget(id);

    expect(await app.AsyncResult(id).state()).toBe('PENDING');
  });

  test('returns a result that both languages can get', async () => {
    const { id } = await world.celery.call('interop.fail', { args: ['both'] });

    await expect(app.AsyncResult(id).get({ timeout: '10s' })).rejects.toMatchObject({
      name: 'ExpectedException',
      args: ['Task expected to fail', 'both'],
    });
  });
});
