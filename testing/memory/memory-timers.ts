import type { Clock } from '../../sdk/ports/clock.ts';
import type { Timer, Timers } from '../../sdk/ports/timers.ts';
import type { MemoryQueues } from './memory-queues.ts';
import { checkTimer } from './scheduler-rules.ts';

export interface MemoryTimersParts {
  readonly clock: Clock;
  readonly queues: MemoryQueues;
  /** How late the next one rings, milliseconds. */
  readonly lateness: () => number;
}

/** How many of each kind of request. */
export type TimerCounts = Readonly<Record<'set' | 'find' | 'cancel', number>>;

interface Running {
  readonly timer: Timer;
  readonly stop: () => void;
}

/** One-time timers in memory, under the rules of EventBridge Scheduler. They ring when the virtual clock comes to them. */
export class MemoryTimers implements Timers {
  readonly #parts: MemoryTimersParts;
  readonly #running = new Map<string, Running>();
  readonly #requests = { set: 0, find: 0, cancel: 0 };
  /** The requests that were made so far, refused ones included: what a run costs. */
  readonly requests: TimerCounts = this.#requests;

  constructor(parts: MemoryTimersParts) {
    this.#parts = parts;
  }

  /** How many are set and have not rung. */
  get size(): number {
    return this.#running.size;
  }

  async set(timer: Timer): Promise<boolean> {
    const { clock, queues, lateness } = this.#parts;
    const { id, queueName, message } = timer;
    const queue = queues.named(queueName);
    this.#requests.set += 1;
    checkTimer(timer);
    if (this.#running.has(id)) return false;
    // Whole seconds are all that Scheduler knows.
    const at = Math.ceil(timer.at / 1_000) * 1_000;
    const stop = clock.after(Math.max(0, at - clock.now()) + lateness(), () => {
      this.#running.delete(id);
      queue.add(message);
    });
    this.#running.set(id, { timer: { ...timer, at }, stop });
    return true;
  }

  async find(id: string): Promise<Timer | undefined> {
    this.#requests.find += 1;
    return this.#running.get(id)?.timer;
  }

  async cancel(id: string): Promise<boolean> {
    this.#requests.cancel += 1;
    this.#running.get(id)?.stop();
    return this.#running.delete(id);
  }
}
