import { ConfigurationError } from '../errors/tallo-error.ts';
import { isBucketName } from '../payloads/bucket-name.ts';
import { payloadLifetimes } from '../payloads/lifetimes.ts';
import type { AppOptions } from './options.ts';
import type { PayloadTopology } from './topology.ts';

/** @throws ConfigurationError for what cannot be the name of a bucket */
export function payloadTopology(
  app: string,
  payloadBucket: AppOptions['payloadBucket'] = false,
): PayloadTopology | null {
  if (payloadBucket === false) return null;
  if (payloadBucket === true) return { bucketName: null, lifetimes: payloadLifetimes };
  if (isBucketName(payloadBucket)) return { bucketName: payloadBucket, lifetimes: payloadLifetimes };
  throw new ConfigurationError(
    `App '${app}': expected payloadBucket to be true, or the name of a bucket of 3 to 63 lower-case letters, digits, '-' or '.', got ${JSON.stringify(payloadBucket)}.`,
  );
}
