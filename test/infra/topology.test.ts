import { RemovalPolicy } from 'aws-cdk-lib';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { type QueueOptions, Tallo, type Topology } from 'tallo';
import { describe, expect, test } from 'vitest';
import { deployed, store } from './stacks.ts';

/** What the template says of the app's queues, in the words of its topology. */
function inTemplate(template: Template) {
  const queues = template.findResources('AWS::SQS::Queue');
  const functions = template.findResources('AWS::Lambda::Function');
  const nameOf = (reference: { readonly 'Fn::GetAtt': readonly string[] }) =>
    queues[reference['Fn::GetAtt'][0] ?? '']?.Properties.QueueName;
  const sources = Object.values(template.findResources('AWS::Lambda::EventSourceMapping'));
  return Object.values(queues)
    .filter(({ Properties }) => Properties.RedrivePolicy)
    .map(({ Properties }) => {
      const { QueueName, VisibilityTimeout, MessageRetentionPeriod, ReceiveMessageWaitTimeSeconds } =
        Properties;
      const { deadLetterTargetArn, maxReceiveCount } = Properties.RedrivePolicy;
      const source = sources.find((one) => nameOf(one.Properties.EventSourceArn) === QueueName)?.Properties;
      const served = source && functions[source.FunctionName.Ref]?.Properties;
      return {
        queueName: QueueName,
        visibilitySeconds: VisibilityTimeout,
        retentionSeconds: MessageRetentionPeriod,
        receiveWaitSeconds: ReceiveMessageWaitTimeSeconds,
        maxReceives: maxReceiveCount,
        deadLetterQueueName: nameOf(deadLetterTargetArn),
        deadLetterRetentionSeconds: Object.values(queues).find(
          (one) => one.Properties.QueueName === nameOf(deadLetterTargetArn),
        )?.Properties.MessageRetentionPeriod,
        served: served && {
          batchSize: source.BatchSize,
          batchWindowSeconds: source.MaximumBatchingWindowInSeconds ?? 0,
          concurrency: source.ScalingConfig?.MaximumConcurrency ?? null,
          reports: source.FunctionResponseTypes,
          timeoutSeconds: served.Timeout,
          memoryMiB: served.MemorySize,
        },
      };
    })
    .sort((a, b) => a.queueName.localeCompare(b.queueName));
}

/** The same of the topology itself. */
function inTopology({ queues }: Topology) {
  return queues
    .flatMap((queue) =>
      queue.lanes.map((lane) => ({
        queueName: lane.queueName,
        visibilitySeconds: queue.visibilitySeconds,
        retentionSeconds: queue.retentionSeconds,
        receiveWaitSeconds: queue.receiveWaitSeconds,
        maxReceives: queue.maxReceives,
        deadLetterQueueName: queue.deadLetterQueueName,
        deadLetterRetentionSeconds: queue.deadLetterRetentionSeconds,
        served:
          queue.runOn === 'lambda'
            ? {
                batchSize: queue.batchSize,
                batchWindowSeconds: queue.batchWindowSeconds,
                concurrency: lane.concurrency,
                reports: ['ReportBatchItemFailures'],
                timeoutSeconds: queue.timeoutSeconds,
                memoryMiB: queue.memoryMiB,
              }
            : undefined,
      })),
    )
    .sort((a, b) => a.queueName.localeCompare(b.queueName));
}

const app = () =>
  store({
    queues: {
      default: {},
      emails: { concurrency: 9, lanes: 3 },
      heavy: { timeLimit: '10m', memoryMiB: 2_048, batchSize: 50, batchWindow: '5s' },
      slow: { visibilityTimeout: '2h' },
      python: { runOn: 'celery' },
      own: { runOn: 'server' },
    },
  });

test.each([null, 'prod'])('the template is what the topology says, queue by queue (stage %s)', (stage) => {
  const given = app();
  const { template } = deployed({ app: given, ...(stage !== null && { stage }) });

  const topology = given.topology({ stage });
  expect(inTopology(topology).length).toBe(8);
  expect(inTemplate(template())).toEqual(inTopology(topology));
});

test('the table, the group, the role and the schedules have the names that callers derive', () => {
  const given = app();
  const template = deployed({ app: given }).template();
  const [schedule] = given.topology().schedules;

  template.hasResourceProperties('AWS::DynamoDB::GlobalTable', {
    TableName: 'store-tasks',
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
    TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
    Replicas: [Match.objectLike({ PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } })],
  });
  template.hasResourceProperties('AWS::Scheduler::ScheduleGroup', { Name: 'store' });
  template.hasResourceProperties('AWS::IAM::Role', {
    RoleName: { 'Fn::Join': ['', ['store-scheduler-', { Ref: 'AWS::Region' }]] },
  });
  template.hasResourceProperties('AWS::Lambda::Function', { FunctionName: 'store-beat', Timeout: 40 });
  template.hasResourceProperties('AWS::Scheduler::Schedule', {
    Name: schedule?.name,
    GroupName: 'store',
    ScheduleExpression: schedule?.expression,
    ScheduleExpressionTimezone: schedule?.timezone,
    FlexibleTimeWindow: { Mode: 'OFF' },
    State: 'ENABLED',
    Target: Match.objectLike({ Input: schedule?.input }),
  });
});

describe('a queue option that changes in the app changes the template:', () => {
  test.each<[string, QueueOptions]>([
    ['timeLimit', { timeLimit: '5m' }],
    ['concurrency', { concurrency: 7 }],
    ['lanes', { lanes: 2 }],
    ['batchSize', { batchSize: 3 }],
    ['batchWindow', { batchWindow: '20s' }],
    ['memoryMiB', { memoryMiB: 1_769 }],
    ['visibilityTimeout', { visibilityTimeout: '1h' }],
    ['runOn', { runOn: 'server' }],
  ])('%s', (_, options) => {
    const before = deployed({ app: new Tallo('store', { queues: { default: {} } }) });
    const after = deployed({ app: new Tallo('store', { queues: { default: options } }) });

    expect(inTemplate(after.template())).not.toEqual(inTemplate(before.template()));
    expect(inTemplate(after.template())).toEqual(inTopology(after.runner.topology));
  });
});

interface Kept {
  readonly Type: string;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

/** By their names, the policies of all resources of those types. */
function policiesOf({ Resources }: { readonly Resources: Readonly<Record<string, Kept>> }) {
  const held = Object.values(Resources).filter(({ Type }) => keeping.includes(Type));
  const said = held.map((one) => `${one.Type} ${one.DeletionPolicy} ${one.UpdateReplacePolicy}`);
  return [...new Set(said)].sort();
}

const keeping = [
  'AWS::SQS::Queue',
  'AWS::DynamoDB::GlobalTable',
  'AWS::Scheduler::ScheduleGroup',
  'AWS::Logs::LogGroup',
];

test('nothing is deleted with the stack, but what a failed deployment has made is: names must not stay taken', () => {
  expect(policiesOf(deployed({ app: app() }).template().toJSON() as never)).toEqual([
    // It is protected: CloudFormation could not delete it, and would hang there.
    'AWS::DynamoDB::GlobalTable Retain Retain',
    'AWS::Logs::LogGroup RetainExceptOnCreate Retain',
    'AWS::SQS::Queue RetainExceptOnCreate Retain',
    'AWS::Scheduler::ScheduleGroup RetainExceptOnCreate Retain',
  ]);
});

test('a stage that comes and goes leaves nothing', () => {
  const destroying = deployed({ app: app(), removalPolicy: RemovalPolicy.DESTROY }).template();

  expect(policiesOf(destroying.toJSON() as never)).toEqual(
    keeping.map((type) => `${type} Delete Delete`).sort(),
  );
  destroying.hasResourceProperties('AWS::DynamoDB::GlobalTable', {
    Replicas: [Match.objectLike({ DeletionProtectionEnabled: false })],
  });
});

test('in a standby region, beat has its schedules and they do not fire', () => {
  deployed({ beat: 'paused' })
    .template()
    .hasResourceProperties('AWS::Scheduler::Schedule', { State: 'DISABLED' });
});

test('settings of a queue that the app does not have are refused', () => {
  expect(() => deployed({ queues: { email: {} } })).toThrow(
    "Expected settings for queues of app 'store', which are default, got 'email'.",
  );
});

test('a key of its own needs a region', () => {
  expect(() => deployed({ encryptionKey: true })).toThrow(
    "Expected a stack with encryptionKey to know its region, got one for any. Say new Stack(app, id, { env: { region: 'us-east-1' } }).",
  );
});
