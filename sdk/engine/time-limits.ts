import { Interrupted, SoftTimeLimitExceeded, TaskRevokedError, TimeLimitExceeded } from '../errors/index.ts';
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

/** Why a run ended that was revoked: the reason of its signal. */
export class Termination extends TaskRevokedError {
  constructor() {
    super('terminated');
  }
}

/** Why a run is to go on in another worker: the reason of its signal. */
export class Interruption extends Interrupted {}

/** Why a run is to end before its time. */
export type EarlyEnd = Termination | Interruption;

/** How long a run may tidy up that is to end before its time. */
const tidyingMs = 2_000;

/** Calls back when the run is to be aborted, unless it has ended before: then the function that it returns is called. */
export type WatchRun = (end: (why: EarlyEnd) => void) => () => void;

/** What a run is watched by beside its limits. */
export interface Supervision {
  readonly clock: Clock;
  /** @default nobody can abort it */
  readonly watch?: WatchRun;
}

/**
 * Runs work under limits. At the soft limit the signal aborts, with SoftTimeLimitExceeded as its reason; at the hard
 * limit we stop waiting: the promise that the work returned is left behind, since nothing can end it from outside. Work that is
 * to be aborted has a moment to tidy up. Whatever comes of it counts no more, except what a run returns that was only interrupted: it
 * has come to its end all the same.
 *
 * @throws TimeLimitExceeded at the hard limit; SoftTimeLimitExceeded if the work ended because its signal aborted; Termination;
 * Interruption.
 */
export async function underLimits<T>(
  work: (signal: AbortSignal) => Promise<T>,
  limits: TimeLimits,
  { clock, watch }: Supervision,
): Promise<T> {
  const controller = new AbortController();
  const { promise: tooLate, reject } = Promise.withResolvers<never>();
  let earlyEnd: EarlyEnd | undefined;
  const cancels = [
    after(limits.soft, () => {
      controller.abort(new SoftTimeLimitExceeded(`SoftTimeLimitExceeded(${limits.soft})`));
    }),
    after(limits.hard, () => {
      const error = new TimeLimitExceeded(`TimeLimitExceeded(${limits.hard})`);
      controller.abort(error);
      reject(error);
    }),
  ];
  const endEarly = (why: EarlyEnd) => {
    if (earlyEnd) return;
    earlyEnd = why;
    controller.abort(why);
    cancels.push(clock.after(tidyingMs, () => reject(why)));
  };
  if (watch) cancels.push(watch(endEarly));
  const running = work(controller.signal).catch((error: unknown) => {
    throw wasAborted(error, controller.signal) ? controller.signal.reason : error;
  });
  running.catch(() => undefined);
  try {
    const value = await Promise.race([running, tooLate]);
    if (earlyEnd instanceof Termination) throw earlyEnd;
    return value;
  } catch (error) {
    throw earlyEnd ?? error;
  } finally {
    for (const cancel of cancels) cancel();
  }

  function after(seconds: number | null, callBack: () => void): () => void {
    return seconds === null ? () => undefined : clock.after(seconds * 1_000, callBack);
  }
}

/** Libraries answer an aborted signal with an AbortError of their own. */
function wasAborted(error: unknown, signal: AbortSignal): boolean {
  return signal.aborted && error instanceof Error && error.name === 'AbortError';
}
