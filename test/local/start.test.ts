import { crontab, silentLogger, Tallo } from 'tallo';
import { acceleratedClock, startEndpoint, startLocalCloud } from 'tallo/local';
import { expect, test } from 'vitest';

test('no slot is missed while a local cloud starts, and what is over is so by its own clock', async () => {
  // A day that is over everywhere else, at six hours per second.
  const clock = acceleratedClock({ speed: 21_600, now: new Date('2020-01-01T08:00:00Z') });
  const app = new Tallo('early');
  const nothing = app.task('nothing', () => {});
  app.beat({
    date: { task: nothing, schedule: new Date('2020-01-01T08:01:00Z') },
    morning: { task: nothing, schedule: crontab({ hour: 8, minute: 1 }), missed: 'skip' },
  });
  const woken: unknown[] = [];
  const functions = { 'early-beat': async (event: unknown) => void woken.push(event) };

  await using _cloud = await startLocalCloud(app, { clock, functions, beat: false, worker: false });
  await clock.sleep(3_600 * 1_000);
  await expect.poll(() => woken.length).toBeGreaterThanOrEqual(2);

  const time = '2020-01-01T08:01:00Z';
  expect(woken).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ name: 'date', time }),
      expect.objectContaining({ name: 'morning', time }),
    ]),
  );
});

test('a local cloud that cannot start leaves nothing behind', async () => {
  const app = new Tallo('unlucky');
  const port = await freePort();

  await expect(startLocalCloud(app, { port, queues: ['unknown'] })).rejects.toThrow("no queue 'unknown'");

  await using cloud = await startLocalCloud(app, { port, log: silentLogger });
  expect(cloud.url).toContain(String(port));
});

async function freePort(): Promise<number> {
  const { port, stop } = await startEndpoint();
  await stop();
  return port;
}
