import { nextRuns, silentLogger, Tallo } from 'tallo';
import { acceleratedClock, startLocalCloud } from 'tallo/local';
import { expect, test, vi } from 'vitest';

/** A minute in a fifth of a second. */
const speed = 300;
const start = new Date('2026-11-30T23:58:30Z');

test('beat on the local cloud: by the second, once, and at run time', async () => {
  const app = new Tallo('beat-local');
  const runs: { entry: string; slot: number; at: number }[] = [];
  const clock = acceleratedClock({ speed, now: start });
  const task = app.task('t', { bind: true }, ({ request }, entry: string) => {
    runs.push({ entry, slot: Number(request.eta), at: clock.now() });
  });
  const date = new Date('2026-12-01T00:02:00Z');
  app.beat({
    // A machine that is busy for half a second has missed slots already.
    seconds: { task, args: ['seconds'], schedule: '45s', missed: 'all' },
    date: { task, args: ['date'], schedule: date },
    paused: { task, args: ['paused'], schedule: '1m', enabled: false },
  });
  await using cloud = await startLocalCloud(app, { clock, log: silentLogger });
  expect(cloud.traffic.count('Scheduler.CreateSchedule')).toBe(3);

  await app.schedules.create('made', { task, args: ['made'], schedule: '2m', missed: 'all' });
  const slots = nextRuns('45s', 12, { from: new Date('2026-12-01T00:01:00Z') }).map(Number);
  const of = (entry: string) => runs.filter((run) => run.entry === entry).map(({ slot }) => slot);
  const eventually = (check: () => void) => vi.waitFor(check, { timeout: 20_000, interval: 50 });
  await eventually(() => expect(of('seconds')).toEqual(expect.arrayContaining(slots)));

  expect(of('date')).toEqual([date.getTime()]);
  expect(of('paused')).toEqual([]);
  await eventually(() => expect(of('made').length).toBeGreaterThanOrEqual(3));
  expect(new Set(runs.map(({ entry, slot }) => `${entry} ${slot}`)).size).toBe(runs.length);
  // Its work takes real time, so that how late each is says nothing here.
  expect(runs.filter(({ slot, at }) => at < slot)).toEqual([]);
  expect(await app.schedules.get('date')).toBeUndefined();

  await app.schedules.update('made', { args: ['changed'] });
  await eventually(() => expect(of('changed').length).toBeGreaterThanOrEqual(1));
}, 70_000);
