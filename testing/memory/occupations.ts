import { AsyncLocalStorage } from 'node:async_hooks';

interface Occupation {
  sleepers: number;
  isGivenUp: boolean;
}

/** Knows what is under way, and whether some of it is busy with the real world: neither asleep nor at its end. */
export class Occupations {
  readonly #underWay = new Set<Occupation>();
  readonly #current = new AsyncLocalStorage<Occupation>();

  async occupy<T>(work: () => Promise<T>): Promise<T> {
    const occupation = { sleepers: 0, isGivenUp: false };
    this.#underWay.add(occupation);
    try {
      return await this.#current.run(occupation, work);
    } finally {
      this.#underWay.delete(occupation);
    }
  }

  /** Whether the caller belongs to something that is under way. */
  isWithin(): boolean {
    return this.#current.getStore() !== undefined;
  }

  /** Whoever calls goes to sleep; the function that it returns wakes it up. */
  beginSleep(): () => void {
    const occupation = this.#current.getStore();
    if (!occupation) return () => undefined;
    occupation.sleepers += 1;
    return () => {
      occupation.sleepers -= 1;
    };
  }

  areBusy(): boolean {
    return [...this.#underWay].some(({ sleepers, isGivenUp }) => sleepers === 0 && !isGivenUp);
  }

  /** Waits no longer for what is busy now. */
  giveUp(): void {
    for (const occupation of this.#underWay) occupation.isGivenUp = true;
  }
}
