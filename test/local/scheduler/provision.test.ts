import {
  CreateScheduleCommand,
  DeleteScheduleCommand,
  GetScheduleCommand,
  ListSchedulesCommand,
} from '@aws-sdk/client-scheduler';
import { expect, test } from 'vitest';
import { provision } from '../../../local/provision.ts';
import { queueTopology } from '../../../sdk/app/queue-topology.ts';
import { deploymentOf } from '../../../sdk/app/stage.ts';
import { appTopology, type ScheduleTopology } from '../../../sdk/app/topology.ts';
import { functionArn, givenEndpoint, schedule } from './world.ts';

function tick(name: string, changes: Partial<ScheduleTopology> = {}): ScheduleTopology {
  return {
    name,
    expression: 'cron(0 8 * * ? 2099)',
    timezone: 'Europe/Madrid',
    isEnabled: true,
    isOnce: false,
    input: '{"name":"daily"}',
    ...changes,
  };
}

async function given() {
  const { endpoint, scheduler } = await givenEndpoint();
  const queues = [queueTopology('store', 'default', {})];
  return {
    endpoint,
    scheduler,
    provision: (...schedules: ScheduleTopology[]) =>
      provision(
        { ...appTopology(deploymentOf('store', null), queues), schedules },
        { endpoint: endpoint.url },
      ),
    find: (Name: string) => scheduler.send(new GetScheduleCommand({ Name, GroupName: 'store' })),
    names: async () => {
      const { Schedules = [] } = await scheduler.send(new ListSchedulesCommand({ GroupName: 'store' }));
      return Schedules.map(({ Name }) => Name);
    },
  };
}

test('creates the group and the schedules, for the beat function', async () => {
  const { provision, find } = await given();

  await provision(tick('beat-daily'), tick('beat-paused', { isEnabled: false }));

  expect(await find('beat-daily')).toMatchObject({
    ScheduleExpression: 'cron(0 8 * * ? 2099)',
    ScheduleExpressionTimezone: 'Europe/Madrid',
    State: 'ENABLED',
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: { Arn: functionArn('store-beat'), Input: '{"name":"daily"}' },
  });
  expect(await find('beat-paused')).toMatchObject({ State: 'DISABLED' });
});

test('changes what has changed, and deletes what the app no longer has', async () => {
  const { provision, find, names } = await given();
  await provision(tick('beat-one'), tick('beat-two'), tick('beat-three'));

  await provision(tick('beat-two', { input: '{"name":"two"}', isEnabled: false }));

  expect(await names()).toEqual(['beat-two']);
  expect(await find('beat-two')).toMatchObject({ State: 'DISABLED', Target: { Input: '{"name":"two"}' } });
});

test('leaves alone what was made at run time, also under its names', async () => {
  const { provision, scheduler, names } = await given();
  await provision();
  for (const Name of ['beat-by-hand', 'task-7']) {
    await scheduler.send(new CreateScheduleCommand(schedule({ Name, GroupName: 'store' })));
  }

  await provision();

  expect(await names()).toEqual(['beat-by-hand', 'task-7']);
});

test('deletes many, page by page', async () => {
  const { provision, names } = await given();
  const many = Array.from({ length: 120 }, (_, index) => tick(`beat-${index}`));
  await provision(...many);

  await provision(...many.slice(0, 1));

  expect(await names()).toEqual(['beat-0']);
});

test('gives schedules back that somebody has deleted', async () => {
  const { provision, scheduler, names } = await given();
  await provision(tick('beat-one'));
  await scheduler.send(new DeleteScheduleCommand({ Name: 'beat-one', GroupName: 'store' }));

  await provision(tick('beat-one'));

  expect(await names()).toEqual(['beat-one']);
});
