import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { App, Stack } from 'aws-cdk-lib';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { LambdaDeploymentConfig } from 'aws-cdk-lib/aws-codedeploy';
import { afterEach, describe, expect, test } from 'vitest';
import { app as adder } from './apps/adder.ts';
import { deployed, store } from './stacks.ts';

const queues = { default: {}, emails: { lanes: 2, concurrency: 10 }, python: { runOn: 'celery' } } as const;
const usual = deployed({ app: store({ queues }), stage: 'prod', deployment: {} });
const template = usual.template();

/** The logical ids of all resources of a type. */
const idsOf = (of: Template, type: string) => Object.keys(of.findResources(type));
const versionOf = (of: Template, queue: string) =>
  idsOf(of, 'AWS::Lambda::Version').find((id) => id.startsWith(`Tasks${queue}Consumer`)) ?? 'none';

test('by default a new version takes over at once: no alias, no version, nothing of CodeDeploy', () => {
  const plain = deployed({ app: store({ queues }) }).template();

  for (const type of [
    'Lambda::Alias',
    'Lambda::Version',
    'CodeDeploy::Application',
    'CodeDeploy::DeploymentGroup',
  ]) {
    plain.resourceCountIs(`AWS::${type}`, 0);
  }
});

describe('with a deployment', () => {
  test('every event source invokes the alias of its function', () => {
    const sources = Object.values(template.findResources('AWS::Lambda::EventSourceMapping'));
    const invoked = sources.map(({ Properties }) => JSON.stringify(Properties.FunctionName));

    expect(invoked.toSorted()).toEqual([
      expect.stringMatching(/TasksdefaultConsumerLiveAlias.*":live"/),
      expect.stringMatching(/TasksemailsConsumerLiveAlias.*":live"/),
      expect.stringMatching(/TasksemailsConsumerLiveAlias.*":live"/),
    ]);
  });

  test.each(['default', 'emails'])('the alias of queue %s is moved by CodeDeploy, bit by bit', (queue) => {
    template.hasResource('AWS::Lambda::Alias', {
      Properties: {
        Name: 'live',
        FunctionName: { Ref: Match.stringLikeRegexp(`^Tasks${queue}ConsumerWorkerFunction`) },
        FunctionVersion: { 'Fn::GetAtt': [versionOf(template, queue), 'Version'] },
      },
      UpdatePolicy: {
        CodeDeployLambdaAliasUpdate: {
          ApplicationName: { Ref: Match.stringLikeRegexp('^TasksDeploymentApplication') },
          DeploymentGroupName: { Ref: Match.stringLikeRegexp(`^Tasks${queue}ConsumerLiveGroup`) },
        },
      },
    });
  });

  test('one application has a group for each queue that runs on Lambda', () => {
    template.resourceCountIs('AWS::CodeDeploy::Application', 1);
    template.hasResourceProperties('AWS::CodeDeploy::Application', {
      ApplicationName: 'store-prod-tasks',
      ComputePlatform: 'Lambda',
    });
    const groups = Object.values(template.findResources('AWS::CodeDeploy::DeploymentGroup'));
    expect(groups.map(({ Properties }) => Properties.DeploymentGroupName).toSorted()).toEqual([
      'default',
      'emails',
    ]);
  });

  test('goes back when it fails, is stopped, or the alarm of that queue goes off', () => {
    template.hasResourceProperties('AWS::CodeDeploy::DeploymentGroup', {
      DeploymentGroupName: 'emails',
      DeploymentConfigName: 'CodeDeployDefault.LambdaCanary10Percent5Minutes',
      AlarmConfiguration: {
        Enabled: true,
        Alarms: [{ Name: { Ref: Match.stringLikeRegexp('^TasksemailsConsumerLiveAlarm') } }],
      },
      AutoRollbackConfiguration: {
        Enabled: true,
        Events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_REQUEST', 'DEPLOYMENT_STOP_ON_ALARM'],
      },
    });
  });

  test('is stopped by failures of the new version alone, by an alarm that is new with it', () => {
    const version = { 'Fn::GetAtt': [versionOf(template, 'emails'), 'Version'] };
    const name = { Ref: Match.stringLikeRegexp('^TasksemailsConsumerWorkerFunction') };

    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: { 'Fn::Join': ['', ['store-prod-emails.errors-of-version-', version]] },
      AlarmDescription: Match.stringLikeRegexp('docs/deploy\\.md#rollback'),
      Namespace: 'AWS/Lambda',
      MetricName: 'Errors',
      Dimensions: [
        { Name: 'ExecutedVersion', Value: version },
        { Name: 'FunctionName', Value: name },
        { Name: 'Resource', Value: { 'Fn::Join': ['', [name, ':live']] } },
      ],
      Statistic: 'Sum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
    });
  });

  test('has that alarm without the others, too', () => {
    const bare = deployed({ deployment: {}, alarms: false }).template();

    bare.resourceCountIs('AWS::CloudWatch::Alarm', 1);
  });

  test('leaves beat out: its schedules name the function, not a version', () => {
    const aliases = Object.keys(template.findResources('AWS::Lambda::Alias'));

    expect(aliases.filter((id) => /Beat/.test(id))).toEqual([]);
    template.hasResourceProperties('AWS::Scheduler::Schedule', {
      Target: Match.objectLike({
        Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^TasksSchedulerBeatFunction'), 'Arn'] },
      }),
    });
  });

  test('can shift otherwise, and heed other alarms and other numbers', () => {
    const arn = 'arn:aws:cloudwatch:eu-west-1:123456789012:alarm:refunds';
    const refunds = Alarm.fromAlarmArn(new Stack(), 'Refunds', arn);
    const slow = deployed({
      deployment: {
        traffic: LambdaDeploymentConfig.LINEAR_10PERCENT_EVERY_1MINUTE,
        errors: 4,
        alarms: [refunds],
      },
    }).template();

    slow.hasResourceProperties('AWS::CodeDeploy::DeploymentGroup', {
      DeploymentConfigName: 'CodeDeployDefault.LambdaLinear10PercentEvery1Minute',
      AlarmConfiguration: {
        Alarms: [
          { Name: { Ref: Match.stringLikeRegexp('^TasksdefaultConsumerLiveAlarm') } },
          { Name: 'refunds' },
        ],
      },
    });
    slow.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: { 'Fn::Join': ['', ['store-default.errors-of-version-', Match.anyValue()]] },
      Threshold: 4,
    });
    expect(() => deployed({ deployment: { errors: 0 } })).toThrow(
      'Expected deployment.errors to be a whole number from 1 up, got 0.',
    );
  });
});

describe('the role of CodeDeploy', () => {
  test('can be taken on only for groups of this application', () => {
    const own = [':deploymentgroup:store-prod-tasks/*'];
    template.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [
          {
            Action: 'sts:AssumeRole',
            Effect: 'Allow',
            Principal: { Service: 'codedeploy.amazonaws.com' },
            Condition: {
              StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
              ArnLike: { 'aws:SourceArn': { 'Fn::Join': ['', Match.arrayWith(own)] } },
            },
          },
        ],
      },
      ManagedPolicyArns: Match.absent(),
    });
  });

  test('may move the aliases of these functions and see alarms: nothing else', () => {
    const [policy] = Object.entries(template.findResources('AWS::IAM::Policy')).filter(([id]) =>
      id.startsWith('TasksDeploymentRole'),
    );
    const statements: readonly { readonly Action: string | readonly string[]; readonly Resource: unknown }[] =
      policy?.[1].Properties.PolicyDocument.Statement;
    const told = statements.map(({ Action, Resource }) => `${Action}: ${JSON.stringify(Resource)}`);

    expect(told).toEqual([
      expect.stringMatching(/^cloudwatch:DescribeAlarms: .*":alarm:\*"/),
      ...['default', 'emails'].flatMap((queue) => [
        expect.stringMatching(
          new RegExp(
            `^lambda:GetAlias,lambda:UpdateAlias: \\[(.*Tasks${queue}ConsumerWorkerFunction\\w+","Arn"\\].*){2}":live"\\]\\]\\}\\]$`,
          ),
        ),
        expect.stringMatching(
          new RegExp(
            `^lambda:GetProvisionedConcurrencyConfig: .*Tasks${queue}ConsumerWorkerFunction\\w+","Arn"\\]\\},":\\*"`,
          ),
        ),
      ]),
    ]);
  });

  test('may do so before anything begins to shift', () => {
    const policy = idsOf(template, 'AWS::IAM::Policy').find((id) => id.startsWith('TasksDeploymentRole'));

    for (const group of Object.values(template.findResources('AWS::CodeDeploy::DeploymentGroup'))) {
      expect(group.DependsOn).toContain(policy);
    }
  });
});

describe('a version', () => {
  const folders: string[] = [];
  const cache = fileURLToPath(new URL('../../node_modules/.cache/', import.meta.url));

  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
  });

  /** The logical id of the version of a consumer with that code, bundled for real. */
  function versionWith(code: string, variables: Readonly<Record<string, string>> = {}): string {
    mkdirSync(cache, { recursive: true });
    const folder = mkdtempSync(join(cache, 'tallo-deployment-'));
    folders.push(folder);
    writeFileSync(join(folder, 'consumer.ts'), code);
    const stack = deployed({
      cdk: new App({ outdir: join(folder, 'out') }),
      app: adder,
      entry: fileURLToPath(new URL('./apps/adder.ts', import.meta.url)),
      consumerEntry: join(folder, 'consumer.ts'),
      functions: { environment: { ...variables } },
      deployment: {},
    });
    return versionOf(stack.template(), 'default');
  }

  test('is the same when nothing has changed, and another one with other code or settings', () => {
    const code = 'export const handler = async (): Promise<number> => 1;';
    const first = versionWith(code);

    expect(first).toMatch(/^TasksdefaultConsumerWorkerFunctionCurrentVersion/);
    expect(versionWith(code)).toBe(first);
    expect(versionWith(code.replace('1', '2'))).not.toBe(first);
    expect(versionWith(code, { LOG_LEVEL: 'debug' })).not.toBe(first);
  });

  test('is kept when the next one comes, but not if it could not be deployed', () => {
    template.allResources('AWS::Lambda::Version', {
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
    });
  });
});
