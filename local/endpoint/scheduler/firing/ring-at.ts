import type { Clock } from '../../../../sdk/ports/clock.ts';

/** The longest time that a timer of Node can wait: 24.8 days. */
const longestTimerMs = 2 ** 31 - 1;

/** Calls back at that instant, never before, unless cancelled by the function it returns. */
export function ringAt(clock: Clock, instant: number, callBack: () => void): () => void {
  let cancel = wait();

  function wait(): () => void {
    const left = instant - clock.now();
    return clock.after(Math.max(0, Math.min(left, longestTimerMs)), look);
  }

  // A timer of Node may run a millisecond before its time.
  function look(): void {
    if (clock.now() >= instant) callBack();
    else cancel = wait();
  }

  return () => cancel();
}
