import { chain, chord, group, Tallo } from 'tallo';
import { memoryCloud } from 'tallo/testing';
import { describe, expect, test } from 'vitest';
import { membersOf, revokedError, world } from './world.ts';

describe('a chain', () => {
  test('that has not begun is revoked as a whole', async () => {
    await using w = world();
    const result = await chain(w.note.s('a'), w.pass.s(), w.pass.s()).applyAsync([], { countdown: 10 });

    await result.revoke();

    await expect(result.get()).rejects.toMatchObject(revokedError);
    const states = [result, result.parent, result.parent?.parent].map((one) => one?.ready());
    expect(await Promise.all(states)).toEqual([true, true, true]);
    expect(w.runs).toEqual([]);
  });

  test('in the middle lets the step that runs end, and starts no other', async () => {
    await using w = world();
    const last = w.app.signature<[number], number>('note');
    const result = await chain(w.sleepy.s(5), last, w.app.signature<[number], number>('pass')).delay();
    await w.cloud.advance('2s');

    await result.revoke();

    await expect(result.get()).rejects.toMatchObject(revokedError);
    expect(w.runs).toEqual(['sleeps 5', 'slept 5']);
    expect(await w.app.AsyncResult(result.parent?.id ?? '').state()).toBe('REVOKED');
  });

  test('goes on up to the step whose id alone is revoked', async () => {
    await using w = world();
    const result = await chain(w.note.s('a'), w.pass.s(), w.pass.s()).applyAsync([], { countdown: 10 });

    await w.app.AsyncResult(result.id).revoke();

    await expect(result.get()).rejects.toMatchObject(revokedError);
    expect(w.runs).toEqual(['a', 'passed a']);
  });
});

describe('a group', () => {
  test('of a thousand that is half done', async () => {
    await using w = world();
    const members = Array.from({ length: 1_000 }, (_, i) =>
      w.note.s(`${i}`).set({ countdown: i < 500 ? 0 : 60 }),
    );
    const result = await group(members).delay();
    await w.cloud.advance('30s');

    await result.revoke();

    const ends = await result.get({ propagate: false });
    expect(ends.slice(0, 500)).toEqual(Array.from({ length: 500 }, (_, i) => `${i}`));
    for (const end of ends.slice(500)) expect(end).toMatchObject(revokedError);
    expect(w.runs).toHaveLength(500);
    const [page] = w.cloud.table.rows().filter(({ id }) => id === 'revoked-0');
    expect(page?.entries).toEqual(new Set([`{"group":"${result.id}"}`]));
  });

  test('of chains is revoked with their first steps', async () => {
    await using w = world();
    const steps = () => chain(w.note.s('a'), w.pass.s());
    const result = await group(steps(), w.note.s('b'), steps()).applyAsync([], { countdown: 10 });

    await result.revoke();

    for (const end of await result.get({ propagate: false })) expect(end).toMatchObject(revokedError);
    expect(w.runs).toEqual([]);
  });

  test('behind a step', async () => {
    await using w = world();
    const result = await chain(w.note.s('a'), group(w.pass.s(), w.pass.s())).applyAsync([], { countdown: 9 });

    await result.revoke();

    await expect(result.get()).rejects.toMatchObject(revokedError);
    expect(w.runs).toEqual([]);
  });

  test('that was put together from other calls', async () => {
    await using w = world();
    const calls = await Promise.all(
      ['a', 'b', 'c'].map((name) => w.note.applyAsync([name], { countdown: 9 })),
    );

    await w.app.GroupResult('some', calls.slice(0, 2)).revoke();
    await w.app.ResultSet(calls.slice(2)).revoke();
    await w.cloud.untilIdle();

    expect(await Promise.all(calls.map((call) => call.state()))).toEqual(['REVOKED', 'REVOKED', 'REVOKED']);
    expect(w.runs).toEqual([]);
  });

  test('without members costs nothing', async () => {
    await using w = world();

    await (await group([]).delay()).revoke();
    await w.app.ResultSet([]).revoke();

    expect(w.requests()).toBe(0);
  });
});

describe('a chord', () => {
  const errback = { name: 'ChordError', message: "TaskRevokedError('revoked')" };

  test('whose member is revoked fails, as in Celery', async () => {
    await using w = world();
    const header = ['a', 'b'].map((name) => w.note.s(name).set({ countdown: 10 }));
    const result = await chord(header, w.count.s().linkError(w.alarm.s())).delay();
    const [member] = membersOf(result.parent);

    await w.app.control.revoke(member?.id ?? '');

    await expect(result.get()).rejects.toMatchObject(revokedError);
    await w.cloud.untilIdle();
    expect(await result.state()).toBe('FAILURE');
    expect(await w.app.AsyncResult(result.id).result()).toMatchObject(errback);
    expect(w.runs.toSorted()).toEqual(['b', `error callback ${result.id}`]);
  });

  test('is revoked as a whole, and calls no error callback', async () => {
    await using w = world();
    const header = ['a', 'b'].map((name) => w.note.s(name).set({ countdown: 10 }));
    const result = await chord(header, w.count.s().linkError(w.alarm.s())).delay();

    await result.revoke();

    await expect(result.get()).rejects.toMatchObject(revokedError);
    await w.cloud.untilIdle();
    expect(await result.state()).toBe('REVOKED');
    expect(w.runs).toEqual([]);
  });

  test('is revoked while its header runs', async () => {
    await using w = world();
    const result = await chord([w.sleepy.s(5), w.sleepy.s(6)], w.count.s()).delay();
    await w.cloud.advance('2s');

    await result.revoke();
    await w.cloud.untilIdle();

    expect(await result.state()).toBe('REVOKED');
    expect(w.runs.toSorted()).toEqual(['sleeps 5', 'sleeps 6', 'slept 5', 'slept 6']);
  });

  test('is told when a member is terminated', async () => {
    await using w = world();
    const result = await chord([w.sleepy.s(25), w.note.s('a')], w.count.s()).delay();
    const [member] = membersOf(result.parent);
    await w.cloud.advance('5s');

    await member?.revoke({ terminate: true });

    await expect(result.get({ followParents: false })).rejects.toMatchObject({
      name: 'ChordError',
      message: "TaskRevokedError('terminated')",
    });
  });

  test('gives a body that settles the members that were revoked', async () => {
    await using w = world();
    const ends = w.app.task('ends', (settled: readonly { state: string }[]) =>
      settled.map(({ state }) => state),
    );
    const header = ['a', 'b'].map((name) => w.note.s(name).set({ countdown: 10 }));
    const result = await chord(header, ends.s(), { settle: true }).delay();
    const [member] = membersOf(result.parent);

    await member?.revoke();

    expect(await result.get({ followParents: false })).toEqual(['REVOKED', 'SUCCESS']);
  });

  test('whose header is made while it is sent is known by its body alone', async () => {
    await using w = world();
    function* header() {
      for (let i = 0; i < 700; i += 1) yield w.note.s(`${i}`).set({ countdown: 10 });
    }
    const result = await chord(header(), w.count.s()).delay();
    expect(result.parent).toBeNull();

    await result.revoke();

    await expect(result.get()).rejects.toMatchObject(revokedError);
    expect(w.runs).toHaveLength(700);
    expect(w.runs).not.toContain('count 700');
  });

  test('whose body is a chain, or a group, is revoked as a whole', async () => {
    await using w = world();
    const header = () => ['a', 'b'].map((name) => w.note.s(name).set({ countdown: 10 }));
    const steps = await chord(
      header(),
      chain(w.count.s(), w.app.signature<[number], number>('pass')),
    ).delay();
    const fan = await chord(header(), group(w.count.s(), w.count.s())).delay();

    await Promise.all([steps.revoke(), fan.revoke()]);
    await w.cloud.untilIdle();

    expect(
      await Promise.all([steps.state(), ...fan.results.map(({ id }) => w.app.AsyncResult(id).state())]),
    ).toEqual(['REVOKED', 'REVOKED', 'REVOKED']);
    expect(w.runs).toEqual([]);
  });

  test('of chords in chains is revoked as a whole, with chance as it may be', async () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      await using w = world({ seed, duplicates: 0.3 });
      const inner = () => chord([w.sleepy.si(3), w.sleepy.si(4)], w.count.s());
      const number = w.app.signature<[unknown], number>('pass');
      const result = await chain(w.sleepy.si(2), group(inner(), chain(inner(), number)), w.count.s()).delay();
      await w.cloud.advance('3s');

      await result.revoke();
      await w.cloud.untilIdle();

      expect(await result.state()).toBe('REVOKED');
      expect(w.runs.filter((run) => /count|passed/.test(run))).toEqual([]);
      await w.cloud.advance('1h');
      expect(await w.app.AsyncResult(result.id).state()).toBe('REVOKED');
    }
  });
});

test('a chord that Celery has a part in is revoked as well', async () => {
  const app = new Tallo('rev', { queues: { default: {}, python: { runOn: 'celery' } } });
  await using cloud = memoryCloud(app);
  const note = app.task('note', (name: string) => name);
  const header = group(note.s('a').set({ countdown: 10 }), note.s('b').set({ countdown: 10 }));
  const body = app.signature<[unknown], unknown>('elsewhere', [], { queue: 'python' });
  const result = await chord(header, body).delay();

  await result.revoke();
  await cloud.untilIdle();

  expect(await result.state()).toBe('REVOKED');
  expect(cloud.queues.named('rev-python').size).toBe(0);
});
