import { describe, expect, test } from 'vitest';
import type { ScheduleTopology } from '../../sdk/app/topology.ts';
import type { Schedules } from '../../sdk/ports/schedules.ts';
import type { MakeCloud } from './fixture.ts';

const daily: ScheduleTopology = {
  name: 'beat-daily',
  expression: 'cron(0 8 * * ? *)',
  timezone: 'America/Mexico_City',
  isEnabled: false,
  isOnce: false,
  input: '{"name":"daily","time":"<aws.scheduler.scheduled-time>","text":"\\u003caws.scheduler é 🌿"}',
};

const once: ScheduleTopology = {
  ...daily,
  name: 'beat-once',
  expression: 'at(2099-01-01T08:00:00)',
  timezone: 'UTC',
  isOnce: true,
};

async function all(schedules: Schedules): Promise<readonly ScheduleTopology[]> {
  const found: ScheduleTopology[] = [];
  for await (const schedule of schedules.list()) found.push(schedule);
  return found;
}

export function schedulesConformance(name: string, makeCloud: MakeCloud): void {
  describe.concurrent(`schedules: ${name}`, () => {
    test('are given back as they were made', async () => {
      const { schedules } = (await makeCloud()).cloud;

      expect(await schedules.create(daily)).toBe(true);
      expect(await schedules.create(once)).toBe(true);

      expect(await schedules.get('beat-daily')).toEqual(daily);
      expect(await schedules.get('beat-once')).toEqual(once);
      expect(await schedules.get('beat-other')).toBeUndefined();
    });

    test('are not made twice: the first stays', async () => {
      const { schedules } = (await makeCloud()).cloud;
      await schedules.create(daily);

      expect(await schedules.create({ ...daily, timezone: 'UTC' })).toBe(false);

      expect(await schedules.get('beat-daily')).toEqual(daily);
    });

    test('of two that are made at once under one name, one is made', async () => {
      const { schedules } = (await makeCloud()).cloud;

      const answers = await Promise.all([schedules.create(daily), schedules.create(daily)]);

      expect(answers.toSorted()).toEqual([false, true]);
    });

    test('are replaced, and only if they are there', async () => {
      const { schedules } = (await makeCloud()).cloud;
      const changed = { ...daily, expression: 'cron(30 9 ? * 2-6 *)', timezone: 'UTC', input: '{}' };

      expect(await schedules.update(changed)).toBe(false);
      await schedules.create(daily);
      expect(await schedules.update(changed)).toBe(true);
      expect(await schedules.get('beat-daily')).toEqual(changed);
    });

    test('are listed by name, all of them', async () => {
      const { schedules } = (await makeCloud()).cloud;
      const names = Array.from({ length: 120 }, (_, i) => `beat-${String(i).padStart(3, '0')}`);
      await Promise.all(names.map((one) => schedules.create({ ...daily, name: one })));

      const found = await all(schedules);

      expect(found.map((one) => one.name)).toEqual(names);
      expect(found[60]).toEqual({ ...daily, name: 'beat-060' });
    });

    test('are not mixed up with timers', async () => {
      const { cloud, queueName } = await makeCloud();
      const at = cloud.clock.now() + 3_600_000;
      await cloud.timers.set({ id: 'beat-daily-20260101T080000Z', at, queueName, message: { body: '{}' } });
      await cloud.schedules.create(daily);

      expect((await all(cloud.schedules)).map((one) => one.name)).toEqual(['beat-daily']);
    });

    test('are deleted once', async () => {
      const { schedules } = (await makeCloud()).cloud;
      await schedules.create(daily);

      expect(await schedules.delete('beat-daily')).toBe(true);
      expect(await schedules.delete('beat-daily')).toBe(false);
      expect(await all(schedules)).toEqual([]);
    });

    test.for(['', 'with space', 'x'.repeat(65)])(
      'reject a name that Scheduler does not take: %j',
      async (wrong) => {
        const { schedules } = (await makeCloud()).cloud;

        await expect(schedules.create({ ...daily, name: wrong })).rejects.toThrow();
      },
    );
  });
}
