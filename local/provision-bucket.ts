import { createHash } from 'node:crypto';
import type { PayloadTopology, Topology } from '../sdk/app/topology.ts';
import type { ConnectionOptions } from '../sdk/aws/connection.ts';
import { isAwsError } from '../sdk/aws/http/aws-error.ts';
import { type SignedRequests, signedRequests } from '../sdk/aws/http/signed-requests.ts';
import { type S3Address, s3Address } from '../sdk/aws/s3-address.ts';
import { bucketNameOf, isOwnEndpoint } from '../sdk/aws/s3-bucket-name.ts';
import type { Place } from './provision-schedules.ts';

/** Creates the bucket of payloads if it is missing, and makes its lifecycle what the topology says. */
export async function provisionBucket(
  { scheduleGroup, bucketName, lifetimes }: PayloadTopology & Pick<Topology, 'scheduleGroup'>,
  { region }: Pick<Place, 'region'>,
  connection: ConnectionOptions,
): Promise<void> {
  const name = bucketNameOf({
    ...connection,
    scheduleGroup,
    ...(bucketName !== null && { payloadBucket: bucketName }),
  });
  const requests = signedRequests({ ...connection, service: 's3' });
  const address = s3Address(name, '', { isOwnEndpoint: isOwnEndpoint(connection) });
  try {
    await createBucket(requests, address, region);
    await setLifecycle(requests, address, lifetimes);
  } finally {
    await requests.close();
  }
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html */
async function createBucket(requests: SignedRequests, address: S3Address, region: string): Promise<void> {
  const constraint = `<CreateBucketConfiguration xmlns="${namespace}"><LocationConstraint>${region}</LocationConstraint></CreateBucketConfiguration>`;
  // The first region of all is the one that must not be named.
  const body = region === 'us-east-1' ? '' : constraint;
  try {
    await requests.send({ method: 'PUT', ...address, body, name: 's3.CreateBucket' });
  } catch (error) {
    if (!isAwsError(error, 'BucketAlreadyOwnedByYou')) throw error;
  }
}

const namespace = 'http://s3.amazonaws.com/doc/2006-03-01/';

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLifecycleConfiguration.html */
async function setLifecycle(
  requests: SignedRequests,
  address: S3Address,
  lifetimes: PayloadTopology['lifetimes'],
): Promise<void> {
  const rules = lifetimes.map(
    ({ prefix, days }) =>
      `<Rule><ID>${days}d</ID><Filter><Prefix>${prefix}</Prefix></Filter><Status>Enabled</Status><Expiration><Days>${days}</Days></Expiration></Rule>`,
  );
  const body = `<LifecycleConfiguration xmlns="${namespace}">${rules.join('')}</LifecycleConfiguration>`;
  // S3 takes a lifecycle only with its digest.
  const headers = {
    'content-md5': createHash('md5').update(body).digest('base64'),
    'content-type': 'application/xml',
  };
  const name = 's3.PutBucketLifecycleConfiguration';
  await requests.send({ method: 'PUT', ...address, query: { lifecycle: '' }, headers, body, name });
}
