import {
  CreateScheduleCommand,
  CreateScheduleGroupCommand,
  GetScheduleCommand,
  paginateListSchedules,
  SchedulerClient,
} from '@aws-sdk/client-scheduler';
import { afterAll, expect, test, vi } from 'vitest';
import { connectionTo } from '../../sdk/aws/connection.ts';
import { start } from '../cli/tallo.ts';
import { app, tick } from './apps/ticking.ts';
import { givenRuns, startWorker } from './processes.ts';

const appFile = 'test/localstack/apps/ticking.ts';

afterAll(() => app.close());

/** What CloudFormation made in LocalStack, where it is kept and does not fire, made again by `tallo scheduler`. */
async function copySchedules(GroupName: string, url: string): Promise<void> {
  const source = new SchedulerClient(connectionTo('SCHEDULER', {}));
  const target = new SchedulerClient(connectionTo('SCHEDULER', { endpoint: url }));
  await target.send(new CreateScheduleGroupCommand({ Name: GroupName }));
  for await (const { Schedules = [] } of paginateListSchedules({ client: source }, { GroupName })) {
    for (const { Name } of Schedules) {
      const found = await source.send(new GetScheduleCommand({ Name, GroupName }));
      const { ScheduleExpression, ScheduleExpressionTimezone, State, FlexibleTimeWindow, Target } = found;
      const schedule = { ScheduleExpression, ScheduleExpressionTimezone, State, FlexibleTimeWindow, Target };
      await target.send(new CreateScheduleCommand({ Name, GroupName, ...schedule }));
    }
  }
  for (const client of [source, target]) client.destroy();
}

test("beat: 'tallo scheduler' fires what was deployed and what is made at run time, LocalStack's queue carries it, 'tallo worker' runs it", async () => {
  const runs = givenRuns();
  const worker = await startWorker(appFile, runs.env);
  const scheduler = start(['scheduler', '--port', '0', '--json', '--app', appFile], { env: runs.env });
  const { url } = JSON.parse(await scheduler.untilPrinted('url'));
  await copySchedules(app.topology().scheduleGroup, url);
  process.env.AWS_ENDPOINT_URL_SCHEDULER = url;
  const date = new Date(Math.ceil(Date.now() / 1_000) * 1_000 + 4_000);
  await app.schedules.create('made', { task: tick, args: ['made'], schedule: date });

  const eventually = (check: () => void) => vi.waitFor(check, { timeout: 130_000, interval: 100 });
  await eventually(() => expect(runs.read()).toContain(`made ${date.toISOString()}`));
  await eventually(() =>
    expect(runs.read().filter((run) => run.startsWith('deployed')).length).toBeGreaterThan(1),
  );
  for (const program of [scheduler, worker]) program.signal('SIGTERM');

  expect(await Promise.all([scheduler.ended, worker.ended])).toEqual([0, 0]);
  const all = runs.read();
  expect(all.filter((run) => !/^(made .*|deployed \S+:\d0\.000Z)$/.test(run))).toEqual([]);
  expect(new Set(all).size).toBe(all.length);
}, 150_000);
