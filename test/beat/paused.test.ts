import { type BeatEvent, crontab, type MissedPolicy, type ScheduleLike, silentLogger, Tallo } from 'tallo';
import { beat } from 'tallo/functions';
import { memoryCloud } from 'tallo/testing';
import { describe, expect, test } from 'vitest';

const from = new Date('2026-01-01T00:00:00Z');

/** An entry of the code, and what it ran: the slots as month, day and time. */
function world(missed: MissedPolicy, schedule: ScheduleLike = '45m') {
  const app = new Tallo('paused');
  const runs: string[] = [];
  const task = app.task('t', { bind: true }, ({ request: { eta } }) => {
    runs.push(new Date(Number(eta)).toISOString().slice(5, 16));
  });
  app.beat({ entry: { task, missed, schedule } });
  const handle = beat(app, { log: silentLogger });
  const outage = { isOn: false };
  const handler = async (event: BeatEvent) => (outage.isOn ? undefined : handle(event));
  const cloud = memoryCloud(app, { beat: handler, now: from });
  /** As provisioning or CloudFormation does it: the schedule is what the code says, whatever it was. */
  const deploy = async () => {
    const { schedules } = app.topology({ now: new Date(cloud.clock.now()) });
    for (const deployed of schedules) await cloud.schedules.update(deployed);
  };
  return { app, cloud, runs, outage, deploy, [Symbol.asyncDispose]: () => cloud.stop() };
}

describe('an entry of the code that was paused', () => {
  test.for(['all', 'latest'] as const)(
    'has missed nothing when a deployment resumes it: %s',
    async (missed) => {
      await using it = world(missed);
      await it.cloud.advance('70m');
      await it.app.schedules.pause('entry');
      await it.cloud.advance('8h');

      await it.deploy();
      await it.cloud.advance('2h');

      expect(it.runs).toEqual(['01-01T00:45', '01-01T09:45', '01-01T10:30']);
    },
  );

  test('nor where AWS cannot say its times, and wakes beat between them', async () => {
    const firstMondays = crontab({ hour: 8, minute: 0, dayOfMonth: '1-7', dayOfWeek: 'mon' });
    await using it = world('latest', firstMondays);
    await it.cloud.advance('5d');
    await it.app.schedules.pause('entry');
    await it.cloud.advance('40d');

    await it.deploy();
    await it.cloud.advance('40d');

    // That of February was in the pause.
    expect(it.runs).toEqual(['01-05T08:00', '03-02T08:00']);
  });

  test('nor when it was resumed, and deployed after that', async () => {
    await using it = world('all');
    await it.cloud.advance('70m');
    await it.app.schedules.pause('entry');
    await it.cloud.advance('8h');

    await it.app.schedules.resume('entry');
    await it.deploy();
    await it.cloud.advance('2h');

    expect(it.runs).toEqual(['01-01T00:45', '01-01T09:45', '01-01T10:30']);
  });

  test('misses slots again once it runs', async () => {
    await using it = world('all');
    await it.cloud.advance('70m');
    await it.app.schedules.pause('entry');
    await it.cloud.advance('8h');
    await it.deploy();
    await it.cloud.advance('1h');

    it.outage.isOn = true;
    await it.cloud.advance('2h');
    it.outage.isOn = false;
    await it.cloud.advance('1h');

    const slots = ['00:45', '09:45', '10:30', '11:15', '12:00', '12:45'].map((time) => `01-01T${time}`);
    expect(it.runs.toSorted()).toEqual(slots);
  });
});
