import type { Clock } from '../../../sdk/ports/clock.ts';

/** A clock that stands still until a test moves it. */
export class VirtualClock implements Clock {
  #now = 0;
  readonly #timers = new Set<{ readonly at: number; readonly ring: () => void }>();

  now(): number {
    return this.#now;
  }

  /** Timers that nobody has cancelled and that have not rung. */
  get pending(): number {
    return this.#timers.size;
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const stop = () => {
        cancel();
        reject(signal?.reason);
      };
      const cancel = this.after(milliseconds, () => {
        signal?.removeEventListener('abort', stop);
        resolve();
      });
      signal?.addEventListener('abort', stop, { once: true });
    });
  }

  after(milliseconds: number, callBack: () => void): () => void {
    const timer = { at: this.#now + milliseconds, ring: callBack };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Moves on, from timer to timer, and lets the program do at each what it has to do. */
  async advance(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds;
    for (;;) {
      await settled();
      const [next] = [...this.#timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.#now = next.at;
      this.#timers.delete(next);
      next.ring();
    }
    this.#now = end;
  }
}

/** Everything that can happen without the clock has happened: Node runs all microtasks before the next immediate. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
