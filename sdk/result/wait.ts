import type { Clock } from '../ports/clock.ts';
import { type Duration, toMilliseconds } from '../time/duration.ts';

/** How to wait for a result. */
export interface WaitOptions {
  /** Give up after this time. @default no limit */
  readonly timeout?: Duration;
  /** Time between two looks; doubled after each, up to eight times the first. @default '200ms' */
  readonly interval?: Duration;
  /** Stops waiting; `get` rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** What is looked at. */
export interface Sight {
  /** Enough is known; there is more to see at once; or something is not ready. */
  look(): Promise<'enough' | 'more' | 'wait'>;
  /** Says what was not ready in time. */
  timedOut(within: string): Error;
}

/**
 * Looks until enough is known.
 *
 * Looks happen on multiples of the interval since the epoch, so that whoever waits at the same time, for whatever
 * result, looks at the same instants and shares requests.
 *
 * @throws what `timedOut` makes, when the timeout passes first.
 */
export async function lookUntilEnough(sight: Sight, options: WaitOptions, clock: Clock): Promise<void> {
  const { timeout, signal } = options;
  const first = Math.max(1, toMilliseconds(options.interval ?? '200ms', 'interval'));
  const deadline =
    timeout === undefined ? Number.POSITIVE_INFINITY : clock.now() + toMilliseconds(timeout, 'timeout');
  for (let interval = first; ; ) {
    signal?.throwIfAborted();
    const seen = await sight.look();
    if (seen === 'enough') return;
    // The time is up only when something is missing: who has no time to wait still gets a large group that is ready.
    if (seen === 'more') continue;
    const now = clock.now();
    if (now >= deadline) throw sight.timedOut(typeof timeout === 'number' ? `${timeout} s` : `${timeout}`);
    const nextLook = (Math.floor(now / interval) + 1) * interval;
    await clock.sleep(Math.min(nextLook, deadline) - now, signal);
    interval = Math.min(interval * 2, first * 8);
  }
}
