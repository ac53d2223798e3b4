import { Match } from 'aws-cdk-lib/assertions';
import { Tallo } from 'tallo';
import { describe, expect, test } from 'vitest';
import { actionsIn, allowedTo } from './allowed.ts';
import { deployed, everything, store } from './stacks.ts';

/** What CloudFormation takes, and AWS would refuse, or fail at much later. */

const env = { region: 'eu-west-1', account: '123456789012' };

test('EventBridge Scheduler may reach whatever its schedules name: their targets, and where it puts what failed', () => {
  const template = deployed({ ...everything(), stack: { env } }).template();
  const allowed = allowedTo(template, 'TasksSchedulerRole');
  const may = (action: string) =>
    allowed.filter(({ Action }) => [Action].flat().includes(action)).map(({ Resource }) => Resource);

  const schedules = Object.values(template.findResources('AWS::Scheduler::Schedule'));
  expect(schedules).not.toEqual([]);
  for (const { Properties } of schedules) {
    expect(may('lambda:InvokeFunction')).toContainEqual(Properties.Target.Arn);
    expect(may('sqs:SendMessage')).toContainEqual(Properties.Target.DeadLetterConfig.Arn);
  }
  // And every lane: the timers of far calls.
  expect(may('sqs:SendMessage')).toHaveLength(1 + 7);
});

describe('functions in a network', () => {
  test('have a role by which Lambda may bring them there', () => {
    const template = deployed({ isInNetwork: true, stack: { env } }).template();

    for (const role of ['TasksdefaultConsumerWorkerRole', 'TasksSchedulerBeatRole']) {
      const ofNetwork = allowedTo(template, role).filter(({ Action }) => String(Action).startsWith('ec2:'));
      expect(ofNetwork).toEqual([
        expect.objectContaining({
          Action: ['ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets'],
          Resource: '*',
        }),
        expect.objectContaining({
          Action: [
            'ec2:AssignPrivateIpAddresses',
            'ec2:CreateNetworkInterface',
            'ec2:DeleteNetworkInterface',
            'ec2:UnassignPrivateIpAddresses',
          ],
          Resource: {
            'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':ec2:eu-west-1:123456789012:*/*']],
          },
        }),
      ]);
    }
  });

  test('have none of that without one', () => {
    const allowed = actionsIn(allowedTo(deployed().template(), 'Tasks'));

    expect(allowed.filter((action) => action.startsWith('ec2:'))).toEqual([]);
  });
});

describe('a queue', () => {
  const taken = ['Table', 'Scheduler', 'Key', 'Payloads', 'Deployment', 'LongTasks', 'Alarms', 'Dashboard'];
  const takenOfContainers = ['Cluster', 'Network', 'TrafficLog', 'Closed', 'Image'];

  test.each([...taken, ...takenOfContainers, 'Default', 'Resource'])('may be called %s', (name) => {
    const app = new Tallo('store', {
      queues: { [name]: { runOn: takenOfContainers.includes(name) ? 'fargate' : 'lambda' } },
      payloadBucket: true,
    });

    deployed({ app, encryptionKey: true, deployment: {}, stack: { env } })
      .template()
      .hasResourceProperties('AWS::SQS::Queue', { QueueName: `store-${name}` });
  });
});

test('CloudWatch Logs may do with the key what its own page asks for', () => {
  deployed({ app: store(), encryptionKey: true, stack: { env } })
    .template()
    .hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: Match.objectLike({
        Statement: Match.arrayWith([
          Match.objectLike({
            Principal: { Service: { 'Fn::Join': ['', ['logs.eu-west-1.', { Ref: 'AWS::URLSuffix' }]] } },
            Action: Match.arrayWith(['kms:Decrypt', 'kms:GenerateDataKeyWithoutPlaintext']),
          }),
        ]),
      }),
    });
});
