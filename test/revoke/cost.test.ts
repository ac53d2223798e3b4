import { type LogFields, type Logger, silentLogger, Tallo } from 'tallo';
import { consumer } from 'tallo/functions';
import { memoryCloud } from 'tallo/testing';
import { describe, expect, test } from 'vitest';
import { createRevokedOutbox } from '../../sdk/control/revoked-outbox.ts';
import { world } from './world.ts';

const ids = (count: number, name = 'call') => Array.from({ length: count }, (_, i) => `${name}-${i}`);

/** The pages of the list, and how many entries each has. */
function pagesOf({ table }: { table: ReturnType<typeof world>['cloud']['table'] }) {
  const rows = table.rows().filter(({ id }) => /^revoked-\d+$/.test(id));
  return rows.map(({ id, entries }) => [id, entries instanceof Set ? entries.size : 0]);
}

describe('where nothing is revoked', () => {
  test('a thousand tasks cost one read', async () => {
    await using w = world();

    await Promise.all(ids(1_000).map((name) => w.note.delay(name)));
    await w.cloud.untilIdle();

    expect(w.runs).toHaveLength(1_000);
    expect(w.cloud.table.requests).toEqual({ read: 1, put: 0, putAll: 100, change: 0, delete: 0 });
  });

  test('a process reads once per second while batches arrive', async () => {
    await using w = world();

    for (let i = 0; i < 50; i += 1) {
      await w.note.delay(`${i}`);
      await w.cloud.advance('100ms');
    }

    expect(w.runs).toHaveLength(50);
    expect(w.cloud.table.requests.read).toBe(5);
  });

  test('a process reads once per second while tasks run, and then no more', async () => {
    await using w = world();

    await Promise.all([w.sleepy.delay(20), w.sleepy.delay(20.5), w.sleepy.delay(20.9)]);
    await w.cloud.advance('1h');

    expect(w.cloud.table.requests.read).toBe(21);
  });

  test('a task shorter than a second costs nothing', async () => {
    await using w = world();

    await w.sleepy.delay(0.9);
    await w.cloud.advance('1h');

    expect(w.cloud.table.requests.read).toBe(1);
  });

  test('a look that takes its time is waited for, and not repeated meanwhile', async () => {
    // Batches that wait for the look of another one look busy to the clock.
    await using w = world({ patience: '20ms' });
    const { table, clock } = w.cloud;
    const read = table.read.bind(table);
    const looks: number[] = [];
    table.read = async (keys) => {
      looks.push(clock.now());
      await clock.sleep(2_500);
      return read(keys);
    };

    for (let i = 0; i < 8; i += 1) {
      await w.note.delay(`${i}`);
      await w.cloud.advance('300ms');
    }

    expect(w.runs).toEqual([]);
    expect(looks).toHaveLength(1);
    await w.cloud.untilIdle();
    expect(w.runs).toHaveLength(8);
  });

  test('a process that has nothing to do reads nothing', async () => {
    await using w = world();

    await w.cloud.advance('1d');

    expect(w.requests()).toBe(0);
  });
});

describe('to revoke', () => {
  test('one call costs four requests to the table and one to the timers', async () => {
    await using w = world({ handler: false });
    const { id } = await w.note.delay('a');
    const { find } = w.cloud.timers;
    let looks = 0;
    w.cloud.timers.find = (name) => {
      looks += 1;
      return find.call(w.cloud.timers, name);
    };

    await w.app.control.revoke(id);

    expect(w.cloud.table.requests).toEqual({ read: 2, put: 0, putAll: 0, change: 2, delete: 0 });
    expect(looks).toBe(1);
  });

  test('a hundred handles at once costs as much for the list', async () => {
    await using w = world({ handler: false });
    const results = await Promise.all(ids(100).map((name) => w.note.delay(name)));

    await Promise.all(results.map((result) => result.revoke()));

    expect(w.cloud.table.requests.change).toBe(2);
    expect(pagesOf(w.cloud)).toEqual([['revoked-0', 100]]);
  });

  test('and find it costs a worker two reads', async () => {
    await using w = world();
    await w.app.control.revoke('mine');
    const { read } = w.cloud.table.requests;

    await w.note.applyAsync(['a'], { taskId: 'mine' });
    await w.cloud.untilIdle();

    expect(w.cloud.table.requests.read - read).toBe(2);
  });
});

describe('a long list', () => {
  test('has pages of 500 entries, and a process that begins reads ten with one request', async () => {
    await using w = world();
    const many = ids(12_000);
    await w.app.control.revoke(many);
    expect(pagesOf(w.cloud)).toEqual(Array.from({ length: 24 }, (_, i) => [`revoked-${i}`, 500]));
    const { read } = w.cloud.table.requests;

    await Promise.all(many.map((taskId) => w.note.applyAsync([taskId], { taskId })));
    await w.cloud.untilIdle();

    expect(w.runs).toEqual([]);
    // The head, and three times pages.
    expect(w.cloud.table.requests.read - read).toBe(4);
  });

  test('is read on from the page that was the last, when something is added', async () => {
    await using w = world();
    await w.app.control.revoke(ids(1_200));
    await (await w.note.delay('warm')).get();
    const read: (readonly string[])[] = [];
    const { table } = w.cloud;
    const original = table.read.bind(table);
    table.read = (keys) => {
      read.push(keys);
      return original(keys);
    };

    await w.app.control.revoke(ids(400, 'more'), {});
    await w.cloud.advance('1s');
    read.length = 0;
    await Promise.all(
      ['more-0', 'more-399', 'call-0', 'call-1199'].map((taskId) => w.note.applyAsync(['x'], { taskId })),
    );
    await w.cloud.untilIdle();

    expect(w.runs).toEqual(['warm']);
    expect(read).toEqual([['revoked'], ['revoked-3', 'revoked-2']]);
  });

  test('takes large entries, up to 100 kB per page', async () => {
    await using w = world();
    const many = ids(400, 'x'.repeat(1_500));

    await w.app.control.revoke(many);

    const pages = pagesOf(w.cloud);
    expect(pages.length).toBe(7);
    expect(pages.reduce((sum, [, count]) => sum + Number(count), 0)).toBe(400);
    await w.note.applyAsync(['a'], { taskId: many[0] ?? '' });
    await w.cloud.untilIdle();
    expect(w.runs).toEqual([]);
  });

  test('is complete when many add to it at once', async () => {
    await using w = world();
    const many = ids(3_000);
    const groups = Array.from({ length: 10 }, (_, i) => many.slice(300 * i, 300 * i + 300));
    const apps = groups.map(() => new Tallo('rev'));
    for (const app of apps) app.connect(w.cloud);

    await Promise.all(groups.map((some, i) => apps[i]?.control.revoke(some)));
    await Promise.all(many.map((taskId) => w.note.applyAsync([taskId], { taskId })));
    await w.cloud.untilIdle();

    expect(w.runs).toEqual([]);
    const [head] = w.cloud.table.rows().filter(({ id }) => id === 'revoked');
    expect(head).toMatchObject({ version: 10, page: pagesOf(w.cloud).length - 1 });
  });

  test('has its pages turned once, also by one who is slow', async () => {
    await using w = world({ handler: false });
    const { table, clock } = w.cloud;
    const { promise: resumed, resolve: resume } = Promise.withResolvers<void>();
    const slow = createRevokedOutbox({
      clock,
      table: {
        ...{ read: table.read.bind(table), put: table.put.bind(table) },
        ...{ putAll: table.putAll.bind(table), delete: table.delete.bind(table) },
        change: async (...change) => {
          if (change[0] === 'revoked') await resumed;
          return table.change(...change);
        },
      },
    });
    const ofSlow = slow.add('{"id":"slow"}');
    await expect.poll(() => pagesOf(w.cloud)).toEqual([['revoked-0', 1]]);

    await w.app.control.revoke(ids(1_200));
    resume();
    await ofSlow;

    const [head] = table.rows().filter(({ id }) => id === 'revoked');
    expect(head).toEqual({ id: 'revoked', page: 3, version: 4 });
  });

  test('forgets entries after 15 days, also in a process that has lived on', async () => {
    await using w = world();
    await w.app.control.revoke(['old', ...ids(600)]);
    await (await w.note.delay('warm')).get();

    await w.cloud.advance('14d');
    await w.note.applyAsync(['14 days'], { taskId: 'old' });
    await w.cloud.advance('2d');
    await w.app.control.revoke('new');
    await w.cloud.advance('1s');
    await w.note.applyAsync(['16 days'], { taskId: 'old' });
    await w.note.applyAsync(['new'], { taskId: 'new' });
    await w.cloud.untilIdle();

    expect(w.runs).toEqual(['warm', '16 days']);
  });

  test('is read to where it has expired by a process that begins', async () => {
    await using w = world({ handler: false });
    await w.app.control.revoke(ids(10_000));
    await w.cloud.advance('16d');
    await w.app.control.revoke(ids(600, 'new'));
    const { read } = w.cloud.table.requests;
    const runs: string[] = [];
    w.app.task('see', (name: string) => runs.push(name));

    const handle = consumer(w.app, { log: silentLogger });
    const { sqsEvent } = await import('../../functions/event-source/sqs-event.ts');
    await w.app.sendTask('see', ['call'], { taskId: 'call-0' });
    await w.app.sendTask('see', ['new'], { taskId: 'new-599' });
    const messages = await w.cloud.queues.receive('rev-default', { max: 10, waitSeconds: 0 });
    const origin = { queueName: 'rev-default', region: 'memory', account: '000000000000' };
    await handle(sqsEvent(messages, origin), {} as never);

    expect(runs).toEqual(['call']);
    expect(w.cloud.table.requests.read - read).toBe(2);
  });

  test('of another table, which was made anew, is read from its beginning', async () => {
    await using w = world();
    await w.app.control.revoke(ids(1_200));
    await (await w.note.delay('warm')).get();
    for (const { id } of w.cloud.table.rows()) await w.cloud.table.delete(id);

    await w.app.control.revoke('mine');
    await w.cloud.advance('1s');
    await w.note.applyAsync(['a'], { taskId: 'mine' });
    await w.cloud.untilIdle();

    expect(w.runs).toEqual(['warm']);
  });
});

describe('when the list cannot be read', () => {
  test('a worker goes on with what it knows, says so, and looks again a second later', async () => {
    const warnings: (LogFields | undefined)[] = [];
    const log: Logger = { ...silentLogger, child: () => log, warn: (_, fields) => warnings.push(fields) };
    const app = new Tallo('rev');
    await using cloud = memoryCloud(app, { log });
    const runs: string[] = [];
    const note = app.task('note', { ignoreResult: true }, (name: string) => void runs.push(name));
    await app.control.revoke('known');
    await note.delay('warm');
    await cloud.advance('1s');
    const { read } = cloud.table;
    cloud.table.read = () => Promise.reject(new Error('the table has trouble'));
    await app.control.revoke({ task: 'other' }).catch(() => undefined);
    warnings.length = 0;

    await note.applyAsync(['known'], { taskId: 'known' });
    await note.delay('unknown');
    await cloud.advance('500ms');
    expect(warnings.filter((fields) => /trouble/.test(String(fields?.error)))).toHaveLength(1);
    cloud.table.read = read;
    await app.control.revoke('late');
    await cloud.advance('500ms');
    await note.applyAsync(['late'], { taskId: 'late' });
    await cloud.untilIdle();

    expect(runs).toEqual(['warm', 'unknown']);
  });
});
