import type { Chance } from '../../../sdk/ports/chance.ts';
import type { Clock } from '../../../sdk/ports/clock.ts';
import type { Lease } from './leases.ts';

/** A call's turn among those of its key in this process: with the place of the one before it, if that is handed on. */
export interface Turn {
  readonly place: Lease | undefined;
}

interface Runs {
  active: number;
  readonly waiting: Set<(turn: Turn | undefined) => void>;
}

/** How a call waits for its turn. */
interface Patience {
  readonly milliseconds: number;
  readonly clock: Clock;
  /** It has a place waiting for it elsewhere, and need not wait for the others. */
  readonly isHeir: boolean;
}

const longestMs = 900_000;

/**
 * Lets the runs of one key in this process go one after the other, as many at once as there are places: they hand the places on, so
 * that they neither fight for them nor come again and again.
 */
export class LocalTurns {
  readonly #keys = new Map<string, Runs>();
  #number: number | undefined;

  /** Another number for each caller, from another one on in each process: those that look for a place at once do not look at the same. */
  number({ random }: Chance): number {
    this.#number = (this.#number ?? Math.floor(random() * 1_000_000)) + 1;
    return this.#number;
  }

  /** Waits for a turn, but not longer than that: undefined if there is none. */
  async enter(
    key: string,
    limit: number,
    { milliseconds, clock, isHeir }: Patience,
  ): Promise<Turn | undefined> {
    const runs = this.#keys.get(key) ?? { active: 0, waiting: new Set() };
    this.#keys.set(key, runs);
    if (runs.active < limit || isHeir) {
      runs.active += 1;
      return { place: undefined };
    }
    if (milliseconds <= 0) return undefined;
    const woken = new AbortController();
    let turn: Turn | undefined;
    const take = (given: Turn | undefined) => {
      turn = given;
      woken.abort();
    };
    runs.waiting.add(take);
    await clock.sleep(Math.min(milliseconds, longestMs), woken.signal).catch(() => undefined);
    runs.waiting.delete(take);
    return turn;
  }

  /** Whether somebody waits to whom a place can be handed on. */
  hasWaiting(key: string): boolean {
    return (this.#keys.get(key)?.waiting.size ?? 0) > 0;
  }

  /** Ends a turn. The next one begins, with the place if there is one. */
  leave(key: string, place: Lease | undefined): void {
    const runs = this.#keys.get(key);
    if (!runs) return;
    runs.active -= 1;
    if (this.#wakeNext(runs, { place })) runs.active += 1;
    this.#forget(key, runs);
  }

  /** Ends a turn for which no place was found: those who wait for no other run here need not wait at all. */
  giveUp(key: string): void {
    const runs = this.#keys.get(key);
    if (!runs) return;
    runs.active -= 1;
    if (runs.active === 0) while (this.#wakeNext(runs, undefined));
    this.#forget(key, runs);
  }

  #wakeNext({ waiting }: Runs, turn: Turn | undefined): boolean {
    const [next] = waiting;
    if (!next) return false;
    waiting.delete(next);
    next(turn);
    return true;
  }

  #forget(key: string, { active, waiting }: Runs): void {
    if (active === 0 && waiting.size === 0) this.#keys.delete(key);
  }
}
