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
    if (signal?.aborted) return Promise.reject(signal.reason);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const endSleep = this.#occupations.beginSleep();
    const wakeUp = (): void => {
      endSleep?.();
      signal?.removeEventListener('abort', abort);
      resolve();
    };
    const abort = (): void => {
      callOff();
      reject(signal?.reason);
      wakeUp();
    };
    // Work under way waits for those outside to let time pass: a test looks at it when it wants to.
    const isAwaited = endSleep === undefined;
    const callOff = this.#alarms.set({ at: this.#now + milliseconds, isAwaited, ring: wakeUp });
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
    await this.#rest();
    for (let at = this.#alarms.nextAt(); at !== undefined && at <= end; at = this.#alarms.nextAt()) {
      this.#goTo(at);
      await this.#rest();
    }
    this.#now = Math.max(this.#now, end);
  }

  /** Lets time pass from alarm to alarm until the condition holds, or nothing is left that could change it. */
  async until(condition: () => boolean): Promise<void> {
    let stuckMs = 0;
    for (const hasMoved = this.#movement(); ; ) {
      await quietness();
      if (condition()) return;
      // Only what the real world keeps waiting can be given up. What moves is waited for, however long the run is.
      if (hasMoved()) stuckMs = 0;
      else if (this.#occupations.areBusy()) stuckMs = await this.#bePatient(stuckMs);
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
    do await this.#rest();
    while (this.#mayPass() && this.#goToNext());
    this.#isPassing = false;
  }

  /** Until nothing more happens at once: everything has ended, sleeps, or is busy with the real world. */
  async #rest(): Promise<void> {
    const hasMoved = this.#movement();
    do await quietness();
    while (hasMoved());
  }

  /** Tells, each time, whether work has begun, ended, fallen asleep or woken up since it was asked before: then more may follow at once. */
  #movement(): () => boolean {
    let seen = this.#occupations.steps;
    return () => {
      const { steps } = this.#occupations;
      const hasMoved = steps !== seen;
      seen = steps;
      return hasMoved;
    };
  }

  async #bePatient(stuckMs: number): Promise<number> {
    if (stuckMs > this.#patienceMs) this.#occupations.giveUp();
    else await new Promise((resolve) => setTimeout(resolve, 1));
    return stuckMs + 1;
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
    this.#alarms.ringUntil(this.#now);
  }
}

/** Several turns of the event loop, since one thing leads to another. */
async function quietness(): Promise<void> {
  for (let turn = 0; turn < 4; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
