import { SoftTimeLimitExceeded, TimeLimitExceeded } from '../errors/index.ts';
import type { Clock } from '../ports/clock.ts';
import type { TaskDefinition } from '../task/task-definition.ts';
import type { Delivery } from './delivery.ts';

/** Seconds; null: no limit. */
export interface TimeLimits {
  readonly soft: number | null;
  readonly hard: number | null;
}

/** The call's limits, then the task's, then the queue's; the queue's is the most that its function has time for. */
export function limitsOf(
  task: TaskDefinition,
  { envelope, queue }: Pick<Delivery, 'envelope' | 'queue'>,
): TimeLimits & { readonly hard: number } {
  const wanted = envelope.timeLimit ?? task.timeLimit ?? queue.timeLimitSeconds;
  return {
    soft: envelope.softTimeLimit ?? task.softTimeLimit,
    hard: Math.min(wanted, queue.timeLimitSeconds),
  };
}

/**
 * Runs work under limits. At the soft limit the signal aborts, with SoftTimeLimitExceeded as its reason; at the hard
 * limit we stop waiting: the promise that the work returned is left behind, since nothing can end it from outside.
 *
 * @throws TimeLimitExceeded at the hard limit; SoftTimeLimitExceeded if the work ended because its signal aborted.
 */
export async function underLimits<T>(
  work: (signal: AbortSignal) => Promise<T>,
  limits: TimeLimits,
  clock: Clock,
): Promise<T> {
  const controller = new AbortController();
  const { promise: tooLate, reject } = Promise.withResolvers<never>();
  const cancelSoft = after(limits.soft, () => {
    controller.abort(new SoftTimeLimitExceeded(`SoftTimeLimitExceeded(${limits.soft})`));
  });
  const cancelHard = after(limits.hard, () => {
    const error = new TimeLimitExceeded(`TimeLimitExceeded(${limits.hard})`);
    controller.abort(error);
    reject(error);
  });
  const running = work(controller.signal).catch((error: unknown) => {
    throw wasAborted(error, controller.signal) ? controller.signal.reason : error;
  });
  running.catch(() => undefined);
  try {
    return await Promise.race([running, tooLate]);
  } finally {
    cancelSoft();
    cancelHard();
  }

  function after(seconds: number | null, callBack: () => void): () => void {
    return seconds === null ? () => undefined : clock.after(seconds * 1_000, callBack);
  }
}

/** Libraries answer an aborted signal with an AbortError of their own. */
function wasAborted(error: unknown, signal: AbortSignal): boolean {
  return signal.aborted && error instanceof Error && error.name === 'AbortError';
}
