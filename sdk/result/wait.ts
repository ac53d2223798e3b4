import { TimeoutError } from '../errors/index.ts';
import type { Clock } from '../ports/clock.ts';
import { type Duration, toMilliseconds } from '../time/duration.ts';
import type { TaskMeta } from '../wire/task-meta.ts';
import type { ResultReader } from './result-reader.ts';
import { isReady } from './states.ts';

/** How to wait for a result. */
export interface WaitOptions {
  /** Give up after this time. @default no limit */
  readonly timeout?: Duration;
  /** Time between two looks; doubled after each, up to eight times the first. @default '200ms' */
  readonly interval?: Duration;
  /** Stops waiting; `get` rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/**
 * Polls until the task has come to its end.
 *
 * Looks happen on multiples of the interval since the epoch, so that whoever waits at the same time, for whatever
 * result, looks at the same instants and shares requests.
 *
 * @throws TimeoutError when the timeout passes first.
 */
export async function waitUntilReady(
  taskId: string,
  options: WaitOptions,
  { reader, clock }: { reader: ResultReader; clock: Clock },
): Promise<TaskMeta> {
  const first = Math.max(1, toMilliseconds(options.interval ?? '200ms', 'interval'));
  const deadline =
    options.timeout === undefined
      ? Number.POSITIVE_INFINITY
      : clock.now() + toMilliseconds(options.timeout, 'timeout');
  for (let interval = first; ; interval = Math.min(interval * 2, first * 8)) {
    options.signal?.throwIfAborted();
    const meta = await reader.read(taskId);
    if (meta && isReady(meta.state)) return meta;
    const now = clock.now();
    if (now >= deadline) throw timedOut(taskId, options, meta);
    const nextLook = (Math.floor(now / interval) + 1) * interval;
    await clock.sleep(Math.min(nextLook, deadline) - now, options.signal);
  }
}

function timedOut(taskId: string, { timeout }: WaitOptions, meta: TaskMeta | undefined): TimeoutError {
  return new TimeoutError(
    `Task ${taskId} was not ready within ${typeof timeout === 'number' ? `${timeout} s` : timeout}; its state is ${meta?.state ?? 'PENDING'}.`,
  );
}
