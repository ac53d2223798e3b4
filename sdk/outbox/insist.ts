import { OperationalError, TalloError } from '../errors/index.ts';
import type { Clock } from '../ports/clock.ts';
import type { Answer } from '../ports/queues.ts';
import { type PublishRetryPolicy, publishPause } from './publish-policy.ts';

/** What is tried, how often, and its name for the error. */
export interface Insistence {
  readonly what: string;
  readonly policy: PublishRetryPolicy | false;
  readonly clock: Clock;
}

/**
 * Tries until the answer is good, the refusal is final, or the policy ends.
 *
 * @throws OperationalError with the last refusal as its cause; our own errors pass as they are.
 */
export async function insist(
  attempt: () => Promise<Answer>,
  { what, policy, clock }: Insistence,
): Promise<void> {
  for (let retry = 0; ; retry += 1) {
    const refusal = await refusalOf(attempt);
    if (!refusal) return;
    const pause = refusal.retryable ? publishPause(policy, retry) : undefined;
    if (pause === undefined) throw operationalError(what, retry + 1, refusal.cause);
    if (pause > 0) await clock.sleep(pause);
  }
}

interface Refusal {
  readonly cause: Error;
  readonly retryable: boolean;
}

async function refusalOf(attempt: () => Promise<Answer>): Promise<Refusal | undefined> {
  try {
    const answer = await attempt();
    if (answer.ok) return undefined;
    return { cause: new Error(`${answer.code}: ${answer.message}`), retryable: answer.retryable };
  } catch (error) {
    if (error instanceof TalloError) throw error;
    const cause = error instanceof Error ? error : new Error(String(error));
    return { cause, retryable: true };
  }
}

/** Says what failed and why, in an error of our own family. */
export function operationalError(what: string, attempts: number, cause: Error): OperationalError {
  const times = attempts === 1 ? 'one attempt' : `${attempts} attempts`;
  return new OperationalError(`${what} failed after ${times}: ${cause.name}: ${cause.message}`, { cause });
}

/** For requests that nobody insists on: what they throw becomes an error of our own family, if it is none. */
export function failing(what: string): (error: unknown) => never {
  return (error) => {
    if (error instanceof TalloError) throw error;
    throw operationalError(what, 1, error instanceof Error ? error : new Error(String(error)));
  };
}
