import type { Clock } from '../../sdk/ports/clock.ts';
import type { Timer, Timers } from '../../sdk/ports/timers.ts';
import type { MemoryQueues } from './memory-queues.ts';

/** One-time timers in memory, which ring when the virtual clock comes to them. */
export function memoryTimers({ clock, queues }: { clock: Clock; queues: MemoryQueues }): Timers {
  const running = new Map<string, () => void>();
  return {
    async set({ id, at, queueName, message }: Timer) {
      const queue = queues.named(queueName);
      if (running.has(id)) return;
      const cancel = clock.after(Math.max(0, at - clock.now()), () => {
        running.delete(id);
        queue.add(message);
      });
      running.set(id, cancel);
    },
    async cancel(id) {
      running.get(id)?.();
      return running.delete(id);
    },
  };
}
