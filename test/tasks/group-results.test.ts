import {
  AsyncResult,
  ConfigurationError,
  DecodeError,
  GroupResult,
  OperationalError,
  PayloadTooLargeError,
  type Result,
  ResultSet,
  Tallo,
  TaskRevokedError,
  TimeoutError,
  WaitInsideTaskError,
} from 'tallo';
import { type MemoryCloud, memoryCloud } from 'tallo/testing';
import { describe, expect, expectTypeOf, test } from 'vitest';
import * as z from 'zod';
import { resultSource } from '../../sdk/call/result-source.ts';
import { resultFromTuple } from '../../sdk/result/result-from-tuple.ts';
import { resultOf } from '../../sdk/result/result-tree.ts';
import { readGroupMeta } from '../../sdk/wire/group-meta.ts';
import { type Json, parseJson } from '../../sdk/wire/json.ts';
import { groupMetaKey, taskMetaKey } from '../../sdk/wire/keys.ts';
import {
  chainSignature,
  chordSignature,
  groupSignature,
  memberId,
  type SignatureJson,
  taskSignature,
} from '../../sdk/wire/signature.ts';
import { pendingMeta, type TaskMeta, writeTaskMeta } from '../../sdk/wire/task-meta.ts';

/** A frozen signature of one task. */
function frozen(id: string, task = 'math.add'): SignatureJson {
  return taskSignature(task, { options: { task_id: id } });
}

/** A group of tasks without ids of their own. */
function groupOf(size: number, id = 'g'): SignatureJson {
  const member = taskSignature('math.add', {});
  return groupSignature(
    Array.from({ length: size }, () => member),
    { task_id: id },
  );
}

/** Writes rows as a worker does. */
async function store(cloud: MemoryCloud, metas: Readonly<Record<string, Partial<TaskMeta>>>) {
  const now = cloud.clock.now();
  for (const [id, meta] of Object.entries(metas)) {
    const row = { ...pendingMeta(id), state: 'SUCCESS', ...meta };
    await cloud.table.put(writeTaskMeta(row, { writtenAt: now, expiresAt: now + 86_400_000 }));
  }
}

async function storeMembers(cloud: MemoryCloud, from: number, to: number) {
  for (let i = from; i < to; i += 1) await store(cloud, { [memberId('g', i)]: { result: i } });
}

const failure = (name: string, message = name): Partial<TaskMeta> => ({
  state: 'FAILURE',
  result: { exc_type: name, exc_message: [message] },
});
const revoked: Partial<TaskMeta> = {
  state: 'REVOKED',
  result: { exc_type: 'TaskRevokedError', exc_message: ['expired'], exc_module: 'celery.exceptions' },
};
const chordError = failure('ChordError', "ValueError('boom')");

/** Notes when the table is read, and how many rows are asked for. */
function noteReads(cloud: MemoryCloud) {
  const start = cloud.clock.now();
  const reads: { at: number; rows: number; keys: readonly string[] }[] = [];
  const read = cloud.table.read.bind(cloud.table);
  cloud.table.read = (ids) => {
    reads.push({ at: cloud.clock.now() - start, rows: ids.length, keys: ids });
    return read(ids);
  };
  return {
    reads,
    /** Requests per instant. */
    perLook: () => [...Map.groupBy(reads, ({ at }) => at)].map(([at, some]) => [at, some.length]),
    rows: () => reads.reduce((sum, { rows }) => sum + rows, 0),
  };
}

async function listed<T>(generator: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of generator) items.push(item);
  return items;
}

function group(result: Result): GroupResult<readonly unknown[]> {
  if (result instanceof GroupResult) return result;
  throw new Error('Expected the result of a group.');
}

function idsUp(result: Result): string[] {
  return result.parent ? [result.id, ...idsUp(result.parent)] : [result.id];
}

describe('the handle of a frozen signature', () => {
  const source = resultSource(new Tallo('groups'));

  test('of a task is that of its id', () => {
    const parent = resultOf(frozen('before'), source);
    const result = resultOf(frozen('a'), source, parent);

    expect(result).toBeInstanceOf(AsyncResult);
    expect(result.id).toBe('a');
    expect(result.parent).toBe(parent);
  });

  test('of a chain is that of its last step, and the parents lead back', () => {
    const before = resultOf(frozen('before'), source);
    const result = resultOf(chainSignature([frozen('a'), frozen('b'), frozen('c')]), source, before);

    expect(idsUp(result)).toEqual(['c', 'b', 'a', 'before']);
  });

  test('of a group has one result per member, in order, which share the step before', () => {
    const nested = groupOf(2, 'inner');
    const members = [
      taskSignature('math.add', {}),
      frozen('own'),
      chainSignature([frozen('x'), frozen('y')]),
      chainSignature([frozen('z'), nested]),
    ];
    const chain = chainSignature([frozen('a'), groupSignature(members, { task_id: 'g' })]);

    const result = group(resultOf(chain, source));

    expect([result.id, result.length]).toEqual(['g', 4]);
    expect(result.results.map(({ id }) => id)).toEqual(['g:0', 'own', 'y', 'inner']);
    expect(result.children).toBe(result.results);
    expect([...result]).toEqual(result.results);
    const [first, second, third, fourth] = result.results;
    expect(result.parent?.id).toBe('a');
    expect([first?.parent, second?.parent, third?.parent?.parent, fourth?.parent?.parent]).toEqual(
      Array.from({ length: 4 }, () => result.parent),
    );
    expect(first?.parent).toBe(result.parent);
    expect(fourth && group(fourth).results.map(({ id }) => id)).toEqual(['inner:0', 'inner:1']);
    expect(fourth && group(fourth).results[0]?.parent?.id).toBe('z');
  });

  test('of a chord is that of its body, whose parent is the header', () => {
    const header = groupOf(2);
    const alone = resultOf(chordSignature({ header, body: frozen('body') }), source);
    const body = chainSignature([frozen('b1'), frozen('b2')]);
    const chain = resultOf(chainSignature([frozen('a'), chordSignature({ header, body })]), source);
    const twice = chordSignature({ header: groupOf(1, 'h2'), body: groupOf(1, 'h3') });
    const groups = resultOf(chordSignature({ header, body: twice }), source);

    expect(idsUp(alone)).toEqual(['body', 'g']);
    expect(group(alone.parent ?? alone).results.map(({ id }) => id)).toEqual(['g:0', 'g:1']);
    expect(idsUp(chain)).toEqual(['b2', 'b1', 'g', 'a']);
    expect(idsUp(groups)).toEqual(['h3', 'h2', 'g']);
  });

  test('of a chord that has no header has an empty group before it', () => {
    const { parent } = resultOf(chordSignature({ header: groupOf(0), body: frozen('body') }), source);

    expect(parent && group(parent).results).toEqual([]);
  });

  test('of 100,000 members makes none of them before it is needed', () => {
    const { kwargs, ...signature } = groupOf(100_000);
    let asked = 0;
    const lazy = Object.defineProperty({ ...kwargs }, 'tasks', {
      get: () => {
        asked += 1;
        return kwargs.tasks;
      },
    });

    const result = group(resultOf({ ...signature, kwargs: lazy }, source));
    const before = asked;

    expect(result.results.at(-1)?.id).toBe('g:99999');
    expect(result.results.length + result.length).toBe(200_000);
    expect([before, asked]).toEqual([0, 1]);
  });

  test('needs ids and steps', () => {
    expect(() => resultOf(taskSignature('math.add', {}), source)).toThrow(DecodeError);
    expect(() => resultOf(groupSignature([]), source)).toThrow(DecodeError);
    expect(() => resultOf(chainSignature([]), source)).toThrow(ConfigurationError);
  });

  test('of a task that ignores its results gives null at once', async () => {
    const app = new Tallo('groups');
    app.task('silent', { ignoreResult: true }, () => 1);
    const asked = taskSignature('elsewhere', { options: { task_id: 'b', ignore_result: true } });

    const source = {
      ...resultSource(app),
      connect: () => Promise.reject(new Error('there is no cloud')),
    };

    const silent = resultOf(frozen('a', 'silent'), source);
    const both = resultOf(groupSignature([frozen('a', 'silent'), asked], { task_id: 'g' }), source);

    expect([await silent.get(), await both.get()]).toEqual([null, [null, null]]);
  });
});

describe('a group', () => {
  async function started(options: Parameters<typeof memoryCloud>[1] = {}) {
    const app = new Tallo('groups');
    const cloud = memoryCloud(app, options);
    const task = app.task('work', async (value: unknown, seconds: number = 0) => {
      await cloud.clock.sleep(seconds * 1_000);
      if (typeof value === 'string' && value.startsWith('!')) throw new RangeError(value);
      return value;
    });
    const start = (calls: readonly [value: unknown, seconds?: number][], id = 'g') =>
      Promise.all(
        calls.map(([value, seconds = 0], i) =>
          task.applyAsync([value, seconds], { taskId: memberId(id, i) }),
        ),
      );
    return { app, cloud, start, source: resultSource(app), [Symbol.asyncDispose]: () => cloud.stop() };
  }

  test('gives the values in the order of its definition', async () => {
    await using scene = await started();
    await scene.start([['slow', 5], ['quick'], [{ deep: [1] }, 1]]);
    const result = group(resultOf(groupOf(3), scene.source));

    expect(await result.get()).toEqual(['slow', 'quick', { deep: [1] }]);
    expect(await result.join()).toEqual(['slow', 'quick', { deep: [1] }]);
  });

  test('inside a group gives a list in the list', async () => {
    await using scene = await started();
    await scene.start([[1], [2]]);
    await scene.start([[3], [4, 2]], 'inner');
    const empty = groupOf(0, 'none');
    const nested = groupSignature([frozen('g:0'), groupOf(2, 'inner'), frozen('g:1'), empty], {
      task_id: 'outer',
    });

    const result = group(resultOf(nested, scene.source));

    expect(await result.get()).toEqual([1, [3, 4], 2, []]);
    expect(await result.completedCount()).toBe(4);
  });

  test('of nobody is an empty list', async () => {
    const result = group(resultOf(groupOf(0), resultSource(new Tallo('groups'))));

    expect(await result.get()).toEqual([]);
    expect(await Promise.all([result.ready(), result.successful(), result.failed()])).toEqual([
      true,
      true,
      false,
    ]);
  });

  test('throws the error of the first that failed in order, whoever failed first', async () => {
    await using scene = await started();
    await scene.start([['a', 2], ['!second', 3], ['!third']]);
    const start = scene.cloud.clock.now();

    await expect(resultOf(groupOf(3), scene.source).get()).rejects.toThrow(new RangeError('!second'));
    expect(scene.cloud.clock.now() - start).toBeLessThan(5_000);
  });

  test('throws the error of the first also when several are found at once', async () => {
    await using scene = await started({ handler: false });
    await store(scene.cloud, {
      'g:0': {},
      'g:1': failure('RangeError', '1'),
      'g:2': failure('TypeError', '2'),
    });

    await expect(resultOf(groupOf(3), scene.source).get()).rejects.toThrow(new RangeError('1'));
  });

  test('throws as soon as those before are ready, without waiting for those behind', async () => {
    await using scene = await started();
    await scene.start([['a', 2], ['!second'], ['late', 60]]);
    const start = scene.cloud.clock.now();

    await expect(resultOf(groupOf(3), scene.source).get()).rejects.toThrow('!second');
    expect(Math.round((scene.cloud.clock.now() - start) / 1_000)).toBe(3);
  });

  test('with propagate: false puts the errors in place', async () => {
    await using scene = await started();
    await scene.start([['a'], ['!second'], ['c', 2]]);
    const result = resultOf(groupOf(3), scene.source);

    expect(await result.get({ propagate: false })).toEqual(['a', new RangeError('!second'), 'c']);
  });

  test('has its timeout for all together', async () => {
    await using scene = await started();
    await scene.start([
      ['a', 4],
      ['b', 8],
      ['c', 12],
    ]);
    const result = resultOf(groupOf(3), scene.source);
    const start = scene.cloud.clock.now();

    const waiting = result.get({ timeout: '10s' });

    await expect(waiting).rejects.toThrow(TimeoutError);
    await expect(waiting).rejects.toThrow(
      'Of 3 results 1 were not known to be ready within 10s; the first is that of task g:2, its state is PENDING.',
    );
    expect(scene.cloud.clock.now() - start).toBe(10_000);
    expect(await result.get({ timeout: 10 })).toEqual(['a', 'b', 'c']);
  });

  test('stops waiting when its signal aborts', async () => {
    await using scene = await started({ handler: false });
    const result = resultOf(groupOf(2), scene.source);

    await expect(result.get({ signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
  });

  test('tells how far it has come', async () => {
    await using scene = await started();
    await scene.start([['a'], ['b', 4], ['!c', 8]]);
    const result = group(resultOf(groupOf(3), scene.source));
    const ask = () =>
      Promise.all([
        result.ready(),
        result.waiting(),
        result.successful(),
        result.failed(),
        result.completedCount(),
      ]);

    await scene.cloud.advance('2s');
    expect(await ask()).toEqual([false, true, false, false, 1]);
    await result.maybeThrow();
    await scene.cloud.advance('3s');
    expect(await ask()).toEqual([false, true, false, false, 2]);
    await scene.cloud.advance('5s');
    expect(await ask()).toEqual([true, false, false, true, 2]);
    await expect(result.maybeThrow()).rejects.toThrow('!c');
  });

  test('of successes is successful', async () => {
    await using scene = await started();
    await scene.start([[1], [2]]);
    const result = group(resultOf(groupOf(2), scene.source));
    await result.get();

    expect(await Promise.all([result.successful(), result.failed(), result.waiting()])).toEqual([
      true,
      false,
      false,
    ]);
  });

  test('with a revoked member is ready, but neither successful nor failed', async () => {
    await using scene = await started({ handler: false });
    await store(scene.cloud, { 'g:0': { result: 1 }, 'g:1': revoked });
    const result = group(resultOf(groupOf(2), scene.source));

    expect(await Promise.all([result.ready(), result.successful(), result.failed()])).toEqual([
      true,
      false,
      false,
    ]);
    await expect(result.get()).rejects.toThrow(TaskRevokedError);
    await expect(result.maybeThrow()).rejects.toThrow(TaskRevokedError);
  });

  test('is not waited for inside a task', async () => {
    await using scene = await started();
    const { app, source } = scene;
    await scene.start([[1], [2]]);
    const waiting = app.task('waiting', () => resultOf(groupOf(2), source).get());
    const insisting = app.task('insisting', () =>
      resultOf(groupOf(2), source).get({ disableSyncSubtasks: false }),
    );

    await expect((await waiting.delay()).get()).rejects.toThrow(WaitInsideTaskError);
    expect(await (await insisting.delay()).get()).toEqual([1, 2]);
  });

  test('decodes values by the schemas of its tasks', async () => {
    const app = new Tallo('groups');
    await using _cloud = memoryCloud(app);
    const date = z.codec(z.string(), z.date(), {
      decode: (text) => new Date(text),
      encode: (value) => value.toISOString(),
    });
    const task = app.task('when', { result: date }, () => new Date(0));
    await task.applyAsync([], { taskId: 'a' });

    const result = resultOf(groupSignature([frozen('a', 'when')], { task_id: 'g' }), resultSource(app));

    expect(await result.get()).toEqual([new Date(0)]);
  });

  test('forgets its members and the steps before, each once', async () => {
    await using scene = await started({ handler: false });
    await store(scene.cloud, { a: {}, h: {}, 'g:0': {}, 'g:1': {}, 'other:0': {} });
    const deleted: string[] = [];
    const remove = scene.cloud.table.delete.bind(scene.cloud.table);
    scene.cloud.table.delete = (id) => {
      deleted.push(id);
      return remove(id);
    };
    const chord = chordSignature({
      header: groupSignature([frozen('h')], { task_id: 'hs' }),
      body: groupOf(2),
    });
    const result = resultOf(chainSignature([frozen('a'), chord]), scene.source);

    await result.forget();

    expect(deleted.toSorted()).toEqual(['a', 'g:0', 'g:1', 'h'].map(taskMetaKey).toSorted());
    expect(scene.cloud.table.rows().map(({ id }) => id)).toEqual([taskMetaKey('other:0')]);
    expect(await result.ready()).toBe(false);
  });

  test('member alone can be forgotten without the steps before', async () => {
    await using scene = await started({ handler: false });
    await store(scene.cloud, { a: {}, b: {} });
    const result = resultOf(chainSignature([frozen('a'), frozen('b')]), scene.source);

    await result.forget({ followParents: false });
    expect(scene.cloud.table.rows().map(({ id }) => id)).toEqual([taskMetaKey('a')]);
    await result.forget();
    expect(scene.cloud.table.rows()).toEqual([]);
  });
});

describe('waiting for a large group', () => {
  test('of 1,000 costs ten requests per look, on multiples of the interval', async () => {
    const app = new Tallo('groups');
    await using cloud = memoryCloud(app, { handler: false });
    const noted = noteReads(cloud);

    await resultOf(groupOf(1_000), resultSource(app))
      .get({ timeout: 33, interval: 1 })
      .catch(() => undefined);

    expect(noted.perLook()).toEqual([0, 1, 2, 4, 8, 16, 24, 32, 33].map((at) => [at * 1_000, 10]));
    expect(noted.reads.every(({ rows }) => rows === 100)).toBe(true);
  });

  test('never reads again what is ready', async () => {
    const app = new Tallo('groups');
    await using cloud = memoryCloud(app, { handler: false });
    await storeMembers(cloud, 0, 990);
    const noted = noteReads(cloud);
    const result = resultOf(groupOf(1_000), resultSource(app));

    const waiting = result.get({ timeout: 4, interval: 1 });
    await expect(waiting).rejects.toThrow('Of 1000 results 10 were');
    await storeMembers(cloud, 990, 1_000);
    const values = await result.get();

    expect(values).toEqual(Array.from({ length: 1_000 }, (_, i) => i));
    expect(noted.perLook()).toEqual([
      [0, 10],
      [1_000, 1],
      [2_000, 1],
      [4_000, 2],
    ]);
    expect(noted.rows()).toBe(1_000 + 4 * 10);
  });

  test('of more than 1,000 looks at the first 1,000 that are not ready', async () => {
    const app = new Tallo('groups');
    await using cloud = memoryCloud(app, { handler: false });
    await storeMembers(cloud, 1, 500);
    const noted = noteReads(cloud);
    const result = resultOf(groupOf(2_500), resultSource(app));

    const waiting = result.get({ interval: 1 });
    await cloud.clock.sleep(1_500);
    await storeMembers(cloud, 0, 2_500);

    expect(await waiting).toHaveLength(2_500);
    // At the third look the 2,001 that are left are all there: 1,000 by 1,000, at once.
    expect(noted.perLook()).toEqual([
      [0, 10],
      [1_000, 10],
      [2_000, 21],
    ]);
    expect(noted.rows()).toBe(1_000 + 1_000 + 2_001);
  });

  test('that is ready reads each row once and needs no time', async () => {
    const app = new Tallo('groups');
    await using cloud = memoryCloud(app, { handler: false });
    await storeMembers(cloud, 0, 5_000);
    const noted = noteReads(cloud);
    const result = group(resultOf(groupOf(5_000), resultSource(app)));

    expect(await result.get({ timeout: 0 })).toHaveLength(5_000);
    expect(await result.completedCount()).toBe(5_000);
    expect([noted.reads.length, noted.rows()]).toEqual([50, 5_000]);
  });

  test('asks no further than it needs to know whether all is ready', async () => {
    const app = new Tallo('groups');
    await using cloud = memoryCloud(app, { handler: false });
    const noted = noteReads(cloud);
    const result = group(resultOf(groupOf(5_000), resultSource(app)));

    expect([await result.ready(), await result.successful()]).toEqual([false, false]);
    expect(noted.reads).toHaveLength(20);
  });

  test('reads the step before its members once per look', async () => {
    const app = new Tallo('groups');
    await using cloud = memoryCloud(app, { handler: false });
    const noted = noteReads(cloud);

    await resultOf(chainSignature([frozen('a'), groupOf(1_000)]), resultSource(app))
      .get({ timeout: 1, interval: 1 })
      .catch(() => undefined);

    expect(noted.perLook()).toEqual([
      [0, 11],
      [1_000, 11],
    ]);
    expect(noted.rows()).toBe(2 * 1_001);
  });

  test('of chains costs no more, although each has steps of its own', async () => {
    const app = new Tallo('groups');
    await using cloud = memoryCloud(app, { handler: false });
    const noted = noteReads(cloud);
    const chains = Array.from({ length: 1_000 }, (_, i) =>
      chainSignature([frozen(`a${i}`), frozen(`b${i}`), frozen(`c${i}`)]),
    );

    const waiting = resultOf(groupSignature(chains, { task_id: 'g' }), resultSource(app)).get();
    await cloud.clock.sleep(100);
    for (let i = 0; i < 1_000; i += 1) await store(cloud, { [`c${i}`]: { result: i } });

    expect(await waiting).toHaveLength(1_000);
    expect(noted.perLook()[0]).toEqual([0, 11]);
    expect(noted.reads.filter(({ at }) => at > 0).length).toBeLessThan(40);
  });

  test('reads a step that chains share once', async () => {
    const app = new Tallo('groups');
    await using cloud = memoryCloud(app, { handler: false });
    const noted = noteReads(cloud);
    const chains = Array.from({ length: 500 }, (_, i) => chainSignature([frozen(`b${i}`), frozen(`c${i}`)]));
    const chain = chainSignature([frozen('a'), groupSignature(chains, { task_id: 'g' })]);

    await resultOf(chain, resultSource(app))
      .get({ timeout: 0 })
      .catch(() => undefined);

    expect(noted.rows()).toBe(1 + 2 * 500);
  });

  test('of a long chain costs one request per look', async () => {
    const app = new Tallo('groups');
    await using cloud = memoryCloud(app, { handler: false });
    const noted = noteReads(cloud);
    const steps = Array.from({ length: 300 }, (_, i) => frozen(`s${i}`));
    const result = resultOf(chainSignature(steps), resultSource(app));

    await result.get({ timeout: 1, interval: 1 }).catch(() => undefined);

    expect(noted.reads.map(({ rows }) => rows)).toEqual([100, 100]);
    expect(noted.reads[0]?.keys).toContain(taskMetaKey('s299'));
    expect(noted.reads[0]?.keys).toContain(taskMetaKey('s0'));
  });
});

describe('a failed step before', () => {
  const chord = chordSignature({ header: groupOf(3), body: frozen('body') });

  async function stored(metas: Readonly<Record<string, Partial<TaskMeta>>>) {
    const app = new Tallo('groups');
    const cloud = memoryCloud(app, { handler: false });
    await store(cloud, metas);
    return { app, cloud, source: resultSource(app), [Symbol.asyncDispose]: () => cloud.stop() };
  }

  test.each([
    ['failed', failure('RangeError', 'a'), RangeError],
    ['was revoked', revoked, TaskRevokedError],
  ])('that %s is what get throws, although the last step was never run', async (_what, meta, error) => {
    await using scene = await stored({ a: meta });
    const result = resultOf(chainSignature([frozen('a'), frozen('b'), frozen('c')]), scene.source);

    await expect(result.get()).rejects.toThrow(error);
    expect(await result.get({ propagate: false })).toBeInstanceOf(error);
  });

  test('is noticed while waiting, with the same request', async () => {
    await using scene = await stored({});
    const noted = noteReads(scene.cloud);
    const result = resultOf(chainSignature([frozen('a'), frozen('b')]), scene.source);

    const waiting = result.get({ interval: 1 });
    await scene.cloud.clock.sleep(1_500);
    await store(scene.cloud, { a: failure('RangeError', 'a') });

    await expect(waiting).rejects.toThrow(new RangeError('a'));
    expect(noted.reads.map(({ at, rows }) => [at, rows])).toEqual([
      [0, 2],
      [1_000, 2],
      [2_000, 2],
    ]);
  });

  test('that is ready is not read again', async () => {
    await using scene = await stored({ a: {} });
    const noted = noteReads(scene.cloud);
    const result = resultOf(chainSignature([frozen('a'), frozen('b')]), scene.source);

    await result.get({ timeout: 1, interval: 1 }).catch(() => undefined);

    expect(noted.reads.map(({ rows }) => rows)).toEqual([2, 1]);
  });

  test('nearest the root is the one that counts', async () => {
    await using scene = await stored({
      a: {},
      b: failure('RangeError', 'b'),
      c: failure('TypeError', 'c'),
      d: failure('SyntaxError', 'd'),
    });
    const chain = chainSignature(['a', 'b', 'c', 'd', 'e'].map((id) => frozen(id)));
    const last = resultOf(chain, scene.source);

    await expect(last.get()).rejects.toThrow(new RangeError('b'));
    await expect(last.parent?.get()).rejects.toThrow(new RangeError('b'));
  });

  test('does not count with followParents: false', async () => {
    await using scene = await stored({ a: failure('RangeError', 'a'), b: failure('TypeError', 'b') });
    const result = resultOf(chainSignature([frozen('a'), frozen('b'), frozen('c')]), scene.source);
    const noted = noteReads(scene.cloud);

    await expect(result.parent?.get({ followParents: false })).rejects.toThrow(new TypeError('b'));
    await expect(result.get({ followParents: false, timeout: 1 })).rejects.toThrow(TimeoutError);
    expect(noted.reads.every(({ rows }) => rows === 1)).toBe(true);
  });

  test('does not matter to a result that is there', async () => {
    await using scene = await stored({ a: failure('RangeError', 'a'), b: { result: 7 } });

    expect(await resultOf(chainSignature([frozen('a'), frozen('b')]), scene.source).get()).toBe(7);
  });

  test('in a header is thrown itself, and only who has nothing but the id gets the ChordError', async () => {
    await using scene = await stored({
      'g:0': { result: 1 },
      'g:1': failure('RangeError', 'boom'),
      'g:2': failure('TypeError', 'later'),
      body: chordError,
    });

    await expect(resultOf(chord, scene.source).get()).rejects.toThrow(new RangeError('boom'));
    expect(await resultOf(chord, scene.source).get({ propagate: false })).toEqual(new RangeError('boom'));
    await expect(scene.app.AsyncResult('body').get()).rejects.toMatchObject({ name: 'ChordError' });
  });

  test('in a header whose rows are gone leaves the ChordError', async () => {
    await using scene = await stored({ body: chordError });

    await expect(resultOf(chord, scene.source).get()).rejects.toMatchObject({ name: 'ChordError' });
  });

  test('in a header is not looked for before the body has failed', async () => {
    await using scene = await stored({ 'g:1': failure('RangeError', 'boom') });
    const noted = noteReads(scene.cloud);
    const result = resultOf(chainSignature([frozen('a'), chord]), scene.source);

    const waiting = result.get({ interval: 1 });
    await scene.cloud.clock.sleep(1_500);
    await store(scene.cloud, { a: {}, body: chordError });

    await expect(waiting).rejects.toThrow('boom');
    // The body and the step before, three times; then the header.
    expect(noted.reads.map(({ rows }) => rows)).toEqual([2, 2, 2, 3]);
  });

  test('behind a chord whose header failed gives what the member threw', async () => {
    await using scene = await stored({ 'g:1': failure('RangeError', 'boom'), body: chordError });

    const result = resultOf(chainSignature([chord, frozen('next')]), scene.source);

    await expect(result.get()).rejects.toThrow(new RangeError('boom'));
  });

  test('in the header of a chord in a header is found', async () => {
    await using scene = await stored({
      'g:0': {},
      'g:1': {},
      'g:2': failure('RangeError', 'boom'),
      body: chordError,
      outer: chordError,
    });
    const header = groupSignature([frozen('x'), chord], { task_id: 'h' });

    const result = resultOf(chordSignature({ header, body: frozen('outer') }), scene.source);

    await expect(result.get()).rejects.toThrow(new RangeError('boom'));
  });

  test('is what every member of a group gets that never ran', async () => {
    await using scene = await stored({ a: failure('RangeError', 'a'), 'g:2': { result: 3 } });
    const result = resultOf(chainSignature([frozen('a'), groupOf(3)]), scene.source);

    await expect(result.get()).rejects.toThrow(new RangeError('a'));
    expect(await result.get({ propagate: false })).toEqual([new RangeError('a'), new RangeError('a'), 3]);
  });

  test('is looked for once, however many members failed', async () => {
    const members = Array.from({ length: 300 }, (_, i) => [memberId('h', i), failure('TypeError', 'x')]);
    await using scene = await stored(Object.fromEntries(members));
    const noted = noteReads(scene.cloud);
    // What was in the header is not known any more.
    const both = chordSignature({ header: groupOf(1_000), body: groupOf(300, 'h') });

    const values = await resultOf(both, scene.source).get({ propagate: false });

    expect(values).toEqual(Array.from({ length: 300 }, () => new TypeError('x')));
    expect(noted.reads).toHaveLength(3 + 10);
  });

  test('is looked for among all steps with one request', async () => {
    await using scene = await stored({ e: failure('TypeError', 'e') });
    const noted = noteReads(scene.cloud);
    const chain = chainSignature(['a', 'b', 'c', 'd', 'e'].map((id) => frozen(id)));

    await expect(resultOf(chain, scene.source).get()).rejects.toThrow(new TypeError('e'));
    expect(noted.reads.map(({ rows }) => rows)).toEqual([5, 4]);
  });

  test('that is known needs no cloud', async () => {
    const source = {
      ...resultSource(new Tallo('groups')),
      connect: () => Promise.reject(new Error('there is no cloud')),
    };
    const known = (id: string, meta: Partial<TaskMeta>, parent: Result | null = null) =>
      new AsyncResult(id, source, { parent, meta: { ...pendingMeta(id), ...meta } });
    const a = known('a', failure('RangeError', 'a'));
    const unknown = new AsyncResult('b', source, { parent: a });
    const c = known('c', failure('RangeError', 'a'), unknown);
    const good = known('d', { state: 'SUCCESS', result: 1 }, unknown);
    const both = new GroupResult('g', source, { results: [good, c] });

    await expect(c.get()).rejects.toThrow(new RangeError('a'));
    expect(await good.get()).toBe(1);
    expect(await both.get({ propagate: false })).toEqual([1, new RangeError('a')]);
  });
});

describe('a tuple', () => {
  const source = resultSource(new Tallo('groups'));

  test('names a result and the steps before it', () => {
    const result = resultOf(chainSignature([frozen('a'), frozen('b')]), source);

    expect(result.asTuple()).toEqual([['b', [['a', null], null]], null]);
    expect(JSON.parse(JSON.stringify({ result }))).toEqual({ result: result.asTuple() });
  });

  test('names a group and its members, as Celery does', () => {
    const members = [taskSignature('t', {}), chainSignature([frozen('x'), groupOf(1, 'inner')])];
    const chain = chainSignature([frozen('a'), groupSignature(members, { task_id: 'g' })]);
    const a = [['a', null], null];
    const inner = [['inner', [['x', null], null]], [[['inner:0', null], null]]];

    const result = resultOf(chain, source);

    expect(result.asTuple()).toEqual([
      ['g', a],
      [[['g:0', null], null], inner],
    ]);
    expect(JSON.parse(JSON.stringify(result))).toEqual(result.asTuple());
  });

  test('makes the same handles again, and what members share is one object', () => {
    const members = [taskSignature('t', {}), chainSignature([frozen('x'), groupOf(2, 'inner')])];
    const header = groupSignature(members, { task_id: 'h' });
    const chain = chainSignature([frozen('a'), chordSignature({ header, body: groupOf(2) })]);
    const tuple = resultOf(chain, source).asTuple();

    const result = group(resultFromTuple(tuple, source));

    expect(result.asTuple()).toEqual(tuple);
    expect(result.results.map((member) => member.parent)).toEqual([result.parent, result.parent]);
    expect(result.results[0]?.parent).toBe(result.parent);
    const restoredHeader = result.parent && group(result.parent);
    expect(restoredHeader?.results.map(idsUp)).toEqual([
      ['h:0', 'a'],
      ['inner', 'x', 'a'],
    ]);
    expect(restoredHeader?.results[0]?.parent).toBe(restoredHeader?.parent);
  });

  test('of members that name the parent which they share gives it as one object', () => {
    const a = [['a', null], null];
    const tuple: Json = [
      ['g', a],
      [
        [['g:0', a], null],
        [['y', [['x', a], null]], null],
      ],
    ];

    const result = group(resultFromTuple(tuple, source));

    expect(result.results[0]?.parent).toBe(result.parent);
    expect(result.results[1]?.parent?.parent).toBe(result.parent);
  });

  test('may give an id alone, as Celery allows', () => {
    expect(resultFromTuple(['a', null], source).asTuple()).toEqual([['a', null], null]);
    expect(resultFromTuple(['g', ['x', ['y', null]].map((id) => [id, null])], source).id).toBe('g');
  });

  test('stays small, whatever came before: groups behind groups', () => {
    const stages = Array.from({ length: 20 }, (_, i) => groupOf(50, `g${i}`));
    const chords = stages.reduceRight<SignatureJson>(
      (body, header) => chordSignature({ header, body }),
      groupOf(1_000, 'last'),
    );

    expect(JSON.stringify(resultOf(chords, source)).length).toBeLessThan(60_000);
  });

  test('of a long chain names the nearest steps, as deep as JSON may be read', () => {
    const steps = Array.from({ length: 5_000 }, (_, i) => frozen(`s${i}`));
    const result = resultOf(chainSignature([...steps, groupOf(2)]), source);

    const tuple = parseJson(JSON.stringify(result), 'a tuple');

    expect(idsUp(resultFromTuple(tuple, source)).slice(0, 3)).toEqual(['g', 's4999', 's4998']);
    expect(idsUp(resultFromTuple(tuple, source))).toHaveLength(201);
  });

  test.each([[null], ['x'.repeat(0)], [[]], [{}], [[[], null]], [[[1, null], null]], [5]])(
    'is refused when it is none: %j',
    (json) => {
      expect(() => resultFromTuple(json as Json, source)).toThrow(DecodeError);
    },
  );
});

describe('children', () => {
  test('are handles of tasks and of groups, with their parents', async () => {
    const app = new Tallo('groups');
    await using cloud = memoryCloud(app, { handler: false });
    const children: Json[] = [
      [['c', [['b', null], null]], null],
      [
        ['g', null],
        [
          [['g:0', null], null],
          [['g:1', null], null],
        ],
      ],
      'nonsense that is no tuple'.split(' ').slice(9),
    ];
    await store(cloud, { a: { children }, 'g:0': { result: 1 }, 'g:1': { result: 2 } });

    const [first, second, ...others] = await app.AsyncResult('a').children();

    expect(first && idsUp(first)).toEqual(['c', 'b']);
    expect(await second?.get()).toEqual([1, 2]);
    expect(others).toEqual([]);
  });

  /** `root` has started `a` and the group `g` of two; `a` has started `b`. */
  async function tree(metas: Readonly<Record<string, Partial<TaskMeta>>> = {}) {
    const app = new Tallo('groups');
    const cloud = memoryCloud(app, { handler: false });
    const g: Json = [['g', null], ['g:0', 'g:1'].map((id) => [[id, null], null])];
    await store(cloud, {
      root: { result: 'r', name: 'top', children: [[['a', null], null], g] },
      a: { result: 'a', children: [[['b', null], null]] },
      b: { result: 'b' },
      'g:0': { result: 0 },
      'g:1': { result: 1 },
      ...metas,
    });
    return { app, cloud, root: app.AsyncResult('root'), [Symbol.asyncDispose]: () => cloud.stop() };
  }

  test('can be walked, level by level', async () => {
    await using scene = await tree();

    const steps = (await listed(scene.root.iterdeps())).map(([parent, { id }]) => [parent?.id, id]);

    expect(steps).toEqual([
      [undefined, 'root'],
      ['root', 'a'],
      ['root', 'g'],
      ['a', 'b'],
      ['g', 'g:0'],
      ['g', 'g:1'],
    ]);
  });

  test('can be collected with their values, waiting for each', async () => {
    await using scene = await tree({ 'g:1': { state: 'STARTED' } });
    const collected = listed(scene.root.collect());
    await scene.cloud.clock.sleep(5_000);
    await store(scene.cloud, { 'g:1': { result: 1 } });

    expect((await collected).map(([{ id }, value]) => [id, value])).toEqual([
      ['root', 'r'],
      ['a', 'a'],
      ['g', [0, 1]],
      ['b', 'b'],
      ['g:0', 0],
      ['g:1', 1],
    ]);
    expect(await scene.root.getLeaf()).toBe(1);
  });

  test('are not collected without end, nor when one has failed', async () => {
    await using scene = await tree({ b: { state: 'STARTED' } });

    await expect(scene.root.getLeaf({ timeout: 1 })).rejects.toThrow(TimeoutError);
    await store(scene.cloud, { b: failure('RangeError', 'b') });
    await expect(scene.root.getLeaf()).rejects.toThrow(new RangeError('b'));
    expect(await scene.root.getLeaf({ propagate: false })).toBe(1);
  });

  test('are a graph of plain data', async () => {
    await using scene = await tree();

    const { nodes, edges } = await scene.root.graph();

    expect(nodes.slice(0, 3)).toEqual([
      { id: 'root', kind: 'task', state: 'SUCCESS', name: 'top' },
      { id: 'a', kind: 'task', state: 'SUCCESS', name: null },
      { id: 'g', kind: 'group', state: null, name: null },
    ]);
    expect(edges.map(({ from, to }) => `${from} ${to}`)).toEqual([
      'root a',
      'root g',
      'a b',
      'g g:0',
      'g g:1',
    ]);
  });

  test('of what is not ready are not known, unless those known so far are enough', async () => {
    await using scene = await tree({ a: { state: 'STARTED', children: [] } });

    await expect(scene.root.graph()).rejects.toThrow(TimeoutError);
    const { nodes } = await scene.root.graph({ intermediate: true });
    expect(nodes.map(({ id }) => id)).toEqual(['root', 'a', 'g', 'g:0', 'g:1']);
  });

  test('may be their own parents', async () => {
    await using scene = await tree({ b: { result: 'b', children: [[['root', null], null]] } });

    expect((await scene.root.graph()).nodes).toHaveLength(6);
  });

  test('are read a hundred with one request', async () => {
    await using scene = await tree();
    const ids = Array.from({ length: 500 }, (_, i) => `c${i}`);
    await store(scene.cloud, {
      root: { children: ids.map((id) => [[id, null], null]) },
      ...Object.fromEntries(ids.map((id) => [id, { result: id }])),
    });
    const noted = noteReads(scene.cloud);

    expect(await listed(scene.root.collect())).toHaveLength(501);
    expect(noted.reads).toHaveLength(1 + 5);
  });
});

describe('maybeThrow', () => {
  test('throws what the task threw, or gives what there is', async () => {
    const app = new Tallo('groups');
    await using cloud = memoryCloud(app, { handler: false });
    await store(cloud, { good: { result: 5 }, bad: failure('RangeError', 'x') });

    expect(await app.AsyncResult('good').maybeThrow()).toBe(5);
    expect(await app.AsyncResult('nobody').maybeThrow()).toBeNull();
    await expect(app.AsyncResult('bad').maybeThrow()).rejects.toThrow(new RangeError('x'));
  });

  test('throws an error also for a failure that stored none', async () => {
    const app = new Tallo('groups');
    await using cloud = memoryCloud(app, { handler: false });
    await store(cloud, { bad: { state: 'FAILURE' } });

    await expect(app.AsyncResult('bad').maybeThrow()).rejects.toBeInstanceOf(Error);
    await expect(app.AsyncResult('bad').get()).rejects.toBeInstanceOf(Error);
  });
});

describe('a group that is saved', () => {
  async function saved() {
    const app = new Tallo('groups', { resultExpires: '1h' });
    const cloud = memoryCloud(app, { handler: false });
    await store(cloud, { 'g:0': { result: 1 }, 'g:1': { result: 2 } });
    const result = group(resultOf(chainSignature([frozen('a'), groupOf(2)]), resultSource(app)));
    return { app, cloud, result, [Symbol.asyncDispose]: () => cloud.stop() };
  }

  const rowOf = (cloud: MemoryCloud) => cloud.table.rows().find(({ id }) => id === groupMetaKey('g'));

  test('stands in the row where Celery looks for it', async () => {
    await using scene = await saved();

    await scene.result.save();

    const row = rowOf(scene.cloud);
    expect(row).toMatchObject({
      id: "b'celery-taskset-meta-g'",
      timestamp: 1_767_225_600,
      ttl: 1_767_225_600 + 3_600,
    });
    expect(new TextDecoder().decode(row?.result as Uint8Array)).toBe(
      '{"result":[["g",[["a",null],null]],[[["g:0",null],null],[["g:1",null],null]]]}',
    );
  });

  test('is found again by its id', async () => {
    await using scene = await saved();
    await scene.result.save();

    const restored = await scene.app.restoreGroup<[number, number]>('g');

    expect(restored).toBeInstanceOf(GroupResult);
    expect(await restored?.get()).toEqual([1, 2]);
    expect(restored?.parent?.id).toBe('a');
    expect(await scene.app.restoreGroup('nobody')).toBeNull();
  });

  test('can be deleted, its results stay', async () => {
    await using scene = await saved();
    await scene.result.save();

    await scene.result.delete();

    expect(await scene.app.restoreGroup('g')).toBeNull();
    expect(await scene.result.get()).toEqual([1, 2]);
  });

  test('is gone when its time is over, although the table may still have it', async () => {
    await using scene = await saved();
    await scene.result.save();

    await scene.cloud.advance('59m');
    expect(await scene.app.restoreGroup('g')).not.toBeNull();
    await scene.cloud.advance('2m');
    expect(await scene.app.restoreGroup('g')).toBeNull();
    expect(rowOf(scene.cloud)).toBeDefined();
  });

  test('by Python is found', async () => {
    await using scene = await saved();
    const json =
      '{"result": [["g", [["p", null], null]], [[["g:0", null], null], [["in", null], [[["g:1", null], null]]]]]}';
    await scene.cloud.table.put({
      id: groupMetaKey('g'),
      result: new TextEncoder().encode(json),
      timestamp: 1_767_225_600.25,
    });

    const restored = await scene.app.restoreGroup('g');

    expect(await restored?.get()).toEqual([1, [2]]);
    expect(restored?.results[1]?.parent?.id).toBe('p');
  });

  test.each([
    ['text', 'text'],
    ['the result of a task', new TextEncoder().encode('{"result":[["a",null],null]}')],
    ['a list', new TextEncoder().encode('[]')],
  ])('is none when its row holds %s', async (_what, result) => {
    await using scene = await saved();
    await scene.cloud.table.put({ id: groupMetaKey('g'), result });

    expect(readGroupMeta({ id: groupMetaKey('g'), result })).toBeUndefined();
    expect(await scene.app.restoreGroup('g')).toBeNull();
  });

  test('leaves what else stands in its row', async () => {
    await using scene = await saved();
    await scene.cloud.table.put({ id: groupMetaKey('g'), parts: new Set([1, 2]) });

    await scene.result.save();

    expect(rowOf(scene.cloud)).toMatchObject({ parts: new Set([1, 2]), timestamp: 1_767_225_600 });
  });

  test('must fit into one row', async () => {
    await using scene = await saved();
    const source = resultSource(scene.app);
    const large = (size: number) => group(resultOf(groupOf(size, 'f'.repeat(36)), source)).save();

    await large(6_900);
    await expect(large(8_000)).rejects.toThrow(PayloadTooLargeError);
    await expect(large(8_000)).rejects.toThrow(/400000 bytes, got 4\d{5}\. Save several smaller groups/);
    // A text of megabytes is not even made.
    await expect(large(100_000)).rejects.toThrow(/got 400\d{3}\./);
    const accented = groupOf(5_000, 'ñ'.repeat(36));
    await expect(group(resultOf(accented, source)).save()).rejects.toThrow(PayloadTooLargeError);
  });

  test('that cannot be stored or read says so, with the reason', async () => {
    await using scene = await saved();
    const { table } = scene.cloud;
    const cause = new RangeError('throttled');
    table.change = () => Promise.reject(cause);
    table.read = () => Promise.reject(cause);
    table.delete = () => Promise.reject(cause);

    await expect(scene.result.save()).rejects.toThrow(OperationalError);
    await expect(scene.result.save()).rejects.toThrow('Saving group g failed after one attempt: RangeError');
    await expect(scene.result.delete()).rejects.toThrow('Deleting group g failed');
    await expect(scene.app.restoreGroup('g')).rejects.toMatchObject({
      message: 'Restoring group g failed after one attempt: RangeError: throttled',
      cause,
    });
    const ours = new ConfigurationError('no such table');
    table.delete = () => Promise.reject(ours);
    await expect(scene.result.delete()).rejects.toBe(ours);
  });

  test('can be made of any results', async () => {
    await using scene = await saved();
    const { app } = scene;
    const results = [app.AsyncResult<number>('g:1'), app.AsyncResult<number>('g:0')];

    await app.GroupResult<[number, number]>('mine', results).save();

    expect(await (await app.restoreGroup('mine'))?.get()).toEqual([2, 1]);
    expect(() => app.GroupResult('', results)).toThrow(ConfigurationError);
    await expect(app.restoreGroup('')).rejects.toThrow(ConfigurationError);
  });
});

describe('a set of results', () => {
  async function scene() {
    const app = new Tallo('groups');
    const cloud = memoryCloud(app, { handler: false });
    await store(cloud, { a: { result: 1 }, b: { result: 2 }, c: failure('RangeError', 'c') });
    return { app, cloud, [Symbol.asyncDispose]: () => cloud.stop() };
  }

  test('has each result once, in the order in which they came', async () => {
    await using it = await scene();
    const { app } = it;
    const first = app.AsyncResult<number>('a');
    const set = app.ResultSet([first]);

    set.add(app.AsyncResult('a'));
    set.update([app.AsyncResult('b'), app.AsyncResult('a')]);

    expect(set).toBeInstanceOf(ResultSet);
    expect([set.length, [...set].map(({ id }) => id)]).toEqual([2, ['a', 'b']]);
    expect(set.results[0]).toBe(first);
    expect(await set.get()).toEqual([1, 2]);
    expect(await set.completedCount()).toBe(2);
  });

  test('gives results away again', async () => {
    await using it = await scene();
    const { app } = it;
    const set = app.ResultSet(['a', 'b', 'c'].map((id) => app.AsyncResult(id)));

    set.remove('a');
    set.remove(app.AsyncResult('b'));
    set.discard('b');

    expect(set.results.map(({ id }) => id)).toEqual(['c']);
    expect(() => set.remove('b')).toThrow(ConfigurationError);
    await expect(set.get()).rejects.toThrow(new RangeError('c'));
    set.clear();
    expect(await set.get()).toEqual([]);
  });

  test('holds groups too', async () => {
    await using it = await scene();
    const { app } = it;
    const inner = app.GroupResult('a', [app.AsyncResult('a'), app.AsyncResult('c')]);
    const set = app.ResultSet([app.AsyncResult('a'), inner]);

    expect(await set.get({ propagate: false })).toEqual([1, [1, new RangeError('c')]]);
    expect([await set.completedCount(), await set.failed()]).toEqual([1, true]);
    await set.forget();
    expect(it.cloud.table.rows().map(({ id }) => id)).toEqual([taskMetaKey('b')]);
  });
});

test('the types of values are known', () => {
  const app = new Tallo('groups');
  const pair = app.GroupResult<[number, string]>('g', []);
  const set = app.ResultSet([app.AsyncResult<number>('a'), app.AsyncResult<string>('b'), pair]);
  const asked = async () => ({
    values: await pair.get(),
    joined: await pair.join({ timeout: 1 }),
    settled: await pair.get({ propagate: false }),
    restored: await (await app.restoreGroup<[number, string]>('g'))?.get(),
    set: await set.get(),
    unknown: await app.GroupResult('x', []).get(),
  });

  type Asked = Awaited<ReturnType<typeof asked>>;
  expectTypeOf<Asked['values']>().toEqualTypeOf<[number, string]>();
  expectTypeOf<Asked['joined']>().toEqualTypeOf<[number, string]>();
  expectTypeOf<Asked['settled']>().toEqualTypeOf<[number | Error, string | Error]>();
  expectTypeOf<Asked['restored']>().toEqualTypeOf<[number, string] | undefined>();
  expectTypeOf<Asked['set']>().toEqualTypeOf<(number | string | [number, string])[]>();
  expectTypeOf<Asked['unknown']>().toEqualTypeOf<unknown[]>();
});
