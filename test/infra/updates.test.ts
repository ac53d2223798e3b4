import { type AppOptions, crontab, Tallo } from 'tallo';
import type { TaskRunnerProps } from 'tallo/infra';
import { expect, test } from 'vitest';
import { deployed } from './stacks.ts';

// CloudFormation makes what is new before it deletes what is old: a name that moves to another logical id is still taken, and the update fails.

interface Shape {
  readonly queues?: AppOptions['queues'];
  readonly payloadBucket?: boolean;
  readonly entries?: readonly string[];
  readonly props?: Partial<TaskRunnerProps>;
  readonly isInNetwork?: boolean;
}

const queues = { default: {}, emails: { lanes: 2 }, videos: { runOn: 'fargate' } } as const;
const env = { region: 'eu-west-1', account: '123456789012' };

/** The logical id of each resource that has a name of ours, by type and name. */
function named({
  queues: changed = {},
  payloadBucket = false,
  entries = ['daily'],
  props = {},
  isInNetwork = false,
}: Shape) {
  const app = new Tallo('store', { queues: { ...queues, ...changed }, payloadBucket });
  const report = app.task('reports.daily', () => 'done');
  for (const entry of entries) app.beat({ [entry]: { task: report, schedule: crontab({ hour: 8 }) } });
  const { Resources } = deployed({ app, stack: { env }, isInNetwork, ...props })
    .template()
    .toJSON();
  const found = Object.entries<{ Type: string; Properties?: Record<string, unknown> }>(Resources).flatMap(
    ([id, { Type, Properties = {} }]) => {
      const name = nameKeys.map((key) => Properties[key]).find((value) => typeof value === 'string');
      return name === undefined ? [] : [[`${Type} ${name}`, id] as const];
    },
  );
  return new Map(found);
}

const nameKeys = ['QueueName', 'TableName', 'FunctionName', 'RoleName', 'AlarmName', 'DashboardName', 'Name'];

const before = named({});

test.each<[string, Shape]>([
  ['more lanes', { queues: { emails: { lanes: 3 } } }],
  ['no lanes', { queues: { emails: {} } }],
  ['another time limit', { queues: { emails: { lanes: 2, timeLimit: '10m', concurrency: 10 } } }],
  ['from Lambda to Fargate', { queues: { emails: { runOn: 'fargate' } } }],
  ['from Fargate to Lambda', { queues: { videos: {} } }],
  ['to a server', { queues: { videos: { runOn: 'server' } } }],
  ['to Celery', { queues: { emails: { runOn: 'celery' } } }],
  ['one more queue', { queues: { films: { runOn: 'fargate' } } }],
  ['a bucket', { payloadBucket: true }],
  ['no entry of beat', { entries: [] }],
  ['one more entry', { entries: ['daily', 'nightly'] }],
  ['a key', { props: { encryptionKey: true } }],
  ['an index, and a replica', { props: { table: { listingIndex: true, replicaRegions: ['us-east-1'] } } }],
  ['safe deployment', { props: { deployment: {} } }],
  ['no alarms and no dashboard', { props: { alarms: false, dashboard: false } }],
  ['a network', { isInNetwork: true }],
])('what keeps its name keeps its logical id: %s', (_, change) => {
  const after = named(change);
  const moved = [...before].filter(([name, id]) => after.has(name) && after.get(name) !== id);

  expect([...before.keys()].filter((name) => after.has(name)).length).toBeGreaterThan(8);
  expect(moved).toEqual([]);
});
