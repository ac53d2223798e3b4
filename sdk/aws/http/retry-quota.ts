import type { Failure } from './retry-rules.ts';

const full = 500;
const costs = { throttled: 5, transient: 14 } as const;
const regainedBySuccess = 1;

/**
 * What retries of one client may cost in all. In an outage it is soon used up, and then requests fail at once, until some succeed
 * again: a service that comes back is not kept down by its callers.
 */
export class RetryQuota {
  #left = full;

  /** Whether there was enough left; then it is taken, and answers how much. */
  take(failure: Exclude<Failure, 'final'>): number | undefined {
    const cost = costs[failure];
    if (this.#left < cost) return undefined;
    this.#left -= cost;
    return cost;
  }

  /** After a request that succeeded: gives back what its last retry had cost. */
  giveBack(cost = regainedBySuccess): void {
    this.#left = Math.min(full, this.#left + cost);
  }
}
