import type { Target } from '../store/schedule.ts';
import { TargetError } from '../targets/target-error.ts';

/** What follows a failed attempt: another one, or the end, for one of AWS's two reasons or because trying again is in vain. */
export type Verdict =
  | { readonly pauseMs: number }
  | { readonly exhausted: 'MaximumRetryAttempts' | 'MaximumEventAgeInSeconds' | undefined };

export interface Failure {
  readonly error: unknown;
  /** How many attempts there were, this one included. */
  readonly attempt: number;
  /** Since the first one. */
  readonly ageMs: number;
}

const firstPauseMs = 1_000;
/** AWS waits longer each time, and does not say how long. */
const longestPauseMs = 15 * 60_000;

/** @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_RetryPolicy.html */
export function verdict({ error, attempt, ageMs }: Failure, target: Target): Verdict {
  if (error instanceof TargetError && error.isFinal) return { exhausted: undefined };
  if (attempt > target.maxRetries) return { exhausted: 'MaximumRetryAttempts' };
  const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** (attempt - 1));
  const isTooOld = ageMs + pauseMs > target.maxAgeSeconds * 1_000;
  return isTooOld ? { exhausted: 'MaximumEventAgeInSeconds' } : { pauseMs };
}
