import { App, Stack, type StackProps } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { type IVpc, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Tracing } from 'aws-cdk-lib/aws-lambda';
import { type AppOptions, crontab, Tallo } from 'tallo';
import { TaskRunner, type TaskRunnerProps } from 'tallo/infra';

/** A CDK app that leaves functions unbundled: what they hold does not matter for most of the template. */
export function unbundled(outdir?: string): App {
  return new App({ context: { 'aws:cdk:bundling-stacks': [] }, ...(outdir !== undefined && { outdir }) });
}

/** A store's app with a task and a daily entry of beat. */
export function store(options: AppOptions = {}): Tallo {
  const app = new Tallo('store', options);
  const report = app.task('reports.daily', () => 'done');
  app.beat({ daily: { task: report, schedule: crontab({ hour: 8, minute: 0 }) } });
  return app;
}

/** A network that is there already. */
function networkIn(stack: Stack): IVpc {
  return Vpc.fromVpcAttributes(stack, 'Network', {
    vpcId: 'vpc-0123456789abcdef0',
    availabilityZones: ['eu-west-1a'],
    privateSubnetIds: ['subnet-0123456789abcdef0'],
  });
}

type Given = Partial<TaskRunnerProps> & {
  readonly stack?: StackProps;
  readonly cdk?: App;
  readonly isInNetwork?: boolean;
};

/** A stack with one runner. */
export function deployed({ stack: stackProps, cdk = unbundled(), isInNetwork, ...props }: Given = {}) {
  const stack = new Stack(cdk, 'Store', stackProps);
  const runner = new TaskRunner(stack, 'Tasks', {
    app: store(),
    entry: 'examples/app.ts',
    ...props,
    ...(isInNetwork && { functions: { ...props.functions, vpc: networkIn(stack) } }),
  });
  return { cdk, stack, runner, template: () => Template.fromStack(stack) };
}

const replicaKeyArns = { 'us-east-1': 'arn:aws:kms:us-east-1:123456789012:key/replica' };

/** What switches on whatever a runner has. */
export function everything(): Omit<Given, 'cdk'> {
  return {
    app: store({
      queues: {
        emails: { lanes: 3, concurrency: 9 },
        python: { runOn: 'celery' },
        own: { runOn: 'server' },
        videos: { runOn: 'fargate' },
      },
      payloadBucket: true,
    }),
    stage: 'prod',
    encryptionKey: true,
    table: { listingIndex: true, replicaRegions: ['us-east-1'], replicaKeyArns },
    queues: { default: { provisionedPollers: { minimumPollers: 2, maximumPollers: 20 } } },
    functions: { tracing: Tracing.ACTIVE },
    deployment: {},
  };
}
