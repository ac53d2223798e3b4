import type { Clock } from '../../../sdk/ports/clock.ts';

/** Timers that end with the endpoint, if nobody cancels them before. */
export function timersUntil(signal: AbortSignal, clock: Clock): Clock['after'] {
  const running = new Set<() => void>();
  signal.addEventListener('abort', () => {
    for (const cancel of running) cancel();
  });
  return (milliseconds, callBack) => {
    const cancel = () => {
      running.delete(cancel);
      cancelTimer();
    };
    const cancelTimer = clock.after(milliseconds, () => {
      running.delete(cancel);
      callBack();
    });
    running.add(cancel);
    return cancel;
  };
}
