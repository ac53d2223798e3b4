import { ConfigurationError } from '../errors/index.ts';
import { bucketVariable, isBucketName, localBucketName } from '../payloads/bucket-name.ts';
import type { AwsOptions } from './aws-cloud.ts';
import { connectionTo } from './connection.ts';
import { isAwsAddress } from './endpoint/partition.ts';

/** Whether it is asked for elsewhere than at AWS itself. */
export function isOwnEndpoint(options: Pick<AwsOptions, 'endpoint'>): boolean {
  return connectionTo('S3', options).endpoint !== undefined;
}

/** @throws ConfigurationError if nobody has said which bucket it is, or what was said is no name of one. */
export function bucketNameOf(
  options: Pick<AwsOptions, 'payloadBucket' | 'scheduleGroup' | 'endpoint'>,
): string {
  const name = options.payloadBucket ?? (process.env[bucketVariable] || undefined);
  const { endpoint } = connectionTo('S3', options);
  if (name === undefined && endpoint !== undefined && !isAwsAddress(endpoint))
    return localBucketName(options.scheduleGroup ?? 'default');
  // It becomes part of a host's name.
  if (isBucketName(name)) return name;
  throw new ConfigurationError(
    `Expected ${bucketVariable} to name the bucket of large calls, as the deployment tells its functions, got ${JSON.stringify(name)}. Or give the app's payloadBucket a name.`,
  );
}
