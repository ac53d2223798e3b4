import {
  CreateScheduleGroupCommand,
  DeleteScheduleGroupCommand,
  GetScheduleCommand,
  GetScheduleGroupCommand,
  ListScheduleGroupsCommand,
  type ListScheduleGroupsCommandInput,
  ListSchedulesCommand,
  ListTagsForResourceCommand,
  type SchedulerClient,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-scheduler';
import { expect, test } from 'vitest';
import { acceleratedClock } from '../../../local/accelerated-clock.ts';
import { givenEndpoint } from './world.ts';

const missing = { name: 'ResourceNotFoundException', $metadata: { httpStatusCode: 404 } };
const conflicting = { name: 'ConflictException', $metadata: { httpStatusCode: 409 } };
const invalid = { name: 'ValidationException', $metadata: { httpStatusCode: 400 } };

function createGroup(scheduler: SchedulerClient, Name: string) {
  return scheduler.send(new CreateScheduleGroupCommand({ Name }));
}

test('a group is created once, and found', async () => {
  const { scheduler } = await givenEndpoint();
  const { ScheduleGroupArn } = await createGroup(scheduler, 'store');

  const found = await scheduler.send(new GetScheduleGroupCommand({ Name: 'store' }));

  expect(found).toMatchObject({ Arn: ScheduleGroupArn, Name: 'store', State: 'ACTIVE' });
  expect(ScheduleGroupArn).toBe('arn:aws:scheduler:us-east-1:000000000000:schedule-group/store');
  await expect(createGroup(scheduler, 'store')).rejects.toMatchObject(conflicting);
  await expect(createGroup(scheduler, 'a b')).rejects.toMatchObject(invalid);
});

test('groups keep schedules of one name apart', async () => {
  const { scheduler, create } = await givenEndpoint();
  await createGroup(scheduler, 'store');
  await create({ Description: 'by default' });
  await create({ GroupName: 'store', Description: "the store's" });

  const get = (GroupName: string) => scheduler.send(new GetScheduleCommand({ Name: 'schedule', GroupName }));
  const { Schedules } = await scheduler.send(new ListSchedulesCommand({ GroupName: 'store' }));

  expect((await get('default')).Description).toBe('by default');
  expect((await get('store')).Description).toBe("the store's");
  expect(Schedules?.map(({ GroupName }) => GroupName)).toEqual(['store']);
});

test('a schedule needs its group', async () => {
  const { scheduler, create } = await givenEndpoint();

  await expect(create({ GroupName: 'nowhere' })).rejects.toMatchObject(missing);
  const get = new GetScheduleCommand({ Name: 'schedule', GroupName: 'nowhere' });
  await expect(scheduler.send(get)).rejects.toMatchObject(missing);
});

test('a group takes its schedules with it, and leaves the others', async () => {
  const clock = acceleratedClock({ speed: 60 });
  const { scheduler, create, createQueue } = await givenEndpoint({ clock });
  const queue = await createQueue();
  await createGroup(scheduler, 'store');
  const inAMinute = new Date(clock.now() + 60_000).toISOString().slice(0, 19);
  await create({ GroupName: 'store', ScheduleExpression: `at(${inAMinute})` });
  await create();

  await scheduler.send(new DeleteScheduleGroupCommand({ Name: 'store' }));

  await clock.sleep(90_000);
  expect(await queue.receive()).toEqual([]);
  const { Schedules } = await scheduler.send(new ListSchedulesCommand());
  expect(Schedules?.map(({ GroupName }) => GroupName)).toEqual(['default']);
  const again = scheduler.send(new DeleteScheduleGroupCommand({ Name: 'store' }));
  await expect(again).rejects.toMatchObject(missing);
});

test('the default group is always there', async () => {
  const { scheduler } = await givenEndpoint();

  const deleted = scheduler.send(new DeleteScheduleGroupCommand({ Name: 'default' }));

  await expect(deleted).rejects.toMatchObject(invalid);
  await expect(createGroup(scheduler, 'default')).rejects.toMatchObject(conflicting);
  expect(await scheduler.send(new GetScheduleGroupCommand({ Name: 'default' }))).toMatchObject({
    State: 'ACTIVE',
  });
});

test('groups are listed in pages', async () => {
  const { scheduler } = await givenEndpoint();
  for (const name of ['shop-b', 'shop-a', 'other']) await createGroup(scheduler, name);

  const names = async (options: ListScheduleGroupsCommandInput) => {
    const page = await scheduler.send(new ListScheduleGroupsCommand(options));
    return { names: page.ScheduleGroups?.map(({ Name }) => Name), NextToken: page.NextToken };
  };
  const first = await names({ MaxResults: 3 });
  const { NextToken } = first;

  expect(first.names).toEqual(['default', 'other', 'shop-a']);
  expect(await names({ NextToken })).toEqual({ names: ['shop-b'], NextToken: undefined });
  expect((await names({ NamePrefix: 'shop' })).names).toEqual(['shop-a', 'shop-b']);
});

test('a group has tags', async () => {
  const { scheduler } = await givenEndpoint();
  const Tags = [{ Key: 'team', Value: 'a' }];
  const { ScheduleGroupArn: ResourceArn } = await scheduler.send(
    new CreateScheduleGroupCommand({ Name: 'store', Tags }),
  );
  const more = [
    { Key: 'team', Value: 'b' },
    { Key: 'stage', Value: 'test' },
    { Key: 'cost', Value: '1' },
  ];

  await scheduler.send(new TagResourceCommand({ ResourceArn, Tags: more }));
  await scheduler.send(new UntagResourceCommand({ ResourceArn, TagKeys: ['stage', 'cost'] }));

  const listed = await scheduler.send(new ListTagsForResourceCommand({ ResourceArn }));
  expect(listed.Tags).toEqual([{ Key: 'team', Value: 'b' }]);
  const nowhere = { ResourceArn: `${ResourceArn}-2` };
  await expect(scheduler.send(new ListTagsForResourceCommand(nowhere))).rejects.toMatchObject(missing);
  const schedule = { ResourceArn: 'arn:aws:scheduler:us-east-1:000000000000:schedule/default/x' };
  await expect(scheduler.send(new ListTagsForResourceCommand(schedule))).rejects.toMatchObject(invalid);
});
