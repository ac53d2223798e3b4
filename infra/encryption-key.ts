import { Aws, type RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import { AccountRootPrincipal, PolicyDocument, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { ConfigurationError } from '../sdk/errors/index.ts';

/** What DynamoDB, SQS and S3 do with a key in the name of whoever reads and writes there. */
export const usingKey = [
  'Decrypt',
  'DescribeKey',
  'Encrypt',
  'GenerateDataKey',
  'ReEncryptFrom',
  'ReEncryptTo',
].map((name) => `kms:${name}`);

/** So that the account's administrators, and CloudFormation with their permissions, stay in charge: the key's policy allows no `*`. */
const administering = [
  'CancelKeyDeletion',
  'CreateGrant',
  'DeleteImportedKeyMaterial',
  'DisableKey',
  'DisableKeyRotation',
  'EnableKey',
  'EnableKeyRotation',
  'GenerateDataKeyWithoutPlaintext',
  'GetKeyPolicy',
  'GetKeyRotationStatus',
  'ListGrants',
  'ListKeyPolicies',
  'ListKeyRotations',
  'ListResourceTags',
  'PutKeyPolicy',
  'RetireGrant',
  'RevokeGrant',
  'RotateKeyOnDemand',
  'ScheduleKeyDeletion',
  'TagResource',
  'UntagResource',
  'UpdateAlias',
  'UpdateKeyDescription',
].map((name) => `kms:${name}`);

/** What a key of the user's, or a new one, is made from. */
export interface KeyProps {
  readonly wanted: IKey | true | undefined;
  readonly app: string;
  readonly removalPolicy: RemovalPolicy;
}

/**
 * The key of a deployment, which CloudWatch Logs may use as well.
 *
 * @returns undefined for keys that AWS owns
 * @throws ConfigurationError (CONFIGURATION) in a stack that does not know its region: the table's replicas name their keys by region
 */
export function encryptionKey(scope: Construct, { wanted, app, removalPolicy }: KeyProps): IKey | undefined {
  if (wanted === undefined) return undefined;
  if (Token.isUnresolved(Stack.of(scope).region)) {
    throw new ConfigurationError(
      "Expected a stack with encryptionKey to know its region, got one for any. Say new Stack(app, id, { env: { region: 'us-east-1' } }).",
    );
  }
  const key = wanted === true ? newKey(scope, { app, removalPolicy }) : wanted;
  key.addToResourcePolicy(forLogs(Stack.of(scope).region));
  return key;
}

function newKey(scope: Construct, { app, removalPolicy }: Pick<KeyProps, 'app' | 'removalPolicy'>): Key {
  const account = new PolicyStatement({
    principals: [new AccountRootPrincipal()],
    actions: [...administering, ...usingKey],
    resources: ['*'],
  });
  return new Key(scope, 'Key', {
    description: `Calls and results of '${app}'`,
    enableKeyRotation: true,
    removalPolicy,
    policy: new PolicyDocument({ statements: [account] }),
  });
}

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html */
function forLogs(region: string): PolicyStatement {
  return new PolicyStatement({
    principals: [new ServicePrincipal(`logs.${region}.${Aws.URL_SUFFIX}`)],
    // What its page writes as GenerateDataKey*, less the pairs of keys.
    actions: [...usingKey, 'kms:GenerateDataKeyWithoutPlaintext'],
    resources: ['*'],
    conditions: {
      ArnLike: {
        'kms:EncryptionContext:aws:logs:arn': `arn:${Aws.PARTITION}:logs:${region}:${Aws.ACCOUNT_ID}:*`,
      },
    },
  });
}
