import { AsyncLocalStorage } from 'node:async_hooks';

interface Occupation {
  sleepers: number;
  isGivenUp: boolean;
}

/** Knows what is under way, and whether some of it is busy with the real world: neither asleep nor at its end. */
export class Occupations {
  readonly #underWay = new Set<Occupation>();
  readonly #current = new AsyncLocalStorage<Occupation>();
  #steps = 0;

  /** Goes up whenever something begins, ends, falls asleep or wakes up. As long as it does, nothing hangs. */
  get steps(): number {
    return this.#steps;
  }

  async occupy<T>(work: () => Promise<T>): Promise<T> {
    const occupation = { sleepers: 0, isGivenUp: false };
    this.#underWay.add(occupation);
    this.#steps += 1;
    try {
      return await this.#current.run(occupation, work);
    } finally {
      this.#underWay.delete(occupation);
      this.#steps += 1;
    }
  }

  /** Whoever calls goes to sleep; the function that it returns wakes it up. Undefined if it is outside of what is under way. */
  beginSleep(): (() => void) | undefined {
    const occupation = this.#current.getStore();
    if (!occupation) return undefined;
    const count = (change: number) => {
      occupation.sleepers += change;
      this.#steps += 1;
    };
    count(1);
    return () => count(-1);
  }

  areBusy(): boolean {
    for (const { sleepers, isGivenUp } of this.#underWay) if (sleepers === 0 && !isGivenUp) return true;
    return false;
  }

  /** Waits no longer for what is busy now. */
  giveUp(): void {
    for (const occupation of this.#underWay) occupation.isGivenUp = true;
  }
}
