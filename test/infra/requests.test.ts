import { Stack } from 'aws-cdk-lib';
import { ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { chain, chord, crontab, group, Reject, silentLogger, Tallo } from 'tallo';
import { beat } from 'tallo/functions';
import type { TaskRunner } from 'tallo/infra';
import { type LocalCloud, startLocalCloud, startWorker } from 'tallo/local';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { actionsIn, allowedTo } from './allowed.ts';
import { deployed } from './stacks.ts';

// Whoever does something here asks AWS for nothing that the same one may not be granted there.

const app = new Tallo('store', {
  queues: { default: { lanes: 2 }, own: { runOn: 'fargate' } },
  payloadBucket: true,
});
const add = app.task('math.add', (x: number, y: number) => x + y);
const total = app.task('math.total', (parts: number[]) => parts.reduce((sum, part) => sum + part, 0));
const length = app.task('length', (text: string) => text.length);
const later = app.task('later', { bind: true, maxRetries: 1 }, (self) => self.retry({ countdown: '1h' }));
const soon = app.task('soon', { bind: true }, (self) => {
  self.updateState('PROGRESS', { at: 1 });
  if (self.request.retries === 0) self.retry({ countdown: 0 });
});
const refused = app.task('refused', () => {
  throw new Reject('no');
});
const limited = app.task(
  'limited',
  { rateLimit: '100/s', concurrency: { limit: 5 }, dedupe: true, circuitBreaker: { on: [Error] } },
  (_: number) => 'done',
);
app.beat({ often: { task: add, args: [1, 2], schedule: crontab() } });

let cloud: LocalCloud;

beforeAll(async () => {
  cloud = await startLocalCloud(app, { worker: false, beat: false, log: silentLogger });
});
beforeEach(() => cloud.traffic.reset());
afterAll(() => cloud.stop());

/** What was asked for since the test began, in the words of IAM: it knows no batches, and whoever makes a schedule passes on a role. */
function asked(): readonly string[] {
  const actions = Object.keys(cloud.traffic.byAction()).flatMap((request) => {
    const [service = '', name = ''] = request.split('.');
    const action = service === 'SQS' ? name.replace(/Batch$/, '') : name;
    const passing = /^(Create|Update)Schedule$/.test(name) ? ['iam:PassRole'] : [];
    return [`${service.toLowerCase()}:${action}`, ...passing];
  });
  return [...new Set(actions)].sort();
}

const { template } = deployed({ app });

/** What somebody may do who was granted that, and nothing else. */
function granted(grant: (runner: TaskRunner, to: ManagedPolicy) => void): readonly string[] {
  const { runner: own, stack } = deployed({ app });
  const policy = new ManagedPolicy(stack, 'Granted');
  grant(own, policy);
  return actionsIn(Stack.of(policy).resolve(policy.document).Statement);
}

test('a back end that calls', async () => {
  const workflow = chord([add.s(1, 1), add.s(2, 2)], total.s());

  await add.delay(1, 2);
  await length.delay('x'.repeat(1_200_000));
  const far = await add.applyAsync([1, 2], { countdown: '30d', taskId: 'far' });
  await add.applyAsync([1, 2], { countdown: '30d', taskId: 'far' });
  await far.revoke({ terminate: true });
  await add.applyAsync([1, 2], { idempotencyKey: 'a' });
  await add.applyAsync([1, 2], { throttle: { key: 'b', per: '1m' } });
  await add.applyAsync([1, 2], { debounce: { key: 'c', wait: '1m' } });
  await chain(group(Array.from({ length: 50 }, (_, i) => add.s(i, i))), total.s(), add.s(1)).delay();
  await workflow.delay();
  await app.GroupResult('saved', [far]).save();
  await far.forget();

  const allowed = granted((own, to) => own.grantSend(to));
  expect(asked()).toContain('scheduler:CreateSchedule');
  expect(asked()).toContain('s3:PutObject');
  expect(asked().filter((action) => !allowed.includes(action))).toEqual([]);
});

test.each([
  ['default', 'TasksdefaultConsumerWorkerRole'],
  ['own', 'TasksLongTasksownRole'],
])('a worker of the queue %s', async (queue, role) => {
  const calls = [
    await soon.applyAsync([], { queue }),
    await refused.applyAsync([], { queue }),
    await limited.applyAsync([1], { queue }),
    await length.applyAsync(['x'.repeat(1_200_000)], { queue }),
    await chord([add.s(1, 1).set({ queue }), add.s(2, 2).set({ queue })], total.s().set({ queue })).delay(),
  ];
  const far = await later.applyAsync([], { queue });
  await using _ = await startWorker(app, { queues: [queue], log: silentLogger });
  for (const call of calls) await call.get({ timeout: '30s', propagate: false });
  await expect.poll(() => far.state(), { timeout: 30_000 }).toBe('RETRY');

  const allowed = actionsIn(allowedTo(template(), role));
  expect(asked()).toContain('sqs:DeleteMessage');
  expect(asked()).toContain('scheduler:CreateSchedule');
  expect(asked().filter((action) => !allowed.includes(action))).toEqual([]);
});

test('whoever reads results', async () => {
  const result = app.AsyncResult<number>('read');
  const worker = await startWorker(app, { queues: ['default'], log: silentLogger });
  await (await add.applyAsync([1, 2], { taskId: 'read' })).get({ timeout: '30s' });
  await app.GroupResult('read-group', [result]).save();
  await worker.stop();
  cloud.traffic.reset();

  expect(await result.get({ timeout: '10s' })).toBe(3);
  expect(await result.meta()).toMatchObject({ state: 'SUCCESS' });
  await result.graph();
  expect(await (await app.restoreGroup('read-group'))?.get({ timeout: '10s' })).toEqual([3]);

  expect(asked()).toEqual(granted((own, to) => own.grantRead(to)));
});

test('whoever changes schedules', async () => {
  await app.schedules.create('acme', { task: add, args: [1, 2], schedule: '6h' });
  await app.schedules.update('acme', { schedule: '7h' });
  await app.schedules.pause('acme');
  await app.schedules.resume('acme');
  expect(await app.schedules.get('acme')).toMatchObject({ enabled: true });
  for await (const entry of app.schedules.list()) expect(entry.name).toMatch(/acme|often/);
  await app.schedules.delete('acme');

  const allowed = granted((own, to) => own.grantSchedules(to));
  expect(asked()).toContain('scheduler:ListSchedules');
  expect(asked().filter((action) => !allowed.includes(action))).toEqual([]);
});

test('beat', async () => {
  const [schedule] = app.topology().schedules;
  const wake = JSON.parse(schedule?.input ?? '{}');
  const slot = Math.floor(Date.now() / 60_000) * 60_000;
  await beat(app, { log: silentLogger })({ ...wake, time: new Date(slot).toISOString() });

  const allowed = actionsIn(allowedTo(template(), 'TasksSchedulerBeatRole'));
  expect(asked()).toContain('sqs:SendMessage');
  expect(asked().filter((action) => !allowed.includes(action))).toEqual([]);
});
