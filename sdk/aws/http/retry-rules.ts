import { AwsError } from './aws-error.ts';
import { networkCodes } from './network-codes.ts';
import { TransportError } from './transport-error.ts';

/** Why a request is tried again. What is `final` is not. */
export type Failure = 'throttled' | 'transient' | 'final';

const throttlingCodes: ReadonlySet<string> = new Set([
  'BandwidthLimitExceeded',
  'EC2ThrottledException',
  'LimitExceededException',
  'PriorRequestNotComplete',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'SlowDown',
  'ThrottledException',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
  'TransactionInProgressException',
]);
const transientCodes: ReadonlySet<string> = new Set([
  // Of a global table with strong consistency.
  'ReplicatedWriteConflictException',
  'RequestTimeout',
  'RequestTimeoutException',
]);
const transientStatuses: ReadonlySet<number> = new Set([500, 502, 503, 504]);

/** @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html */
export function failureOf(error: unknown): Failure {
  if (error instanceof TransportError) return isTransient(error) ? 'transient' : 'final';
  if (!(error instanceof AwsError)) return 'final';
  if (error.status === 429 || throttlingCodes.has(error.name)) return 'throttled';
  return transientStatuses.has(error.status) || transientCodes.has(error.name) ? 'transient' : 'final';
}

/** Half an answer may be whole the next time. Certificates, and requests that cannot be written, are as wrong then. */
function isTransient({ code }: TransportError): boolean {
  return networkCodes.has(code) || code === 'UNREADABLE';
}

const firstPauseMs = { throttled: 1_000, transient: 50 } as const;
const longestPauseMs = 20_000;
/** A service that asks for more does not get it: the caller may have a deadline. */
const longestAskedForMs = 5_000;

interface Round {
  readonly failure: Exclude<Failure, 'final'>;
  /** Those that have failed, from 1. */
  readonly attempts: number;
  readonly retryAfterMs: number | undefined;
  /** From 0 (included) to 1 (excluded). */
  readonly random: number;
}

/** Exponential with full jitter, so that many callers do not come back all at once. */
export function pauseBeforeRetryMs({ failure, attempts, retryAfterMs = 0, random }: Round): number {
  const drawn = random * Math.min(firstPauseMs[failure] * 2 ** (attempts - 1), longestPauseMs);
  return Math.max(drawn, Math.min(retryAfterMs, drawn + longestAskedForMs));
}
