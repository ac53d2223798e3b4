import { ConfigurationError } from '../sdk/errors/index.ts';
import { type Clock, systemClock } from '../sdk/ports/clock.ts';

/** How an accelerated clock runs. */
export interface AcceleratedClockOptions {
  /** How many seconds pass per real second, above 0. */
  readonly speed: number;
  /** Where it starts. Earlier than now, it differs from what other processes write with clocks of their own. @default now */
  readonly now?: Date;
}

/** A clock that can be stopped. */
export interface AcceleratedClock extends Clock {
  /** Time stands still as long as that is under way. */
  standStill<T>(meanwhile: () => Promise<T>): Promise<T>;
}

/**
 * A clock that runs faster, for demonstrations: a day in a minute and a half at speed 1,000. Give it to `startLocalCloud`, and
 * everything there runs on it: ETAs, schedules, delays and visibility timeouts of messages, time limits, results. It starts when
 * somebody looks at it first, and stands still while a local cloud starts. Only work is not faster: a task that takes a real second
 * takes `speed` seconds of its time limit, and so does a request a bit of it, so that tasks with the usual limits want a speed of
 * some hundred at most. Timers are exact to a real millisecond, and never early.
 *
 * @throws ConfigurationError (CONFIGURATION) for a speed that is not above 0, or a date that is none.
 * @example
 * ```ts
 * import { acceleratedClock } from 'tallo/local';
 *
 * const clock = acceleratedClock({ speed: 3_600, now: new Date('2026-11-21T08:00:00Z') });
 * await clock.sleep(600_000); // a sixth of a real second
 * console.log(clock.now() >= Date.parse('2026-11-21T08:10:00Z')); // true
 * ```
 */
export function acceleratedClock({ speed, now = new Date() }: AcceleratedClockOptions): AcceleratedClock {
  check(speed, now);
  const { elapsed, standStill } = stopwatch();
  const time = () => now.getTime() + elapsed() * speed;

  function after(milliseconds: number, callBack: () => void): () => void {
    const at = time() + milliseconds;
    let cancel = wait();
    function wait(): () => void {
      const realMs = Math.ceil((at - time()) / speed);
      return systemClock.after(Math.max(0, Math.min(realMs, longestTimerMs)), look);
    }
    // A timer of Node may run a millisecond before its time, which here may be minutes; and time may have stood still.
    function look(): void {
      if (time() >= at) callBack();
      else cancel = wait();
    }
    return () => cancel();
  }

  return {
    now: () => Math.floor(time()),
    after,
    sleep: (milliseconds, signal) =>
      new Promise((resolve, reject) => {
        signal?.throwIfAborted();
        const stop = () => {
          cancel();
          reject(signal?.reason);
        };
        const cancel = after(milliseconds, () => {
          signal?.removeEventListener('abort', stop);
          resolve();
        });
        signal?.addEventListener('abort', stop, { once: true });
      }),
    standStill,
  };
}

/** Does that while the clock stands still, if it is one that can. */
export function whileStill<T>(clock: Clock | undefined, work: () => Promise<T>): Promise<T> {
  return clock && isAccelerated(clock) ? clock.standStill(work) : work();
}

function isAccelerated(clock: Clock): clock is AcceleratedClock {
  return 'standStill' in clock;
}

/** Real milliseconds since the first look at it, without those in which it stood still. */
function stopwatch() {
  let startedAt: number | undefined;
  let stillSince: number | undefined;
  /** Several may want it to stand still. */
  let reasons = 0;

  function elapsed(): number {
    const real = stillSince ?? performance.now();
    startedAt ??= real;
    return real - startedAt;
  }

  async function standStill<T>(meanwhile: () => Promise<T>): Promise<T> {
    stillSince ??= performance.now();
    reasons += 1;
    const before = elapsed();
    try {
      return await meanwhile();
    } finally {
      reasons -= 1;
      if (reasons === 0) {
        stillSince = undefined;
        startedAt = performance.now() - before;
      }
    }
  }

  return { elapsed, standStill };
}

/** The longest time that a timer of Node can wait: 24.8 days. */
const longestTimerMs = 2 ** 31 - 1;

function check(speed: number, now: Date): void {
  if (!(speed > 0) || !Number.isFinite(speed)) {
    throw new ConfigurationError(
      `Expected speed to be a number above 0, got ${speed}. 60 makes an hour last a minute.`,
    );
  }
  if (Number.isNaN(now.getTime()))
    throw new ConfigurationError('Expected now to be a date, got an invalid one.');
}
