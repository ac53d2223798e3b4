import { OperationalError, silentLogger, Tallo } from 'tallo';
import { consumer } from 'tallo/functions';
import { memoryCloud } from 'tallo/testing';
import { describe, expect, test } from 'vitest';
import { revokedError, world } from './world.ts';

describe('a call that has not begun', () => {
  test('never runs and becomes REVOKED', async () => {
    await using w = world();
    const result = await w.note.applyAsync(['a'], { countdown: '10s', linkError: w.alarm.s() });

    await result.revoke();

    await expect(result.get()).rejects.toMatchObject(revokedError);
    expect(await result.state()).toBe('REVOKED');
    expect([await result.ready(), await result.failed(), await result.successful()]).toEqual([
      true,
      false,
      false,
    ]);
    await w.cloud.advance('1h');
    expect(w.runs).toEqual([]);
    expect(w.cloud.deadLetters()).toEqual([]);
  });

  test.each<[string, (id: string) => string | Iterable<string>]>([
    ['an id', (id) => id],
    ['a list of ids', (id) => ['other', id]],
    ['a set of ids', (id) => new Set([id])],
  ])('is revoked by %s', async (_what, given) => {
    await using w = world();
    const { id } = await w.note.applyAsync(['a'], { countdown: '10s' });

    await w.app.control.revoke(given(id));
    await w.cloud.untilIdle();

    expect(await w.app.AsyncResult(id).state()).toBe('REVOKED');
    expect(w.runs).toEqual([]);
  });

  test('is revoked before it is made', async () => {
    await using w = world();

    await w.app.control.revoke('mine');
    const result = await w.note.applyAsync(['a'], { taskId: 'mine' });

    await expect(result.get()).rejects.toMatchObject(revokedError);
    expect(w.runs).toEqual([]);
  });

  test('is revoked within a second while its worker is busy with others', async () => {
    await using w = world();
    await (await w.note.delay('warm')).get();
    await w.cloud.advance('1s');

    await w.app.control.revoke('mine');
    await w.note.applyAsync(['a'], { taskId: 'mine' });
    await w.cloud.untilIdle();

    expect(w.runs).toEqual(['warm']);
  });

  test('is dropped when it comes again, also if it was begun before', async () => {
    const app = new Tallo('rev');
    const handle = consumer(app, { log: silentLogger });
    let deliveries = 0;
    await using cloud = memoryCloud(app, {
      handler: async (event, context) => {
        deliveries += 1;
        if (deliveries > 1) return handle(event, context);
        await cloud.table.put({ id: 'starts-mine-0', starts: 1 });
        throw new Error('the worker is lost');
      },
    });
    const runs: string[] = [];
    const note = app.task('note', (name: string) => runs.push(name));
    const result = await note.applyAsync(['a'], { taskId: 'mine' });
    await cloud.advance('10s');

    await result.revoke();

    await expect(result.get()).rejects.toMatchObject(revokedError);
    expect({ deliveries, runs }).toEqual({ deliveries: 2, runs: [] });
  });

  test('is dropped when it comes again after it was put off', async () => {
    await using w = world();
    const limited = w.app.task('limited', { rateLimit: '2/m' }, (name: string) => void w.runs.push(name));
    const results = await Promise.all(['a', 'b', 'c', 'd'].map((name) => limited.delay(name)));
    await w.cloud.advance('5s');
    const waiting = results.find((_, i) => !w.runs.includes('abcd'[i] ?? ''));

    await waiting?.revoke();
    await w.cloud.untilIdle();

    const states = await Promise.all(results.map((result) => result.state()));
    expect(states.toSorted()).toEqual(['REVOKED', 'SUCCESS', 'SUCCESS', 'SUCCESS']);
    expect(await waiting?.state()).toBe('REVOKED');
    expect(w.runs).toHaveLength(3);
  });

  test('ends once, however often it is revoked', async () => {
    await using w = world();
    const result = await w.note.applyAsync(['a'], { countdown: '10s' });

    await Promise.all([result.revoke(), result.revoke()]);
    await result.revoke();
    await w.cloud.untilIdle();

    const [page] = w.cloud.table.rows().filter(({ id }) => id === 'revoked-0');
    expect(page?.entries).toEqual(new Set([`{"id":"${result.id}"}`]));
    expect(await result.state()).toBe('REVOKED');
  });
});

describe('nothing changes for', () => {
  test('a call that has ended', async () => {
    await using w = world();
    const result = await w.note.delay('a');
    await result.get();

    await w.app.AsyncResult(result.id).revoke({ terminate: true });
    await w.cloud.advance('1h');

    expect(await w.app.AsyncResult(result.id).state()).toBe('SUCCESS');
  });

  test('a call that nobody knows', async () => {
    await using w = world();

    await w.app.control.revoke('nobody');
    await w.cloud.advance('1h');

    expect(await w.app.AsyncResult('nobody').state()).toBe('PENDING');
  });

  test('a call that has begun', async () => {
    await using w = world();
    const result = await w.sleepy.delay(5);
    await w.cloud.advance('2s');

    await result.revoke();

    expect(await result.get()).toBe(5);
  });

  test('other calls', async () => {
    await using w = world();
    const others = await Promise.all(['a', 'b'].map((name) => w.note.applyAsync([name], { countdown: 9 })));

    await w.app.control.revoke('c');

    expect(await Promise.all(others.map((other) => other.get()))).toEqual(['a', 'b']);
  });

  test('an eager app', async () => {
    const app = new Tallo('eager', { taskAlwaysEager: true });
    const result = await app.task('t', () => 1).delay();

    await result.revoke({ terminate: true });
    await app.AsyncResult('x').revoke();
    await app.control.revoke(['x']);
    await app.control.revoke({ task: 't' });
    await app.control.revokeByStampedHeaders({ tenant: 'acme' });

    expect(await result.get()).toBe(1);
  });
});

describe('all calls of a task', () => {
  test('that were made before are revoked, whatever their priority, and those made later run', async () => {
    await using w = world();
    const before = await Promise.all([
      w.note.applyAsync(['a'], { countdown: '10s', priority: 9 }),
      w.note.applyAsync(['b'], { countdown: '2h' }),
      w.pass.applyAsync(['c'], { countdown: '10s' }),
    ]);

    await w.app.control.revoke({ task: 'note' });
    await w.cloud.advance('1s');
    const after = await w.note.applyAsync(['d'], { countdown: '3h' });
    await w.cloud.advance('4h');

    const all = [...before, after];
    expect(await Promise.all(all.map((result) => result.state()))).toEqual([
      'REVOKED',
      'REVOKED',
      'SUCCESS',
      'SUCCESS',
    ]);
    expect(w.runs).toEqual(['passed c', 'd']);
  });

  test('are known by when they were made, also in their retries', async () => {
    await using w = world();
    const flaky = w.app.task('flaky', { bind: true, maxRetries: 9 }, (self) => {
      w.runs.push(`attempt ${self.request.retries}`);
      return self.retry({ countdown: '1m' });
    });
    const result = await flaky.delay();
    await w.cloud.advance('90s');

    await w.app.control.revoke({ task: 'flaky' });

    await expect(result.get()).rejects.toMatchObject(revokedError);
    expect(w.runs).toEqual(['attempt 0', 'attempt 1']);
  });
});

describe('calls with a header', () => {
  test('are revoked by a stamp or a header of their own, also if they are made within three hours', async () => {
    await using w = world();
    const acme = { headers: { tenant: 'acme' } };
    const stamped = () => w.note.s('stamped').stamp({ tenant: 'acme' });
    const early = [
      await w.note.applyAsync(['own'], { ...acme, countdown: '10s' }),
      await stamped().applyAsync([], { countdown: '10s' }),
    ];
    const other = await w.note.applyAsync(['other'], { headers: { tenant: 'umbrella' } });

    await w.app.control.revokeByStampedHeaders({ tenant: ['acme', 'initech'] });
    await w.cloud.advance('2h');
    const within = await stamped().delay();
    await w.cloud.advance('61m');
    const later = await w.note.applyAsync(['later'], acme);
    await w.cloud.untilIdle();

    const results = [...early, within, other, later];
    expect(await Promise.all(results.map((result) => result.state()))).toEqual([
      ...['REVOKED', 'REVOKED', 'REVOKED'],
      ...['SUCCESS', 'SUCCESS'],
    ]);
    expect(w.runs).toEqual(['other', 'later']);
  });

  test('are revoked for as long as one wishes', async () => {
    await using w = world();

    await w.app.control.revokeByStampedHeaders({ tenant: 'acme' }, { for: '10s' });
    await w.cloud.advance('9s');
    await w.note.applyAsync(['within'], { headers: { tenant: 'acme' } });
    await w.cloud.advance('2s');
    await w.note.applyAsync(['later'], { headers: { tenant: 'acme' } });
    await w.cloud.untilIdle();

    expect(w.runs).toEqual(['later']);
  });
});

describe('what cannot be meant', () => {
  test.each<[string, (control: Tallo['control']) => Promise<void>, RegExp]>([
    ['an empty id', (control) => control.revoke(''), /Expected the id of a call, a text, got ""/],
    ['no id', (control) => control.revoke([7 as never]), /Expected the id of a call, a text, got 7/],
    [
      'nothing',
      (control) => control.revoke(undefined as never),
      /Expected ids of calls or \{ task \}, got undefined/,
    ],
    [
      'a handle',
      (control) => control.revoke({ id: 'x' } as never),
      /got another object. A handle has a method/,
    ],
    ['an empty name', (control) => control.revoke({ task: '' }), /Expected the name of a task, got ""/],
    ['a slip', (control) => control.revoke('x', { terminat: true } as never), /unknown option 'terminat'/],
    ['no flag', (control) => control.revoke('x', { terminate: 1 as never }), /terminate to be true or false/],
    ['no time', (control) => control.revokeByStampedHeaders({ a: 1 }, { for: -1 }), /Expected for to be/],
    [
      'too long a time',
      (control) => control.revokeByStampedHeaders({ a: 1 }, { for: '16d' }),
      /for to be at most 15 days.*"16d"/,
    ],
    ['no header', (control) => control.revokeByStampedHeaders({}), /at least one header with a value/],
    [
      'a large value',
      (control) => control.revokeByStampedHeaders({ a: 'x'.repeat(2_000) }),
      /at most 1000 bytes, got 2002/,
    ],
  ])('is refused: %s', async (_what, revoke, message) => {
    await using w = world();

    await expect(revoke(w.app.control)).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringMatching(message),
    });
    expect(w.cloud.table.rows()).toEqual([]);
  });

  test('is told if the list cannot be written', async () => {
    await using w = world();
    w.cloud.table.change = () => Promise.reject(new Error('no such region'));

    const revoked = w.app.control.revoke('x');

    await expect(revoked).rejects.toThrow(OperationalError);
    await expect(revoked).rejects.toThrow(/Adding to the revoked list failed after 4 attempts/);
  });
});
