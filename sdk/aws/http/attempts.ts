import type { Chance } from '../../ports/chance.ts';
import type { Clock } from '../../ports/clock.ts';
import { AwsError } from './aws-error.ts';
import type { RetryQuota } from './retry-quota.ts';
import { failureOf, pauseBeforeRetryMs } from './retry-rules.ts';

export interface Attempts {
  readonly max: number;
  readonly quota: RetryQuota;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly signal?: AbortSignal | undefined;
}

/** Tries as often as it may. The error of the last attempt is the one that is thrown. */
export async function attempt<T>(request: () => Promise<T>, rules: Attempts): Promise<T> {
  let paid: number | undefined;
  for (let attempts = 1; ; attempts += 1) {
    try {
      const answer = await request();
      rules.quota.giveBack(paid);
      return answer;
    } catch (error) {
      paid = await untilNext(error, attempts, rules);
    }
  }
}

/** Waits for the next attempt, and answers what it costs. */
async function untilNext(error: unknown, attempts: number, rules: Attempts): Promise<number> {
  const { max, quota, clock, chance, signal } = rules;
  const failure = failureOf(error);
  if (failure === 'final' || attempts >= max) throw error;
  const cost = quota.take(failure);
  if (cost === undefined) throw error;
  const retryAfterMs = error instanceof AwsError ? error.retryAfterMs : undefined;
  await clock.sleep(pauseBeforeRetryMs({ failure, attempts, retryAfterMs, random: chance.random() }), signal);
  return cost;
}
