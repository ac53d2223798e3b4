import { Duration, Token } from 'aws-cdk-lib';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type BucketProps,
  type IBucket,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { ConfigurationError } from '../sdk/errors/index.ts';
import type { PayloadTopology, Topology } from '../sdk/index.ts';
import { acknowledge } from './acknowledge.ts';
import type { PayloadResources } from './permissions/statements.ts';
import type { Shared } from './shared.ts';

/** The bucket of calls that are too large for SQS; only for an app with the option `payloadBucket`. */
export interface PayloadBucketSettings {
  /** A bucket that exists already. Its lifecycle must delete what begins with `payloads/`: see docs/deploy.md. @default a new one */
  readonly existing?: IBucket;
  /** Where S3 logs who reads and writes what. @default nowhere: only this deployment's own roles can */
  readonly accessLogs?: IBucket;
}

/** What the bucket is made from. */
interface PayloadBucketProps {
  readonly topology: Topology;
  readonly shared: Shared;
  readonly settings: PayloadBucketSettings | undefined;
}

/**
 * The bucket of payloads. Its lifecycle deletes them, and nobody else may. It keeps no versions: no object is ever written twice, and one whose
 * time is over must be gone.
 *
 * @returns undefined for an app that wants none
 * @throws ConfigurationError (CONFIGURATION) for settings of a bucket that the app does not have, or that it calls otherwise
 */
export function payloadBucket(
  scope: Construct,
  { topology: { app, payloads, scheduleGroup }, shared, settings }: PayloadBucketProps,
): IBucket | Bucket | undefined {
  if (!payloads) {
    if (settings === undefined) return undefined;
    throw new ConfigurationError(
      `Expected no payloadBucket for app '${app}', which has none, got settings for one. Give the app the option payloadBucket: true.`,
    );
  }
  const { existing, accessLogs } = settings ?? {};
  if (existing) return checkedName(existing, { app, payloads });
  const bucket = new Bucket(scope, 'Payloads', {
    ...(payloads.bucketName !== null && { bucketName: payloads.bucketName }),
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    enforceSSL: true,
    ...encryptionOf(shared),
    removalPolicy: shared.removalPolicy,
    lifecycleRules: [
      ...payloads.lifetimes.map(({ prefix, days }) => ({ prefix, expiration: Duration.days(days) })),
      { abortIncompleteMultipartUploadAfter: Duration.days(1) },
    ],
    ...(accessLogs && { serverAccessLogsBucket: accessLogs, serverAccessLogsPrefix: `${scheduleGroup}/` }),
  });
  if (!accessLogs) acknowledge(bucket, { 'AwsSolutions-S1': noLogs });
  return bucket;
}

/** What may be allowed of it. */
export function payloadResources(
  bucket: IBucket | Bucket | undefined,
  { payloads }: Topology,
): PayloadResources | undefined {
  if (!bucket || !payloads) return undefined;
  const objects = payloads.lifetimes.map(({ prefix }) => bucket.arnForObjects(`${prefix}*`));
  return { bucket: bucket.bucketArn, objects };
}

const noLogs =
  'Only roles of this deployment read and write here, and the objects are short-lived. A bucket for logs of your own goes to payloadBucket: { accessLogs }.';

function encryptionOf({ encryptionKey }: Shared): BucketProps {
  return encryptionKey
    ? { encryption: BucketEncryption.KMS, encryptionKey, bucketKeyEnabled: true }
    : { encryption: BucketEncryption.S3_MANAGED };
}

/** An app that names its bucket itself writes to that one, whatever it is told. */
function checkedName(
  existing: IBucket,
  { app, payloads: { bucketName } }: { readonly app: string; readonly payloads: PayloadTopology },
): IBucket {
  const got = existing.bucketName;
  if (bucketName === null || Token.isUnresolved(got) || got === bucketName) return existing;
  throw new ConfigurationError(
    `Expected the payload bucket of app '${app}' to be '${bucketName}', as the app names it, got '${got}'. Give the app payloadBucket: true, and it uses the one that it is told of.`,
  );
}
