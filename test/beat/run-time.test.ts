import { chain, crontab, type KnownEntry, nextRuns, Tallo } from 'tallo';
import { memoryCloud } from 'tallo/testing';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { solar } from '../../sdk/solar/index.ts';

const from = new Date('2026-01-01T00:00:00Z');
const sunset = solar('sunset', -32.89, -68.84);
const hourly = crontab({ minute: 0 });

/** An app that keeps what ran: arguments, and the slot as hour and minute. */
function world() {
  const app = new Tallo('runtime', { timezone: 'America/Argentina/Mendoza' });
  const runs: unknown[] = [];
  const note = app.task('note', { bind: true }, ({ request }, text: string) => {
    runs.push(`${text} ${new Date(Number(request.eta)).toISOString().slice(8, 16)}`);
  });
  const ping = app.task('ping', () => void runs.push('ping'));
  app.beat({
    fixed: { task: note, args: ['fixed'], schedule: crontab({ hour: 0, minute: 30, timezone: 'UTC' }) },
  });
  return { app, runs, note, ping };
}

async function all(entries: AsyncIterable<KnownEntry>): Promise<readonly KnownEntry[]> {
  const found: KnownEntry[] = [];
  for await (const entry of entries) found.push(entry);
  return found;
}

describe('an entry made at run time', () => {
  test('runs from then on, without a deployment', async () => {
    const { app, runs, note } = world();
    await using cloud = memoryCloud(app, { beat: true, now: new Date('2026-01-01T02:30:00Z') });

    await app.schedules.create('acme', { task: note, args: ['acme'], schedule: hourly });
    await cloud.advance('3h');

    expect(runs).toEqual(['acme 01T03:00', 'acme 01T04:00', 'acme 01T05:00']);
  });

  test('is read as it was made', async () => {
    const { app, note } = world();
    await using _cloud = memoryCloud(app, { beat: true, now: from });
    await app.schedules.create('acme', {
      task: note,
      args: ['<aws.scheduler.execution-id>'],
      schedule: crontab({ hour: 9, minute: 0, dayOfWeek: 'mon' }),
      missed: 'all',
      enabled: false,
      options: { priority: 7, expires: '1h' },
    });

    const entry = await app.schedules.get('acme');

    expect(entry).toMatchObject({
      name: 'acme',
      enabled: false,
      task: 'note',
      timezone: 'America/Argentina/Mendoza',
      missed: 'all',
      isFromCode: false,
      signature: {
        task: 'note',
        args: ['<aws.scheduler.execution-id>'],
        options: { priority: 7, expires: 3_600 },
      },
    });
    const runs = entry && nextRuns(entry.schedule, 1, { from, timezone: entry.timezone });
    expect(runs).toEqual([new Date('2026-01-05T12:00:00Z')]);
    expect(await app.schedules.get('other')).toBeUndefined();
  });

  test('may start what is known by name or as JSON, a workflow, by the sun, or once', async () => {
    const { app, runs, note, ping } = world();
    await using cloud = memoryCloud(app, { beat: true, now: from });

    await app.schedules.create('name', {
      task: 'note',
      args: ['name'],
      schedule: new Date('2026-01-01T06:00:00Z'),
    });
    await app.schedules.create('json', {
      task: note.s('json').toJSON(),
      schedule: new Date('2026-01-01T07:00:00Z'),
    });
    await app.schedules.create('flow', {
      task: chain(ping.s(), note.si('flow')),
      schedule: new Date('2026-01-01T08:00:00Z'),
    });
    await app.schedules.create('sun', {
      task: note,
      args: ['sun'],
      schedule: sunset,
    });
    await cloud.advance('2d');
    await cloud.untilIdle();

    expect(runs.filter((run) => !String(run).startsWith('fixed'))).toEqual([
      'name 01T06:00',
      'json 01T07:00',
      'ping',
      expect.stringMatching(/^flow/),
      ...nextRuns(sunset, 2, { from }).map((run) => `sun ${run.toISOString().slice(8, 16)}`),
    ]);
    expect((await all(app.schedules.list())).map(({ name }) => name)).toEqual(['fixed', 'sun']);
  });

  test('is changed in part: what is not said stays', async () => {
    const { app, runs, note } = world();
    await using cloud = memoryCloud(app, { beat: true, now: new Date('2026-01-01T02:30:00Z') });
    await app.schedules.create('acme', {
      task: note,
      args: ['one'],
      schedule: hourly,
      options: { priority: 7 },
    });
    await cloud.advance('1h');

    await app.schedules.update('acme', { args: ['two'] });
    await cloud.advance('1h');
    await app.schedules.update('acme', { schedule: '30m' });
    await cloud.advance('61m');
    await app.schedules.update('acme', { task: note, args: ['three'], options: { priority: 2 } });
    await cloud.advance('31m');

    expect(runs).toEqual(['one 01T03:00', 'two 01T04:00', 'two 01T05:00', 'two 01T05:30', 'three 01T06:00']);
    const entry = await app.schedules.get('acme');
    expect(entry?.signature).toMatchObject({ args: ['three'], options: { priority: 2 } });
  });

  test('keeps its options with other arguments, and its arguments with other options', async () => {
    const { app, note } = world();
    await using _cloud = memoryCloud(app);
    await app.schedules.create('acme', {
      task: note,
      args: ['one'],
      schedule: hourly,
      options: { priority: 7 },
    });

    await app.schedules.update('acme', { args: ['two'] });
    expect((await app.schedules.get('acme'))?.signature).toMatchObject({
      args: ['two'],
      options: { priority: 7 },
    });
    await app.schedules.update('acme', { options: { expires: 60 } });
    expect((await app.schedules.get('acme'))?.signature).toMatchObject({
      args: ['two'],
      options: { expires: 60 },
    });
    await app.schedules.update('acme', { enabled: false });
    expect(await app.schedules.get('acme')).toMatchObject({ enabled: false, signature: { args: ['two'] } });
  });

  test('does not run while it is paused, and what it slept through was not missed', async () => {
    const { app, runs, note } = world();
    await using cloud = memoryCloud(app, { beat: true, now: new Date('2026-01-01T02:30:00Z') });
    // With wakes between its slots, which would look for missed ones.
    await app.schedules.create('acme', { task: note, args: ['acme'], schedule: '45m', missed: 'all' });
    await cloud.advance('1h');
    expect(runs).toEqual(['acme 01T03:00']);

    await app.schedules.pause('acme');
    await cloud.advance('6h');
    expect((await app.schedules.get('acme'))?.enabled).toBe(false);
    await app.schedules.resume('acme');
    await cloud.advance('70m');

    expect(runs).toEqual(['acme 01T03:00', 'acme 01T09:45', 'acme 01T10:30']);
  });

  test('is gone when it is deleted, and one of its name begins anew', async () => {
    const { app, runs, note } = world();
    await using cloud = memoryCloud(app, { beat: true, now: new Date('2026-01-01T02:30:00Z') });
    await app.schedules.create('acme', { task: note, args: ['old'], schedule: '45m', missed: 'all' });
    await cloud.advance('1h');

    expect(await app.schedules.delete('acme')).toBe(true);
    expect(await app.schedules.delete('acme')).toBe(false);
    await cloud.advance('3h');
    await app.schedules.create('acme', { task: note, args: ['new'], schedule: '45m', missed: 'all' });
    await cloud.advance('30m');

    expect(runs).toEqual(['old 01T03:00', 'new 01T06:45']);
  });

  test('from every hour by the sun to every 30 s is not held up by what was sent ahead', async () => {
    const { app, runs, note } = world();
    await using cloud = memoryCloud(app, { beat: true, now: new Date('2026-01-01T22:30:00Z') });
    await app.schedules.create('sun', {
      task: note,
      args: ['sun'],
      schedule: sunset,
    });
    await cloud.advance('45m');

    await app.schedules.update('sun', { schedule: '30s', args: ['often'] });
    await cloud.advance('5m');

    expect(runs.length).toBeGreaterThan(4);
    expect(new Set(runs)).toEqual(new Set(['often 01T23:17', 'often 01T23:18', 'often 01T23:19']));
  });
});

describe('entries of the code', () => {
  test('are listed with the others, without their arguments', async () => {
    const { app, note } = world();
    await using _cloud = memoryCloud(app, { beat: true, now: from });
    await app.schedules.create('acme', { task: note, args: ['acme'], schedule: hourly });

    const entries = await all(app.schedules.list());

    expect(
      entries.map(({ name, isFromCode, task, signature }) => [name, isFromCode, task, signature?.args]),
    ).toEqual([
      ['acme', false, 'note', ['acme']],
      ['fixed', true, 'note', undefined],
    ]);
  });

  test('can be paused and resumed, and nothing else', async () => {
    const { app, runs, note } = world();
    await using cloud = memoryCloud(app, { beat: true, now: from });
    await app.schedules.pause('fixed');
    await cloud.advance('1d');
    expect(runs).toEqual([]);

    await app.schedules.resume('fixed');
    await cloud.advance('1d');

    expect(runs).toEqual(['fixed 02T00:30']);
    await expect(app.schedules.update('fixed', { schedule: '1h' })).rejects.toThrow(
      /comes from the app's code/,
    );
    await expect(app.schedules.delete('fixed')).rejects.toThrow(/comes from the app's code/);
    await expect(app.schedules.create('fixed', { task: note, args: ['x'], schedule: '1h' })).rejects.toThrow(
      /a name that no beat entry has, got 'fixed'/,
    );
  });
});

describe('at run time are refused', () => {
  test('a name that is taken, missing, or none', async () => {
    const { app, ping } = world();
    await using _cloud = memoryCloud(app);
    await app.schedules.create('acme', { task: ping, schedule: hourly });

    await expect(app.schedules.create('acme', { task: ping, schedule: hourly })).rejects.toThrow(
      /got 'acme'/,
    );
    await expect(app.schedules.create('a b', { task: ping, schedule: hourly })).rejects.toThrow(
      /1 to 50 letters/,
    );
    await expect(app.schedules.get('')).rejects.toThrow(/1 to 50 letters/);
    for (const change of ['pause', 'resume'] as const)
      await expect(app.schedules[change]('other')).rejects.toThrow(/named 'other', found none/);
    await expect(app.schedules.update('other', { schedule: '1h' })).rejects.toThrow(/found none/);
  });

  test('a date that is over, also when it is to be resumed', async () => {
    const { app, ping } = world();
    await using cloud = memoryCloud(app, { beat: true, now: from });
    const tomorrow = new Date('2026-01-02T00:00:00Z');

    await expect(app.schedules.create('past', { task: ping, schedule: from })).rejects.toThrow(
      /a time to come/,
    );
    await app.schedules.create('date', { task: ping, schedule: tomorrow, enabled: false });
    await cloud.advance('2d');
    await expect(app.schedules.resume('date')).rejects.toThrow(/a time to come/);
  });

  test('arguments that the task refuses, at once', async () => {
    const { app } = world();
    const charge = app.task('charge', { args: z.tuple([z.int().positive()]) }, (cents) => cents);
    await using cloud = memoryCloud(app);

    await expect(app.schedules.create('bad', { task: charge, args: [-1], schedule: hourly })).rejects.toThrow(
      /Arguments of task 'charge'/,
    );
    await expect(
      app.schedules.create('large', { task: 'elsewhere', args: ['x'.repeat(300_000)], schedule: hourly }),
    ).rejects.toMatchObject({ code: 'PAYLOAD_TOO_LARGE', limit: 262_144 });
    expect(await all(cloud.schedules.list() as never)).toEqual([]);
  });

  test('arguments for a workflow without another one', async () => {
    const { app, ping, note } = world();
    await using _cloud = memoryCloud(app);
    await app.schedules.create('flow', { task: chain(ping.s(), note.si('x')), schedule: hourly });

    await expect(app.schedules.update('flow', { args: [1] })).rejects.toThrow(/starts a workflow/);
    await app.schedules.update('flow', { schedule: '2h' });
    expect((await app.schedules.get('flow'))?.task).toBe('celery.chain');
  });
});
