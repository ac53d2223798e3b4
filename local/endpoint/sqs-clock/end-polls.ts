import { type Clock, systemClock } from '../../../sdk/ports/clock.ts';
import type { FauxQueue, Waiter } from './faux-queue.ts';

/** A poll in vain takes this long at least, in real time: at a high speed polls would come without a pause. */
const shortestPollMs = 100;

/** Lets the polls of a queue end when their time on the clock is over. */
export function endPolls(queue: FauxQueue, clock: Clock): void {
  const waitForMessages = queue.waitForMessages.bind(queue);
  queue.waitForMessages = (seconds) => {
    const waited = waitForMessages(seconds);
    const waiter = queue.pollWaiters.at(-1);
    return waiter ? shorten(waited, () => end(queue, waiter), { clock, seconds }) : waited;
  };
}

interface Poll {
  readonly clock: Clock;
  readonly seconds: number;
}

function shorten(waited: Promise<void>, endPoll: () => void, { clock, seconds }: Poll): Promise<void> {
  let stillRunning = 2;
  const endOfOne = () => {
    stillRunning -= 1;
    if (stillRunning === 0) endPoll();
  };
  const cancels = [
    clock.after(seconds * 1_000, endOfOne),
    systemClock.after(Math.min(shortestPollMs, seconds * 1_000), endOfOne),
  ];
  return waited.finally(() => {
    for (const cancel of cancels) cancel();
  });
}

function end(queue: FauxQueue, waiter: Waiter): void {
  const index = queue.pollWaiters.indexOf(waiter);
  if (index === -1) return;
  queue.pollWaiters.splice(index, 1);
  clearTimeout(waiter.timer);
  waiter.resolve();
}
