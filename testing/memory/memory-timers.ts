import type { Clock } from '../../sdk/ports/clock.ts';
import type { Timer, Timers } from '../../sdk/ports/timers.ts';
import type { MemoryQueues } from './memory-queues.ts';

export interface MemoryTimersParts {
  readonly clock: Clock;
  readonly queues: MemoryQueues;
  /** How late the next one rings, milliseconds. */
  readonly lateness: () => number;
}

/** One-time timers in memory, which ring when the virtual clock comes to them. */
export function memoryTimers({ clock, queues, lateness }: MemoryTimersParts): Timers {
  const running = new Map<string, { readonly timer: Timer; readonly stop: () => void }>();
  return {
    async set(timer) {
      const { id, at, queueName, message } = timer;
      const queue = queues.named(queueName);
      if (running.has(id)) return false;
      const stop = clock.after(Math.max(0, at - clock.now()) + lateness(), () => {
        running.delete(id);
        queue.add(message);
      });
      running.set(id, { timer, stop });
      return true;
    },
    async find(id) {
      return running.get(id)?.timer;
    },
    async cancel(id) {
      running.get(id)?.stop();
      return running.delete(id);
    },
  };
}
