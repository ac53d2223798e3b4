import { Stack } from 'aws-cdk-lib';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Cluster, ContainerImage } from 'aws-cdk-lib/aws-ecs';
import { Architecture } from 'aws-cdk-lib/aws-lambda';
import { type QueueOptions, Tallo } from 'tallo';
import type { LongTaskSettings, TaskRunnerProps } from 'tallo/infra';
import { describe, expect, test } from 'vitest';
import { deployed, store, unbundled } from './stacks.ts';

const fargate = (options: QueueOptions = {}) =>
  new Tallo('studio', { queues: { default: {}, videos: { runOn: 'fargate', ...options } } });

function templateOf(options: QueueOptions = {}, props: Partial<TaskRunnerProps> = {}): Template {
  return deployed({ app: fargate(options), ...props }).template();
}

/** The properties of the only resource of that type. */
function only(template: Template, type: string) {
  const found = Object.values(template.findResources(type));
  expect(found).toHaveLength(1);
  return found[0]?.Properties;
}

const typesOf = (template: Template) =>
  Object.values<{ readonly Type: string }>(template.toJSON().Resources).map(({ Type }) => Type);

test('an app without a queue on Fargate has no network, no cluster, no container and no image', () => {
  const app = store({ queues: { default: {}, own: { runOn: 'server' } } });
  const { template, runner, cdk } = deployed({ app });

  expect(typesOf(template()).filter((type) => /EC2|ECS|AutoScaling/.test(type))).toEqual([]);
  expect(runner.longTasks).toBeUndefined();
  expect(cdk.synth().getStackByName('Store').assets.length).toBe(0);
});

describe('the container of a queue', () => {
  test('runs tallo worker for this queue, as its topology says', () => {
    const definition = only(
      templateOf(
        { memoryMiB: 4_096, cpuUnits: 2_048 },
        { stage: 'prod', functions: { environment: { MODE: 'fast' } } },
      ),
      'AWS::ECS::TaskDefinition',
    );

    expect(definition).toMatchObject({
      Cpu: '2048',
      Memory: '4096',
      RuntimePlatform: { CpuArchitecture: 'ARM64', OperatingSystemFamily: 'LINUX' },
      Volumes: [{ Name: 'tmp' }],
    });
    expect(definition.ContainerDefinitions).toEqual([
      expect.objectContaining({
        Command: ['-Q', 'videos'],
        // Fargate's longest; a worker gives its tasks 110 s of it.
        StopTimeout: 120,
        ReadonlyRootFilesystem: true,
        MountPoints: [{ ContainerPath: '/tmp', ReadOnly: false, SourceVolume: 'tmp' }],
        LinuxParameters: { Capabilities: { Drop: ['ALL'] }, InitProcessEnabled: true },
      }),
    ]);
    expect(definition.ContainerDefinitions[0].Environment).toEqual([
      { Name: 'AWS_REGION', Value: { Ref: 'AWS::Region' } },
      { Name: 'MODE', Value: 'fast' },
      { Name: 'TALLO_STAGE', Value: 'prod' },
      { Name: 'TALLO_QUEUE_URLS', Value: expect.anything() },
    ]);
  });

  test('has a log of its own that is kept as long as those of functions, and that cannot hold up the work', () => {
    const { LogConfiguration } = only(templateOf(), 'AWS::ECS::TaskDefinition').ContainerDefinitions[0];

    expect(LogConfiguration.Options).toMatchObject({
      'awslogs-group': { Ref: expect.stringMatching(/^TasksLongTasksvideosLog/) },
      mode: 'non-blocking',
    });
    templateOf().resourcePropertiesCountIs('AWS::Logs::LogGroup', { RetentionInDays: 30 }, 4);
  });

  test('is for Intel and AMD where functions are, and has a larger disk if asked for', () => {
    const props = {
      functions: { architecture: Architecture.X86_64 },
      longTasks: { ephemeralStorageGiB: 100 },
    };

    expect(only(templateOf({}, props), 'AWS::ECS::TaskDefinition')).toMatchObject({
      RuntimePlatform: { CpuArchitecture: 'X86_64' },
      EphemeralStorage: { SizeInGiB: 100 },
    });
  });

  test('may be the own image of the user, whose files are as they are', () => {
    const image = ContainerImage.fromRegistry('example.com/studio:1');
    const { ContainerDefinitions, Volumes } = only(
      templateOf({}, { longTasks: { image } }),
      'AWS::ECS::TaskDefinition',
    );

    expect(ContainerDefinitions[0]).toMatchObject({
      Image: 'example.com/studio:1',
      Command: ['node_modules/.bin/tallo', 'worker', '--json', '-Q', 'videos'],
      ReadonlyRootFilesystem: false,
      StopTimeout: 120,
    });
    expect(Volumes).toBeUndefined();
  });
});

describe('the service of a queue', () => {
  test('keeps the number of containers that it has at a deployment, and goes back if new ones do not start', () => {
    const service = only(templateOf(), 'AWS::ECS::Service');

    expect(service).not.toHaveProperty('DesiredCount');
    expect(service).not.toHaveProperty('EnableExecuteCommand');
    expect(service.DeploymentConfiguration).toMatchObject({
      MinimumHealthyPercent: 100,
      MaximumPercent: 200,
      DeploymentCircuitBreaker: { Enable: true, Rollback: true },
    });
  });

  test('shares cluster, network and image with those of other queues', () => {
    const app = new Tallo('studio', {
      queues: { default: {}, videos: { runOn: 'fargate' }, films: { runOn: 'fargate' } },
    });
    const { template, runner } = deployed({ app });

    expect([...(runner.longTasks?.services.keys() ?? [])]).toEqual(['videos', 'films']);
    template().resourceCountIs('AWS::ECS::Service', 2);
    template().resourceCountIs('AWS::ECS::Cluster', 1);
    template().resourceCountIs('AWS::EC2::VPC', 1);
    const images = Object.values(template().findResources('AWS::ECS::TaskDefinition')).map(({ Properties }) =>
      JSON.stringify(Properties.ContainerDefinitions[0].Image),
    );
    expect(new Set(images).size).toBe(1);
  });

  test('consumes the queue that is there, and makes none', () => {
    const queues = Object.values(templateOf().findResources('AWS::SQS::Queue'));

    expect(queues.map(({ Properties }) => Properties.QueueName).toSorted()).toEqual([
      'studio-default',
      'studio-default-dlq',
      'studio-undelivered',
      'studio-videos',
      'studio-videos-dlq',
    ]);
  });
});

describe('the network', () => {
  test('costs nothing while nothing runs: no NAT gateway, no address that is kept, no endpoint', () => {
    const types = typesOf(templateOf());

    expect(types.filter((type) => /NatGateway|EIP|VPCEndpoint|LoadBalancer/.test(type))).toEqual([]);
    expect(types.filter((type) => type === 'AWS::EC2::Subnet')).toHaveLength(2);
  });

  test('lets nothing in; containers reach AWS by an address of their own', () => {
    const template = templateOf();

    expect(only(template, 'AWS::EC2::SecurityGroup')).not.toHaveProperty('SecurityGroupIngress');
    expect(typesOf(template)).not.toContain('AWS::EC2::SecurityGroupIngress');
    expect(only(template, 'AWS::ECS::Service').NetworkConfiguration.AwsvpcConfiguration).toMatchObject({
      AssignPublicIp: 'ENABLED',
      Subnets: [{ Ref: expect.stringContaining('Public') }, { Ref: expect.stringContaining('Public') }],
    });
    template.allResourcesProperties('AWS::EC2::Subnet', { MapPublicIpOnLaunch: false });
    template.hasResourceProperties('AWS::EC2::FlowLog', { TrafficType: 'ALL' });
  });

  /** With something of the user's, which a stack of its own has. */
  function withOwn(make: (stack: Stack) => LongTaskSettings): Template {
    const cdk = unbundled();
    const longTasks = make(new Stack(cdk, 'Own'));
    return deployed({ cdk, app: fargate(), longTasks }).template();
  }

  test.each<[string, (stack: Stack) => LongTaskSettings]>([
    ['network', (stack) => ({ vpc: new Vpc(stack, 'Vpc') })],
    ['cluster', (stack) => ({ cluster: new Cluster(stack, 'Cluster') })],
  ])('may be the own %s of the user: in private subnets, without a public address', (what, make) => {
    const template = withOwn(make);

    template.resourceCountIs('AWS::EC2::VPC', 0);
    template.resourceCountIs('AWS::ECS::Cluster', what === 'cluster' ? 0 : 1);
    expect(only(template, 'AWS::ECS::Service').NetworkConfiguration.AwsvpcConfiguration).toMatchObject({
      AssignPublicIp: 'DISABLED',
      Subnets: [
        { 'Fn::ImportValue': expect.stringContaining('Private') },
        { 'Fn::ImportValue': expect.stringContaining('Private') },
      ],
    });
  });

  test('cannot be both', () => {
    const both = (stack: Stack) => ({
      vpc: new Vpc(stack, 'Vpc'),
      cluster: new Cluster(stack, 'Cluster'),
    });

    expect(() => withOwn(both)).toThrow('Expected longTasks to have a cluster or a vpc, got both.');
  });
});

describe('a task', () => {
  const actionsOf = (template: Template, policy: RegExp) =>
    Object.entries(template.findResources('AWS::IAM::Policy'))
      .filter(([id]) => policy.test(id))
      .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement)
      .flatMap(({ Action, Resource }) =>
        [Action].flat().map((action) => `${action} ${JSON.stringify(Resource)}`),
      )
      .map((text) => text.replaceAll(/Tasks(videos|default)/g, 'Tasks').replaceAll(/[0-9A-F]{8}/g, ''))
      .toSorted();

  test('may do what it may in a function, and ask ECS not to stop it: nothing else', () => {
    const ofContainer = actionsOf(templateOf(), /^TasksLongTasksvideosRole/);
    const ofFunction = actionsOf(templateOf(), /^TasksdefaultConsumerWorkerRole/);

    expect(ofFunction.length).toBeGreaterThan(15);
    const isOfLog = (text: string) => text.startsWith('logs:');
    expect(ofContainer.filter((one) => !one.startsWith('ecs:'))).toEqual(
      ofFunction.filter((one) => !isOfLog(one)),
    );
    expect(ofContainer.filter((one) => one.startsWith('ecs:')).map((one) => one.split(' ')[0])).toEqual([
      'ecs:GetTaskProtection',
      'ecs:UpdateTaskProtection',
    ]);
  });

  test('has a role that only containers of this account can take on', () => {
    templateOf().hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: Match.objectLike({
        Statement: [
          Match.objectLike({
            Principal: { Service: 'ecs-tasks.amazonaws.com' },
            Condition: Match.objectLike({
              StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
            }),
          }),
        ],
      }),
    });
  });
});
