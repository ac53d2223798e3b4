/** Where a bucket, or an object in it, is asked for. */
export interface S3Address {
  readonly path: string;
  /** What comes before the host's name. */
  readonly hostPrefix?: string;
}

/**
 * AWS wants the bucket in the host's name; its certificates fit no name with a dot in it. What stands in for AWS has one address for all
 * buckets.
 *
 * @param key empty: the bucket itself
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
 */
export function s3Address(
  bucket: string,
  key: string,
  { isOwnEndpoint }: { readonly isOwnEndpoint: boolean },
): S3Address {
  if (isOwnEndpoint || bucket.includes('.')) return { path: key === '' ? `/${bucket}` : `/${bucket}/${key}` };
  return { path: `/${key}`, hostPrefix: `${bucket}.` };
}
