import { Aspects, CfnParameter, CfnResource, type IAspect, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import type { IConstruct } from 'constructs';
import { Tallo } from 'tallo';
import type { TaskRunner } from 'tallo/infra';
import { describe, expect, test } from 'vitest';
import { actualPlan } from '../../infra/preflight/actual-plan.ts';
import { planOf } from '../../preflight/plan/plan-of.ts';
import { rules } from '../../preflight/rules.ts';
import { deployed, store } from '../infra/stacks.ts';

type Given = NonNullable<Parameters<typeof deployed>[0]>;

/** The resource of that type at or below a construct, to be changed by hand. */
function resourceIn(scope: IConstruct, type: string): CfnResource {
  const found = scope.node
    .findAll()
    .filter(CfnResource.isCfnResource)
    .find((resource) => resource.cfnResourceType === type);
  if (found) return found;
  throw new Error(`There is no ${type} in ${scope.node.path}.`);
}

const laneOf = (runner: TaskRunner) => {
  const [lane] = runner.queue('default').lanes;
  return resourceIn(lane?.queue ?? runner, 'AWS::SQS::Queue');
};
const deadLettersOf = (runner: TaskRunner) =>
  resourceIn(runner.queue('default').deadLetterQueue, 'AWS::SQS::Queue');
const functionOf = (runner: TaskRunner) => resourceIn(runner.queue('default'), 'AWS::Lambda::Function');
const sourceOf = (runner: TaskRunner) =>
  resourceIn(runner.queue('default'), 'AWS::Lambda::EventSourceMapping');

/** What a synthesis throws, and what it warns of, after a change. */
function synthesised(change: (runner: TaskRunner) => void, given: Given = {}) {
  const { runner, template } = deployed(given);
  change(runner);
  const thrown = errorOf(template);
  return { thrown, warnings: warningsOf(runner) };
}

function warningsOf({ node }: TaskRunner): readonly string[] {
  return node.metadata.filter(({ type }) => type === 'aws:cdk:warning').map(({ data }) => String(data));
}

function errorOf(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The findings of a report: their levels and rules. */
function findingsIn(report = ''): readonly string[] {
  return [...report.matchAll(/^ *(ERROR|WARNING) ([a-z-]+):/gm)].map(([, level, rule]) => `${level} ${rule}`);
}

function expireAfter(bucket: CfnResource, days: number): void {
  bucket.addPropertyOverride('LifecycleConfiguration.Rules.0.ExpirationInDays', days);
}

const untouched = () => undefined;

describe('a synthesis', () => {
  test('of a deployment without faults passes in silence', () => {
    expect(synthesised(untouched)).toEqual({ thrown: undefined, warnings: [] });
  });

  test('is stopped by an error that an escape hatch made, with the whole report', () => {
    const { thrown, warnings } = synthesised((runner) => {
      laneOf(runner).addPropertyOverride('VisibilityTimeout', 10);
      deadLettersOf(runner).addPropertyOverride('MessageRetentionPeriod', 604_800);
    });

    expect(thrown?.replace(/^.*\n {2}\[Store\/Tasks\] /, '')).toBe(`\
Preflight of app 'store'

ERROR visibility-timeout: queue 'default'
  found   a visibility timeout of 10 s, with a function's timeout of 32 s
  wanted  at least 32 s: a message would be delivered again while it runs, and Lambda refuses a timeout above it
  do      Leave visibilityTimeout out: the app derives 192 s.
  see     https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html

ERROR dead-letter-retention: queue 'default'
  found   a retention of 14 days, and of 7 days in its dead-letter queue
  wanted  longer in the dead-letter queue: an old message is deleted as it gets there, for it keeps the time at which it was sent
  do      Leave it to the app: 14 days, the most that SQS has.
  see     https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/setting-up-dead-letter-queue-retention.html

2 errors, 0 warnings; ${rules.length} rules looked at 1 queue and 1 task.`);
    expect(warnings).toEqual([]);
  });

  test('is stopped by what an aspect does at the last moment', () => {
    const shorten: IAspect = {
      visit: (node) => {
        if (CfnResource.isCfnResource(node) && node.cfnResourceType === 'AWS::Lambda::Function')
          node.addPropertyOverride('Timeout', 5);
      },
    };

    expect(findingsIn(synthesised((runner) => Aspects.of(runner).add(shorten)).thrown)).toEqual([
      'ERROR batch-time',
    ]);
  });

  test('tells warnings, and goes on', () => {
    const given = { app: store({ queues: { unused: {} } }) };
    const { thrown, warnings } = synthesised(untouched, given);

    expect(thrown).toBeUndefined();
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/^Preflight of app 'store'\n\nWARNING queue-unused: queue 'unused'\n/);
    expect(warnings[0]).toMatch(/\[ack: tallo:preflight\]$/);
    expect(
      synthesised(untouched, { ...given, preflight: { accept: ['queue-unused:unused'] } }).warnings,
    ).toEqual([]);
  });

  test('tells a report once, however often it is made', () => {
    const { cdk, runner, template } = deployed({ app: store({ queues: { unused: {} } }) });
    template();
    cdk.synth({ force: true });

    expect(warningsOf(runner)).toHaveLength(1);
  });

  test('knows region and quotas', () => {
    const app = new Tallo('store');
    app.task('hello', { defaultRetryDelay: '1h' }, () => 1);
    const warningsIn = (region: string, accountConcurrency: number) =>
      synthesised(untouched, { app, stack: { env: { region } }, preflight: { accountConcurrency } }).warnings;

    expect(warningsIn('eu-west-1', 5)).toEqual([]);
    expect(findingsIn(warningsIn('eu-south-1', 4)[0])).toEqual([
      'WARNING account-concurrency',
      'WARNING scheduler-rate',
    ]);
  });
});

describe('of what was changed by hand, these are seen:', () => {
  test.each<[string, (runner: TaskRunner) => void, readonly string[]]>([
    ['no retention', (runner) => laneOf(runner).addPropertyDeletionOverride('MessageRetentionPeriod'), []],
    [
      'a short retention',
      (runner) => laneOf(runner).addPropertyOverride('MessageRetentionPeriod', 900),
      ['ERROR retention'],
    ],
    [
      'no redrive policy',
      (runner) => laneOf(runner).addPropertyDeletionOverride('RedrivePolicy'),
      ['ERROR dead-letter-queue'],
    ],
    [
      'few receives',
      (runner) => laneOf(runner).addPropertyOverride('RedrivePolicy.maxReceiveCount', 3),
      ['WARNING max-receives'],
    ],
    [
      'no retention of dead letters',
      (runner) => deadLettersOf(runner).addPropertyDeletionOverride('MessageRetentionPeriod'),
      ['ERROR dead-letter-retention'],
    ],
    [
      'no visibility timeout',
      (runner) => laneOf(runner).addPropertyDeletionOverride('VisibilityTimeout'),
      ['ERROR visibility-timeout'],
    ],
    [
      'no response types',
      (runner) => sourceOf(runner).addPropertyDeletionOverride('FunctionResponseTypes'),
      ['ERROR batch-failures'],
    ],
    [
      'a source that is off',
      (runner) => sourceOf(runner).addPropertyOverride('Enabled', false),
      ['WARNING queue-served'],
    ],
    [
      'a source that is gone',
      (runner) => {
        const source = sourceOf(runner).node.scope;
        source?.node.scope?.node.tryRemoveChild(source.node.id);
      },
      ['ERROR queue-served'],
    ],
    [
      'a large batch',
      (runner) => sourceOf(runner).addPropertyOverride('BatchSize', 500),
      ['ERROR batch-size'],
    ],
    [
      'a long window',
      (runner) => sourceOf(runner).addPropertyOverride('MaximumBatchingWindowInSeconds', 170),
      ['ERROR visibility-timeout'],
    ],
    [
      'one at a time',
      (runner) => sourceOf(runner).addPropertyOverride('ScalingConfig', { MaximumConcurrency: 1 }),
      ['ERROR concurrency-limits'],
    ],
    [
      'one poller',
      (runner) =>
        sourceOf(runner).addPropertyOverride('ProvisionedPollerConfig', {
          MinimumPollers: 1,
          MaximumPollers: 9,
        }),
      ['ERROR provisioned-mode'],
    ],
    [
      'pollers without a maximum',
      (runner) => sourceOf(runner).addPropertyOverride('ProvisionedPollerConfig', { MinimumPollers: 5 }),
      ['WARNING account-concurrency'],
    ],
    [
      'a longer timeout',
      (runner) => functionOf(runner).addPropertyOverride('Timeout', 193),
      ['ERROR visibility-timeout'],
    ],
    [
      'no timeout',
      (runner) => functionOf(runner).addPropertyDeletionOverride('Timeout'),
      ['ERROR batch-time'],
    ],
    [
      'too much memory',
      (runner) => functionOf(runner).addPropertyOverride('MemorySize', 20_480),
      ['ERROR function-limits'],
    ],
    [
      'a reserved concurrency',
      (runner) => functionOf(runner).addPropertyOverride('ReservedConcurrentExecutions', 1),
      ['WARNING reserved-concurrency'],
    ],
    [
      'no recursion',
      (runner) => functionOf(runner).addPropertyOverride('RecursiveLoop', 'Terminate'),
      ['ERROR recursive-loop'],
    ],
    [
      'another time to live',
      (runner) =>
        resourceIn(runner.table, 'AWS::DynamoDB::GlobalTable').addPropertyOverride(
          'TimeToLiveSpecification.AttributeName',
          'expires',
        ),
      ['WARNING table-ttl'],
    ],
    [
      'no time to live',
      (runner) =>
        resourceIn(runner.table, 'AWS::DynamoDB::GlobalTable').addPropertyOverride(
          'TimeToLiveSpecification.Enabled',
          false,
        ),
      ['WARNING table-ttl'],
    ],
  ])('%s', (_what, change, findings) => {
    const { thrown, warnings } = synthesised(change);

    expect(findingsIn(thrown ?? warnings[0])).toEqual(findings);
  });

  test.each<[string, (bucket: CfnResource) => void, readonly string[]]>([
    ['a short life', (bucket) => expireAfter(bucket, 7), ['ERROR payload-lifetime']],
    [
      'no end',
      (bucket) => bucket.addPropertyDeletionOverride('LifecycleConfiguration'),
      ['WARNING payload-lifetime'],
    ],
    [
      'a rule that is off',
      (bucket) => bucket.addPropertyOverride('LifecycleConfiguration.Rules.0.Status', 'Disabled'),
      ['WARNING payload-lifetime'],
    ],
  ])('%s of payloads', (_what, change, findings) => {
    const app = store({ payloadBucket: true });
    const { thrown, warnings } = synthesised((runner) => change(resourceIn(runner, 'AWS::S3::Bucket')), {
      app,
    });

    expect([...new Set(findingsIn(thrown ?? warnings[0]))]).toEqual(findings);
  });

  test('no alarms', () => {
    const { warnings } = synthesised(untouched, { alarms: false });

    expect(findingsIn(warnings[0])).toEqual(['WARNING dead-letter-alarm']);
  });

  test('what only CloudFormation will know counts as planned', () => {
    const { thrown, warnings } = synthesised((runner) => {
      const parameter = new CfnParameter(Stack.of(runner), 'Seconds', { type: 'Number' });
      for (const name of ['VisibilityTimeout', 'MessageRetentionPeriod'])
        laneOf(runner).addPropertyOverride(name, { Ref: parameter.logicalId });
      laneOf(runner).addPropertyOverride('RedrivePolicy.maxReceiveCount', { Ref: parameter.logicalId });
      functionOf(runner).addPropertyOverride('Timeout', { Ref: parameter.logicalId });
    });

    expect({ thrown, warnings }).toEqual({ thrown: undefined, warnings: [] });
  });
});

test('what the app plans is what the template has, number by number', () => {
  const app = store({
    queues: {
      emails: {
        lanes: 3,
        concurrency: 9,
        batchSize: 50,
        batchWindow: '20s',
        memoryMiB: 1_024,
        timeLimit: '2m',
      },
      python: { runOn: 'celery' },
      own: { runOn: 'server', visibilityTimeout: '5m' },
      films: { runOn: 'fargate', concurrency: 4, memoryMiB: 4_096 },
      songs: { runOn: 'fargate' },
    },
  });
  const { runner } = deployed({
    app,
    stage: 'test',
    removalPolicy: RemovalPolicy.DESTROY,
    longTasks: { image: ContainerImage.fromRegistry('example.com/worker') },
  });
  const plan = planOf(app, { stage: 'test' });
  const queues = [...runner.topology.queues].map(({ name }) => runner.queue(name));
  const { consumers, longTasks, table, payloadBucket } = runner;
  // Whatever it would answer for its own default, the template must have said.
  const doubtful = {
    ...plan,
    queues: plan.queues.map((queue) => ({
      ...queue,
      function: queue.function && {
        timeoutSeconds: -1,
        memoryMiB: -1,
        reservedConcurrency: -1,
        mayLoop: false,
      },
      containers: queue.containers && { ...queue.containers, most: -1, cpuUnits: -1, stopTimeoutSeconds: -1 },
      deadLetters: queue.deadLetters && { ...queue.deadLetters, retentionSeconds: -1, hasAlarm: false },
      lanes: queue.lanes.map((lane) => ({
        ...lane,
        visibilitySeconds: -1,
        retentionSeconds: -1,
        maxReceives: -1,
        source: lane.source && {
          batchSize: -1,
          batchWindowSeconds: -1,
          maximumConcurrency: -1,
          provisioned: null,
          reportsBatchItemFailures: false,
          isEnabled: false,
        },
      })),
    })),
    table: { ...plan.table, ttlAttribute: null },
    payloads: plan.payloads.map((payloads) => ({ ...payloads, keptDays: null })),
  };

  expect(actualPlan(runner, doubtful, { queues, consumers, longTasks, table, payloadBucket })).toEqual(plan);
});
