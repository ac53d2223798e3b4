import { hostname } from 'node:os';
import {
  ArgumentsError,
  ConfigurationError,
  DecodeError,
  EncodeError,
  MaxRetriesExceededError,
  NotRegistered,
  OperationalError,
  Reject,
  SoftTimeLimitExceeded,
  Tallo,
  TaskRevokedError,
  TimeLimitExceeded,
  TimeoutError,
  WorkerLostError,
} from 'tallo';
import { memoryCloud } from 'tallo/testing';
import { describe, expect, test } from 'vitest';
import { taskMetaKey } from '../../sdk/wire/keys.ts';

/** Counts how often the table is read, and how many rows are asked for. */
function countReads(cloud: ReturnType<typeof memoryCloud>) {
  const reads: number[] = [];
  const read = cloud.table.read.bind(cloud.table);
  cloud.table.read = (ids) => {
    reads.push(ids.length);
    return read(ids);
  };
  return reads;
}

describe('a result', () => {
  test('is found by its id alone', async () => {
    const app = new Tallo('results', { resultExtended: true });
    await using _cloud = memoryCloud(app);
    const task = app.task('math.add', (x: number, y: number) => x + y);
    const { id } = await task.delay(2, 3);

    const result = app.AsyncResult<number>(id);

    expect(await result.get()).toBe(5);
    expect(await result.meta()).toMatchObject({
      state: 'SUCCESS',
      name: 'math.add',
      queue: 'default',
      retries: 0,
    });
    expect(await Promise.all([result.ready(), result.successful(), result.failed()])).toEqual([
      true,
      true,
      false,
    ]);
    expect(await Promise.all([result.result(), result.info(), result.traceback()])).toEqual([5, 5, null]);
    expect(await Promise.all([result.args(), result.kwargs(), result.name()])).toEqual([
      [2, 3],
      {},
      'math.add',
    ]);
    expect(await result.dateDone()).toEqual(new Date('2026-01-01T00:00:00.000Z'));
    expect(await result.children()).toEqual([]);
    expect(result.parent).toBeNull();
  });

  test('of an unknown id is PENDING', async () => {
    const app = new Tallo('results');
    await using _cloud = memoryCloud(app);

    const result = app.AsyncResult('nobody');

    expect(await Promise.all([result.state(), result.ready(), result.result(), result.dateDone()])).toEqual([
      'PENDING',
      false,
      null,
      null,
    ]);
  });

  test('of an unknown id has nothing to tell', async () => {
    const app = new Tallo('results');
    await using _cloud = memoryCloud(app);

    expect(await app.AsyncResult('nobody').meta()).toEqual({
      id: 'nobody',
      state: 'PENDING',
      result: null,
      traceback: null,
      children: [],
      dateDone: null,
      parentId: null,
      groupId: null,
      name: null,
      queue: null,
      retries: 0,
      args: null,
      kwargs: null,
      worker: null,
      message: null,
      workflow: null,
      added: null,
    });
  });

  test('is stored in the form that Celery reads', async () => {
    const app = new Tallo('results');
    await using cloud = memoryCloud(app);
    const task = app.task('t', () => 'ñ');
    const result = await task.delay();
    await result.get();

    const [row] = cloud.table.rows();

    expect(row).toMatchObject({
      id: taskMetaKey(result.id),
      timestamp: 1_767_225_600,
      ttl: 1_767_225_600 + 86_400,
      state: 'SUCCESS',
    });
    expect(new TextDecoder().decode(row?.result as Uint8Array)).toBe(
      `{"status":"SUCCESS","result":"ñ","traceback":null,"children":[],"date_done":"2026-01-01T00:00:00.000+00:00","task_id":"${result.id}"}`,
    );
  });

  test('with resultExtended tells Celery also of the call', async () => {
    const app = new Tallo('results', { resultExtended: true });
    await using cloud = memoryCloud(app);
    const task = app.task('math.add', (x: number, y: number) => x + y);
    await (await task.delay(2, 3)).get();

    const [row] = cloud.table.rows();

    expect(JSON.parse(new TextDecoder().decode(row?.result as Uint8Array))).toMatchObject({
      name: 'math.add',
      args: [2, 3],
      kwargs: {},
      worker: hostname(),
      retries: 0,
      queue: 'default',
    });
  });

  test('without resultExtended tells the task, the queue and the retries, not the arguments', async () => {
    const app = new Tallo('results', { queues: { slow: {} } });
    await using _cloud = memoryCloud(app);
    const task = app.task('t', { bind: true, queue: 'slow' }, (self, x: number) => {
      if (self.request.retries === 0) self.retry({ countdown: 1 });
      return x;
    });

    const { id } = await task.delay(7);
    await app.AsyncResult(id).get();

    expect(await app.AsyncResult(id).meta()).toMatchObject({
      name: 't',
      queue: 'slow',
      retries: 1,
      args: null,
      kwargs: null,
      worker: null,
    });
  });

  test('of a failure names an exception that Python knows or can make', async () => {
    const app = new Tallo('results');
    await using cloud = memoryCloud(app);
    class CardDeclined extends Error {}
    const task = app.task('t', () => {
      throw new CardDeclined('no funds');
    });
    await (await task.delay()).get({ propagate: false });

    const [row] = cloud.table.rows();

    const meta = JSON.parse(new TextDecoder().decode(row?.result as Uint8Array));
    expect(meta).toMatchObject({
      status: 'FAILURE',
      result: { exc_type: 'CardDeclined', exc_message: ['no funds'] },
    });
  });

  test.each([
    [new TypeError('x'), 'TypeError', 'builtins'],
    [new SyntaxError('x'), 'SyntaxError', 'builtins'],
    [new ArgumentsError('x'), 'TypeError', 'builtins'],
    [new DecodeError('x'), 'DecodeError', 'kombu.exceptions'],
    [new EncodeError('x'), 'EncodeError', 'kombu.exceptions'],
    [new MaxRetriesExceededError('x'), 'MaxRetriesExceededError', 'celery.exceptions'],
    [new NotRegistered('x'), 'NotRegistered', 'celery.exceptions'],
    [new Reject('x'), 'Reject', 'celery.exceptions'],
    [new TaskRevokedError('x'), 'TaskRevokedError', 'celery.exceptions'],
    [new SoftTimeLimitExceeded('x'), 'SoftTimeLimitExceeded', 'billiard.exceptions'],
    [new TimeLimitExceeded('x'), 'TimeLimitExceeded', 'billiard.exceptions'],
    [new WorkerLostError('x'), 'WorkerLostError', 'billiard.exceptions'],
    [new RangeError('x'), 'RangeError', undefined],
  ])('of %o names the class of Python', async (error, type, module) => {
    const app = new Tallo('results');
    await using cloud = memoryCloud(app);
    const task = app.task('t', () => {
      throw error;
    });
    await (await task.delay()).get({ propagate: false });

    const [row] = cloud.table.rows();

    expect(JSON.parse(new TextDecoder().decode(row?.result as Uint8Array)).result).toEqual({
      exc_type: type,
      exc_message: ['x'],
      exc_module: module,
    });
  });

  test('written by Python is read', async () => {
    const app = new Tallo('results');
    await using cloud = memoryCloud(app);
    const write = (id: string, meta: object) =>
      cloud.table.put({
        id: taskMetaKey(id),
        result: new TextEncoder().encode(JSON.stringify(meta)),
        timestamp: 1,
      });
    await write('good', {
      status: 'SUCCESS',
      result: { __type__: 'decimal', __value__: '1.5' },
      traceback: null,
      children: [[['child', null], null]],
      date_done: '2026-11-20T18:13:06.984592',
    });
    await write('bad', {
      status: 'FAILURE',
      result: { exc_type: 'ValueError', exc_message: ['boom', 42], exc_module: 'builtins' },
      traceback: 'Traceback ...',
    });

    const [good, bad] = [app.AsyncResult('good'), app.AsyncResult('bad')];

    expect(await good.get()).toBe('1.5');
    expect(await good.dateDone()).toEqual(new Date('2026-11-20T18:13:06.984Z'));
    expect((await good.children()).map(({ id }) => id)).toEqual(['child']);
    await expect(bad.get()).rejects.toMatchObject({
      name: 'ValueError',
      args: ['boom', 42],
      message: 'boom, 42',
      stack: 'Traceback ...',
    });
  });

  test('is gone when its time is over, although the table may still have it', async () => {
    const app = new Tallo('results', { resultExpires: '1h' });
    await using cloud = memoryCloud(app);
    const task = app.task('t', () => 1);
    const { id } = await task.delay();
    await cloud.untilIdle();

    const before = await app.AsyncResult(id).state();
    await cloud.advance('61m');
    const after = await app.AsyncResult(id).state();

    expect([before, after]).toEqual(['SUCCESS', 'PENDING']);
    expect(cloud.table.rows()).toHaveLength(1);
  });

  test('that cannot be read says so, with the reason', async () => {
    const app = new Tallo('results');
    await using cloud = memoryCloud(app);
    const cause = new RangeError('throttled');
    cloud.table.read = () => Promise.reject(cause);

    const state = app.AsyncResult('x').state();

    await expect(state).rejects.toThrow(OperationalError);
    await expect(state).rejects.toMatchObject({
      message: 'Reading the result of task x failed after one attempt: RangeError: throttled',
      cause,
    });
  });

  test.each([
    ['text', 'text'],
    ['bytes of no object', new TextEncoder().encode('[1]')],
    ['an object without a status', new TextEncoder().encode('{"result":1}')],
  ])('is PENDING as long as its row holds %s', async (_what, content) => {
    const app = new Tallo('results');
    await using cloud = memoryCloud(app);
    await cloud.table.put({ id: taskMetaKey('other'), result: content });

    expect(await app.AsyncResult('other').state()).toBe('PENDING');
  });

  test('that cannot be read because of a mistake of ours says which', async () => {
    const app = new Tallo('results');
    await using cloud = memoryCloud(app);
    const cause = new ConfigurationError('no such table');
    cloud.table.read = () => Promise.reject(cause);

    await expect(app.AsyncResult('x').state()).rejects.toBe(cause);
  });

  test('can be forgotten', async () => {
    const app = new Tallo('results');
    await using cloud = memoryCloud(app);
    const task = app.task('t', () => 1);
    const result = await task.delay();
    await result.get();

    await result.forget();

    expect(await result.state()).toBe('PENDING');
    expect(cloud.table.rows()).toEqual([]);
  });

  test('that nobody wants is not stored, and get does not wait for it', async () => {
    const app = new Tallo('results');
    await using cloud = memoryCloud(app);
    const boom = () => {
      throw new Error('boom');
    };
    const silent = app.task('silent', { ignoreResult: true }, boom);
    const audible = app.task('audible', { ignoreResult: true, storeErrorsEvenIfIgnored: true }, boom);
    const usual = app.task('usual', () => 1);

    const results = [await silent.delay(), await usual.applyAsync([], { ignoreResult: true })];
    const loud = await audible.delay();
    await cloud.untilIdle();

    expect(await Promise.all(results.map((result) => result.get()))).toEqual([null, null]);
    expect(cloud.table.rows().map(({ id }) => id)).toEqual([taskMetaKey(loud.id)]);
  });
});

describe('a result of Python', () => {
  test('may hold NaN and Infinity, which are no JSON, beside texts that speak of them', async () => {
    const app = new Tallo('results');
    await using cloud = memoryCloud(app);
    const json = '{"status": "SUCCESS", "result": [NaN, -Infinity, {"text": "NaN \\" Infinity"}, 1]}';
    await cloud.table.put({ id: taskMetaKey('py'), result: new TextEncoder().encode(json), timestamp: 1 });

    expect(await app.AsyncResult('py').get()).toEqual([
      Number.NaN,
      Number.NEGATIVE_INFINITY,
      { text: 'NaN " Infinity' },
      1,
    ]);
  });
});

describe('a result that the task does not want', () => {
  test('is not stored either for a caller who does not know', async () => {
    const app = new Tallo('results');
    await using cloud = memoryCloud(app);
    app.task('silent', { ignoreResult: true }, () => 1);
    const elsewhere = new Tallo('results');
    elsewhere.connect(cloud);

    await elsewhere.sendTask('silent');
    await cloud.untilIdle();

    expect(cloud.table.rows()).toEqual([]);
  });
});

describe('get', () => {
  test('returns null at once for a task that ignores its results, whatever the call says', async () => {
    const app = new Tallo('results');
    await using _cloud = memoryCloud(app);
    const task = app.task('t', { ignoreResult: true }, () => 1);

    expect(await (await task.applyAsync([], { ignoreResult: false })).get()).toBeNull();
  });

  test('gives up after its timeout, and the task goes on', async () => {
    const app = new Tallo('results');
    await using cloud = memoryCloud(app);
    const task = app.task('t', () => 'done');
    const result = await task.applyAsync([], { countdown: '1h' });
    const start = cloud.clock.now();

    await expect(result.get({ timeout: '10s' })).rejects.toThrow(TimeoutError);
    expect(Math.floor((cloud.clock.now() - start) / 1_000)).toBe(10);
    expect(await result.get()).toBe('done');
  });

  test('stops when its signal aborts', async () => {
    const app = new Tallo('results');
    await using _cloud = memoryCloud(app, { handler: false });
    const result = await app.task('t', () => 1).delay();

    await expect(result.get({ signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
  });

  test('asks less and less often, up to eight times the interval', async () => {
    const app = new Tallo('results');
    await using cloud = memoryCloud(app, { handler: false });
    const reads = countReads(cloud);
    const result = await app.task('t', () => 1).delay();

    await result.get({ timeout: 16, interval: 1 }).catch(() => undefined);

    // Looks at 0, 1, 2, 4, 8 and 16 s.
    expect(reads).toHaveLength(6);
  });

  test('of many results costs one request per 100 of them and look', async () => {
    const app = new Tallo('results');
    await using cloud = memoryCloud(app, { handler: false });
    const task = app.task('t', () => 1);
    const results = await Promise.all(Array.from({ length: 1_000 }, () => task.delay()));
    const reads = countReads(cloud);

    await Promise.allSettled(results.map((result) => result.get({ timeout: 16, interval: 1 })));

    expect(reads).toHaveLength(6 * 10);
    expect(reads.every((count) => count === 100)).toBe(true);
  });

  test('of results that are asked for at different times looks at the same instants', async () => {
    const app = new Tallo('results');
    await using cloud = memoryCloud(app, { handler: false });
    const task = app.task('t', () => 1);
    const reads = countReads(cloud);

    await Promise.allSettled(
      Array.from({ length: 50 }, async (_, i) => {
        const result = await task.delay();
        await cloud.clock.sleep(i * 7);
        return result.get({ timeout: 60, interval: 1 });
      }),
    );

    // Everybody looks once when it begins and once when its time is up; in between all look together: at 1, 2, 4, 8, 16 ... s.
    expect(reads.length).toBeLessThan(50 + 50 + 20);
  });
});

describe('self.updateState', () => {
  test('shows how far a task has come', async () => {
    const app = new Tallo('results');
    await using cloud = memoryCloud(app);
    const task = app.task('t', { bind: true }, async (self) => {
      for (const current of [1, 2, 3]) {
        self.updateState('PROGRESS', { current, total: 3 });
        await cloud.clock.sleep(1_000);
      }
      return 'done';
    });

    const result = await task.delay();
    await cloud.advance('1500ms');

    expect(await result.state()).toBe('PROGRESS');
    expect(await result.info()).toEqual({ current: 2, total: 3 });
    expect(await result.ready()).toBe(false);
    expect(await result.get()).toBe('done');
    expect(await result.state()).toBe('SUCCESS');
  });

  test('writes only the newest of those that wait', async () => {
    const app = new Tallo('results');
    await using cloud = memoryCloud(app);
    const puts: unknown[] = [];
    const put = cloud.table.put.bind(cloud.table);
    cloud.table.put = async (item, condition) => {
      puts.push(JSON.parse(new TextDecoder().decode(item.result as Uint8Array)).result);
      await cloud.clock.sleep(50);
      return put(item, condition);
    };
    const task = app.task('t', { bind: true }, (self) => {
      for (let current = 1; current <= 100; current += 1) void self.updateState('PROGRESS', current);
    });

    await (await task.delay()).get();

    expect(puts).toEqual([1, 100]);
  });

  test('goes on with newer states when an older one could not be stored', async () => {
    const app = new Tallo('results');
    await using cloud = memoryCloud(app);
    const put = cloud.table.put.bind(cloud.table);
    let puts = 0;
    cloud.table.put = (item, condition) =>
      puts++ === 0 ? Promise.reject(new Error('throttled')) : put(item, condition);
    const task = app.task('t', { bind: true }, async (self) => {
      self.updateState('PROGRESS', 1);
      self.updateState('PROGRESS', 2);
      await cloud.clock.sleep(5_000);
    });

    const result = await task.delay();
    await cloud.advance('1s');

    expect(await result.info()).toBe(2);
  });

  test('of a task that ignores its result is not stored: it would stand for ever', async () => {
    const app = new Tallo('results');
    await using cloud = memoryCloud(app);
    const task = app.task('t', { bind: true, ignoreResult: true, trackStarted: true }, (self) => {
      void self.updateState('PROGRESS', 1);
    });

    await task.delay();
    await cloud.untilIdle();

    expect(cloud.table.rows()).toEqual([]);
  });

  test('that cannot be stored does not harm the task', async () => {
    const app = new Tallo('results');
    await using cloud = memoryCloud(app);
    cloud.table.put = () => Promise.reject(new Error('throttled'));
    const task = app.task('t', { bind: true }, (self) => {
      void self.updateState('PROGRESS', 1);
      return 'done';
    });

    expect(await (await task.delay()).get()).toBe('done');
  });

  test('never comes after the end', async () => {
    const app = new Tallo('results');
    await using cloud = memoryCloud(app);
    let late = async () => undefined as unknown;
    const task = app.task('t', { bind: true }, (self) => {
      late = () => self.updateState('PROGRESS', 'late');
      return 'done';
    });
    const result = await task.delay();
    await result.get();

    await late();
    await cloud.untilIdle();

    expect(await app.AsyncResult(result.id).state()).toBe('SUCCESS');
  });
});

describe('trackStarted', () => {
  test('writes STARTED before the run', async () => {
    const app = new Tallo('results', { taskDefaults: { trackStarted: true } });
    await using cloud = memoryCloud(app);
    const task = app.task('t', () => cloud.clock.sleep(5_000));

    const result = await task.delay();
    await cloud.advance('1s');

    expect(await result.state()).toBe('STARTED');
    expect(await result.info()).toMatchObject({ pid: process.pid });
    await result.get();
    expect(await result.state()).toBe('SUCCESS');
  });

  test('does not let the run begin before STARTED is stored', async () => {
    const app = new Tallo('results');
    await using cloud = memoryCloud(app);
    const put = cloud.table.put.bind(cloud.table);
    cloud.table.put = async (item, condition) => {
      await cloud.clock.sleep(50);
      return put(item, condition);
    };
    const task = app.task('t', { bind: true, trackStarted: true }, (self) =>
      app.AsyncResult(self.request.id).state(),
    );

    expect(await (await task.delay()).get()).toBe('STARTED');
  });
});
