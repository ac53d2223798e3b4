import { ConfigurationError } from '../../errors/index.ts';
import type { Environment } from '../credentials/credentials.ts';

const usualAttempts = 3;

/**
 * How often a request is tried in all.
 *
 * @throws ConfigurationError if `AWS_MAX_ATTEMPTS` is not a whole number from 1.
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
 */
export function maxAttemptsOf({ AWS_MAX_ATTEMPTS: given }: Environment = process.env): number {
  if (!given) return usualAttempts;
  const attempts = Number(given);
  if (Number.isInteger(attempts) && attempts >= 1) return attempts;
  throw new ConfigurationError(`Expected AWS_MAX_ATTEMPTS to be a whole number from 1, got '${given}'.`);
}
