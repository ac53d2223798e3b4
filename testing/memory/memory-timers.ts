import type { Clock } from '../../sdk/ports/clock.ts';
import type { Queues } from '../../sdk/ports/queues.ts';
import type { Timer, Timers } from '../../sdk/ports/timers.ts';

/** One-time timers in memory, which ring when the virtual clock comes to them. */
export function memoryTimers({ clock, queues }: { clock: Clock; queues: Queues }): Timers {
  const running = new Map<string, () => void>();
  return {
    async set({ id, at, queueName, message }: Timer) {
      if (running.has(id)) return;
      const cancel = clock.after(Math.max(0, at - clock.now()), () => {
        running.delete(id);
        void queues.send(queueName, [message]);
      });
      running.set(id, cancel);
    },
    async cancel(id) {
      running.get(id)?.();
      return running.delete(id);
    },
  };
}
