import type { Clock } from '../../sdk/ports/clock.ts';
import { Alarms } from './alarms.ts';
import { Occupations } from './occupations.ts';

/**
 * Time that passes only while somebody outside of any work sleeps (a test that waits for a result) and nothing else is
 * left to do: then the clock jumps from alarm to alarm. Hours go by in microseconds and always in the same order. Work
 * that is busy with the real world (a file, a socket) stops the clock, but not for ever.
 */
export class VirtualClock implements Clock {
  #now: number;
  readonly #alarms = new Alarms();
  #isPassing = false;
  #patience: NodeJS.Timeout | undefined;
  readonly #occupations = new Occupations();
  readonly #patienceMs: number;

  /**
   * @param start epoch milliseconds
   * @param patienceMs how long the real world may keep everybody waiting before time passes all the same, real milliseconds
   */
  constructor(start: number, patienceMs = 2_000) {
    this.#now = start;
    this.#patienceMs = patienceMs;
  }

  now(): number {
    return this.#now;
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    if (signal?.aborted) return Promise.reject(signal.reason);
    const endSleep = this.#occupations.beginSleep();
    const wakeUp = (then: () => void) => () => {
      cancel();
      endSleep();
      signal?.removeEventListener('abort', abort);
      then();
    };
    // Work under way waits for those outside to let time pass: a test looks at it when it wants to.
    const isAwaited = !this.#occupations.isWithin();
    const cancel = this.#alarms.set({ at: this.#now + milliseconds, isAwaited, ring: wakeUp(resolve) });
    const abort = wakeUp(() => reject(signal?.reason));
    signal?.addEventListener('abort', abort);
    this.#letTimePass();
    return promise;
  }

  after(milliseconds: number, callBack: () => void): () => void {
    return this.#alarms.set({ at: this.#now + milliseconds, isAwaited: false, ring: callBack });
  }

  /** Lets that much time pass, ringing whatever is due on the way, also time limits of work that is still busy. */
  async advance(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds;
    await quietness();
    for (let at = this.#alarms.nextAt(); at !== undefined && at <= end; at = this.#alarms.nextAt()) {
      this.#goTo(at);
      await quietness();
    }
    this.#now = Math.max(this.#now, end);
  }

  /** Lets time pass from alarm to alarm until the condition holds, or nothing is left that could change it. */
  async until(condition: () => boolean): Promise<void> {
    let busyMs = 0;
    for (;;) {
      await quietness();
      if (condition()) return;
      if (busyMs > this.#patienceMs) this.#occupations.giveUp();
      busyMs = this.#occupations.areBusy() ? busyMs + 1 : 0;
      if (busyMs > 0) await new Promise((resolve) => setTimeout(resolve, 1));
      else if (!this.#goToNext()) return;
    }
  }

  /** Does work during which time stands still, except while the work itself sleeps. */
  async occupied<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await this.#occupations.occupy(work);
    } finally {
      this.#letTimePass();
    }
  }

  #letTimePass(): void {
    clearTimeout(this.#patience);
    if (this.#isPassing) return;
    this.#isPassing = true;
    void this.#pass();
  }

  async #pass(): Promise<void> {
    await quietness();
    while (this.#mayPass() && this.#goToNext()) await quietness();
    this.#isPassing = false;
  }

  #mayPass(): boolean {
    if (!this.#alarms.areAwaited) return false;
    if (!this.#occupations.areBusy()) return true;
    this.#patience = setTimeout(() => {
      this.#occupations.giveUp();
      this.#letTimePass();
    }, this.#patienceMs);
    return false;
  }

  /** Answers false if no alarm is set. */
  #goToNext(): boolean {
    const at = this.#alarms.nextAt();
    if (at !== undefined) this.#goTo(at);
    return at !== undefined;
  }

  /** Goes to an instant and rings all that are due then: what happens at once is seen at once. */
  #goTo(at: number): void {
    this.#now = Math.max(this.#now, at);
    for (let due = this.#alarms.takeDue(this.#now); due; due = this.#alarms.takeDue(this.#now)) due.ring();
  }
}

/** Until the program has nothing to do at once: several turns of the event loop, since one thing leads to another. */
async function quietness(): Promise<void> {
  for (let turn = 0; turn < 4; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
