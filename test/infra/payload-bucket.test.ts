import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { describe, expect, test } from 'vitest';
import { deployed, store } from './stacks.ts';

const app = () => store({ payloadBucket: true });
const bucketName = { Ref: Match.stringLikeRegexp('^TasksPayloads[0-9A-F]{8}$') };

describe('the bucket of large calls', () => {
  test('is there only for an app that wants it', () => {
    deployed().template().resourceCountIs('AWS::S3::Bucket', 0);
    deployed({ app: app() }).template().resourceCountIs('AWS::S3::Bucket', 1);
  });

  test('is encrypted, closed to the public and to whoever comes without TLS', () => {
    const template = deployed({ app: app() }).template();

    template.hasResourceProperties('AWS::S3::Bucket', {
      BucketName: Match.absent(),
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      VersioningConfiguration: Match.absent(),
    });
    template.hasResourceProperties('AWS::S3::BucketPolicy', {
      Bucket: bucketName,
      PolicyDocument: {
        Statement: [
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        ],
      },
    });
  });

  test('deletes payloads when nothing can need them any more, and uploads that were cut off', () => {
    const { runner, template } = deployed({ app: app() });
    const lifetimes = runner.topology.payloads?.lifetimes ?? [];

    expect(lifetimes.length).toBeGreaterThan(1);
    // A call may wait for 14 days, and lie with the dead letters for 14 more.
    expect(Math.min(...lifetimes.map(({ days }) => days))).toBeGreaterThan(28);
    template().hasResourceProperties('AWS::S3::Bucket', {
      LifecycleConfiguration: {
        Rules: [
          ...lifetimes.map(({ prefix, days }) => ({
            Prefix: prefix,
            ExpirationInDays: days,
            Status: 'Enabled',
          })),
          { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 }, Status: 'Enabled' },
        ],
      },
    });
  });

  test('stays when the stack goes, unless the stack is one that comes and goes', () => {
    deployed({ app: app() }).template().hasResource('AWS::S3::Bucket', {
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
    });
    deployed({ app: app(), removalPolicy: RemovalPolicy.DESTROY })
      .template()
      .hasResource('AWS::S3::Bucket', { DeletionPolicy: 'Delete' });
  });

  test('has the name that the app gives it', () => {
    deployed({ app: store({ payloadBucket: 'large-calls-of-the-store' }) })
      .template()
      .hasResourceProperties('AWS::S3::Bucket', { BucketName: 'large-calls-of-the-store' });
  });

  test('uses the key of the deployment', () => {
    const env = { region: 'eu-west-1', account: '123456789012' };

    deployed({ app: app(), encryptionKey: true, stack: { env } })
      .template()
      .hasResourceProperties('AWS::S3::Bucket', {
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [
            {
              BucketKeyEnabled: true,
              ServerSideEncryptionByDefault: {
                SSEAlgorithm: 'aws:kms',
                KMSMasterKeyID: { 'Fn::GetAtt': [Match.stringLikeRegexp('^TasksKey'), 'Arn'] },
              },
            },
          ],
        },
      });
  });

  test('can log to another bucket who reads and writes', () => {
    const accessLogs = Bucket.fromBucketName(new Stack(), 'Logs', 'logs-of-the-company');

    deployed({ app: app(), stage: 'prod', payloadBucket: { accessLogs } })
      .template()
      .hasResourceProperties('AWS::S3::Bucket', {
        LoggingConfiguration: { DestinationBucketName: 'logs-of-the-company', LogFilePrefix: 'store-prod/' },
      });
  });
});

describe('who may do what with payloads', () => {
  const objects = (...places: readonly string[]) =>
    places.map((place) => ({
      'Fn::Join': ['', [{ 'Fn::GetAtt': [Match.stringLikeRegexp('^TasksPayloads'), 'Arn'] }, `/${place}`]],
    }));
  const calling = {
    Action: ['s3:GetObject', 's3:PutObject'],
    Effect: 'Allow',
    Resource: objects('payloads/30d/*', 'payloads/90d/*', 'payloads/400d/*'),
  };
  const listing = {
    Action: 's3:ListBucket',
    Effect: 'Allow',
    Resource: { 'Fn::GetAtt': [Match.stringLikeRegexp('^TasksPayloads'), 'Arn'] },
  };
  const ofPython = {
    Action: 's3:GetObject',
    Effect: 'Allow',
    Resource: objects('????????-????-????-????-????????????')[0],
  };

  function withWeb() {
    const parts = deployed({ app: app() });
    const web = new LambdaFunction(parts.stack, 'Web', {
      runtime: Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: Code.fromInline('exports.handler = async () => {}'),
    });
    return { ...parts, web };
  }

  test.each(['defaultConsumerWorker', 'SchedulerBeat'])(
    '%s reads and writes them, and sees which are gone',
    (name) => {
      const template = deployed({ app: app() }).template();

      template.hasResourceProperties('AWS::IAM::Policy', {
        PolicyName: Match.stringLikeRegexp(`^Tasks${name}Role`),
        PolicyDocument: { Statement: Match.arrayWith([calling, listing, ofPython]) },
      });
      template.hasResourceProperties('AWS::Lambda::Function', {
        Role: { 'Fn::GetAtt': [Match.stringLikeRegexp(`^Tasks${name}Role`), 'Arn'] },
        Environment: { Variables: { TALLO_PAYLOAD_BUCKET: bucketName } },
      });
    },
  );

  test('a caller reads and writes them, does not list them, and is told where they are', () => {
    const { runner, web, template } = withWeb();
    runner.connect(web);
    const [policy] = Object.entries(template().findResources('AWS::IAM::Policy')).filter(([id]) =>
      id.startsWith('Web'),
    );

    expect(JSON.stringify(policy)).not.toContain('s3:ListBucket');
    template().hasResourceProperties('AWS::IAM::Policy', {
      PolicyName: Match.stringLikeRegexp('^Web'),
      PolicyDocument: { Statement: Match.arrayWith([calling]) },
    });
    template().hasResourceProperties('AWS::Lambda::Function', {
      Role: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Web'), 'Arn'] },
      Environment: { Variables: Match.objectLike({ TALLO_PAYLOAD_BUCKET: bucketName }) },
    });
  });

  test('who reads results has nothing to do with them', () => {
    const { runner, web, template } = withWeb();
    runner.grantRead(web);
    const [policy] = Object.entries(template().findResources('AWS::IAM::Policy')).filter(([id]) =>
      id.startsWith('Web'),
    );

    expect(policy).toBeDefined();
    expect(JSON.stringify(policy)).not.toContain('s3:');
  });

  test('nobody deletes them, and without a bucket nobody has anything to do with S3', () => {
    expect(
      JSON.stringify(deployed({ app: app() }).template().findResources('AWS::IAM::Policy')),
    ).not.toContain('s3:Delete');
    const without = deployed();
    expect(JSON.stringify(without.template().findResources('AWS::IAM::Policy'))).not.toContain('s3:');
    expect(without.runner.environment).not.toHaveProperty('TALLO_PAYLOAD_BUCKET');
  });
});

describe('a bucket that exists already', () => {
  const shared = () => Bucket.fromBucketName(new Stack(), 'Shared', 'shared-payloads');

  test('is used, and nothing is made', () => {
    const { runner, template } = deployed({ app: app(), payloadBucket: { existing: shared() } });

    template().resourceCountIs('AWS::S3::Bucket', 0);
    expect(runner.environment.TALLO_PAYLOAD_BUCKET).toBe('shared-payloads');
    template().hasResourceProperties('AWS::IAM::Policy', {
      PolicyName: Match.stringLikeRegexp('^TasksdefaultConsumer'),
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: ['s3:GetObject', 's3:PutObject'],
            Resource: Match.arrayWith([
              {
                'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':s3:::shared-payloads/payloads/30d/*']],
              },
            ]),
          }),
        ]),
      },
    });
  });

  test('is the one that the app names', () => {
    const named = store({ payloadBucket: 'shared-payloads' });
    expect(
      deployed({ app: named, payloadBucket: { existing: shared() } }).runner.payloadBucket?.bucketName,
    ).toBe('shared-payloads');

    expect(() =>
      deployed({ app: store({ payloadBucket: 'another' }), payloadBucket: { existing: shared() } }),
    ).toThrow(
      "Expected the payload bucket of app 'store' to be 'another', as the app names it, got 'shared-payloads'. Give the app payloadBucket: true, and it uses the one that it is told of.",
    );
  });

  test('is refused for an app that would not use it', () => {
    expect(() => deployed({ payloadBucket: { existing: shared() } })).toThrow(
      "Expected no payloadBucket for app 'store', which has none, got settings for one. Give the app the option payloadBucket: true.",
    );
  });
});
