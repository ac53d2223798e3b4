/** The environment variable that tells a process which bucket is the app's. */
export const bucketVariable = 'TALLO_PAYLOAD_BUCKET';

/**
 * The bucket's name where a cloud is nobody else's: a local endpoint, LocalStack. On AWS the names of all accounts are one set, so that a
 * name which anybody can guess may be a stranger's bucket.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 */
export function localBucketName(place: string): string {
  const name = place.toLowerCase().replaceAll('_', '-');
  return `${name.replace(/^-+/, '') || 'app'}-payloads`;
}

const namePattern = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/** Whether S3 takes a name for a bucket. */
export function isBucketName(name: unknown): name is string {
  return (
    typeof name === 'string' &&
    namePattern.test(name) &&
    !name.includes('..') &&
    !/^\d+(\.\d+){3}$/.test(name)
  );
}
