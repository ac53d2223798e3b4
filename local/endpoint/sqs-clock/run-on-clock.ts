import type { Clock } from '../../../sdk/ports/clock.ts';
import { endPolls } from './end-polls.ts';
import type { FauxMessage, FauxQueue } from './faux-queue.ts';
import { timersUntil } from './timers-until.ts';

/**
 * Lets a queue of fauxqs run on a clock: its delays, visibility timeouts, polls and the times it tells. For fauxqs itself
 * whatever waits does so for ever, until the clock says that it is over.
 */
export function runOnClock(queue: FauxQueue, clock: Clock, signal: AbortSignal): void {
  const after = timersUntil(signal, clock);
  delayByClock(queue, clock, after);
  hideByClock(queue, clock, after);
  endPolls(queue, clock);
}

function delayByClock(queue: FauxQueue, clock: Clock, after: Clock['after']): void {
  const enqueue = queue.enqueue.bind(queue);

  function delay(message: FauxMessage, milliseconds: number): void {
    message.delayUntil = Number.POSITIVE_INFINITY;
    after(milliseconds, () => {
      message.delayUntil = undefined;
      queue.processTimers();
    });
  }

  queue.enqueue = (message) => {
    const { approximateReceiveCount, delayUntil, sentTimestamp } = message;
    // One that was received before comes from the queue whose dead letters these are.
    if (approximateReceiveCount === 0) {
      message.sentTimestamp = clock.now();
      if (delayUntil !== undefined) delay(message, delayUntil - sentTimestamp);
    }
    enqueue(message);
  };
}

function hideByClock(queue: FauxQueue, clock: Clock, after: Clock['after']): void {
  const dequeue = queue.dequeue.bind(queue);
  const changeVisibility = queue.changeVisibility.bind(queue);
  const deleteMessage = queue.deleteMessage.bind(queue);
  /** What keeps each message from becoming visible, by its receipt handle. */
  const hidden = new Map<string, () => void>();

  function hide(handle: string, seconds: number): void {
    const show = () => {
      const entry = queue.inflightMessages.get(handle);
      if (entry) entry.visibilityDeadline = 0;
      hidden.delete(handle);
      queue.processTimers();
    };
    hidden.set(handle, after(seconds * 1_000, show));
  }

  function forget(handle: string): void {
    hidden.get(handle)?.();
    hidden.delete(handle);
  }

  queue.dequeue = (max, visibilitySeconds, ...rest) => {
    const seconds = visibilitySeconds ?? Number(queue.attributes.VisibilityTimeout);
    const received = dequeue(max, Number.POSITIVE_INFINITY, ...rest);
    for (const { ReceiptHandle: handle } of received) {
      const message = queue.inflightMessages.get(handle)?.message;
      if (message?.approximateReceiveCount === 1) message.approximateFirstReceiveTimestamp = clock.now();
      hide(handle, seconds);
    }
    return received;
  };
  queue.changeVisibility = (handle, seconds) => {
    forget(handle);
    changeVisibility(handle, seconds === 0 ? 0 : Number.POSITIVE_INFINITY);
    if (queue.inflightMessages.has(handle)) hide(handle, seconds);
  };
  queue.deleteMessage = (handle) => {
    forget(handle);
    return deleteMessage(handle);
  };
}
