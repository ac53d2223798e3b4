import { ConfigurationError } from '../errors/index.ts';
import type { Payloads } from '../ports/payloads.ts';
import type { Answer } from '../ports/queues.ts';
import type { AwsOptions } from './aws-cloud.ts';
import { AwsError, isAwsError } from './http/aws-error.ts';
import { type SignedRequests, signedRequests } from './http/signed-requests.ts';
import { Lazy } from './lazy.ts';
import { s3Address } from './s3-address.ts';
import { bucketNameOf, isOwnEndpoint } from './s3-bucket-name.ts';

/** The bucket on S3. Its client is made when the first payload is too large for SQS. */
export function s3Payloads(options: AwsOptions): Payloads & { close(): Promise<void> } {
  const requests = new Lazy(() => {
    const { region, endpoint, credentials } = options;
    return signedRequests({
      service: 's3',
      ...(region !== undefined && { region }),
      ...(endpoint !== undefined && { endpoint }),
      ...(credentials !== undefined && { credentials }),
    });
  });
  const objectOf = (key: string) => {
    const bucket = bucketNameOf(options);
    const address = s3Address(bucket, key, { isOwnEndpoint: isOwnEndpoint(options) });
    return { bucket, key, address, requests: requests.get() };
  };
  return {
    bucketName: async () => bucketNameOf(options),
    put: async (key, text) => putObject(objectOf(key), text),
    get: async (key) => getObject(objectOf(key)),
    close: async () => requests.peek()?.close(),
  };
}

interface Requested {
  readonly bucket: string;
  readonly key: string;
  readonly address: ReturnType<typeof s3Address>;
  readonly requests: SignedRequests;
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html */
async function putObject({ bucket, address, requests }: Requested, text: string): Promise<Answer> {
  const headers = { 'content-type': 'application/json' };
  try {
    await requests.send({ method: 'PUT', ...address, headers, body: text, name: 's3.PutObject' });
    return { ok: true };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    if (error.name === 'NoSuchBucket') throw bucketMissing(bucket, error);
    const { name: code, message, status } = error;
    return { ok: false, code, message, retryable: status >= 500 || status === 429 };
  }
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html */
async function getObject({ bucket, key, address, requests }: Requested): Promise<string | undefined> {
  try {
    const { body } = await requests.send({ method: 'GET', ...address, name: 's3.GetObject' });
    return Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8');
  } catch (error) {
    if (isAwsError(error, 'NoSuchKey')) return undefined;
    if (isAwsError(error, 'NoSuchBucket')) throw bucketMissing(bucket, error);
    if (isAwsError(error, 'AccessDenied')) throw notAllowed(bucket, key, error);
    throw error;
  }
}

function bucketMissing(bucket: string, cause: Error): ConfigurationError {
  return new ConfigurationError(
    `Expected a bucket named '${bucket}', found none at this endpoint and region. Deploy the app, or start the local cloud.`,
    { cause },
  );
}

function notAllowed(bucket: string, key: string, cause: Error): ConfigurationError {
  return new ConfigurationError(
    `Expected to be allowed to read '${key}' in bucket '${bucket}'. It takes s3:GetObject, and s3:ListBucket to be told of an object that is gone.`,
    { cause },
  );
}
