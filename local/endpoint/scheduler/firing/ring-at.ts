import { type Clock, systemClock } from '../../../../sdk/ports/clock.ts';

/** The longest time that a timer of Node can wait: 24.8 days. */
const longestTimerMs = 2 ** 31 - 1;

/** Timers stand still while a computer sleeps, and its clock does not: it is looked at so often. */
const lookMs = 60_000;

/** Calls back at that instant, never before, unless cancelled by the function it returns. */
export function ringAt(clock: Clock, instant: number, callBack: () => void): () => void {
  const longestMs = clock === systemClock ? lookMs : longestTimerMs;
  let cancel = wait();

  function wait(): () => void {
    const left = instant - clock.now();
    return clock.after(Math.max(0, Math.min(left, longestMs)), look);
  }

  // A timer of Node may run a millisecond before its time.
  function look(): void {
    if (clock.now() >= instant) callBack();
    else cancel = wait();
  }

  return () => cancel();
}
