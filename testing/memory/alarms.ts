import { Instants } from './instants.ts';

/** Something to happen at an instant. */
export interface Alarm {
  readonly at: number;
  readonly ring: () => void;
  /** Whether time passes to reach it. Other alarms, those of running work among them, ring when time passes over them. */
  readonly isAwaited: boolean;
}

/** The alarms of one instant, which ring in the order in which they were set. */
type Bell = Set<Pick<Alarm, 'ring' | 'isAwaited'>>;

/** The alarms that are set. Thousands often wait for the same few instants, so only the instants are put in order. */
export class Alarms {
  /** An instant whose alarms were all called off stays until it comes up. */
  readonly #instants = new Instants();
  readonly #bells = new Map<number, Bell>();
  #awaited = 0;

  get areAwaited(): boolean {
    return this.#awaited > 0;
  }

  /** Sets an alarm; the function that it returns calls it off. */
  set({ at, ring, isAwaited }: Alarm): () => void {
    const bell = this.#bellAt(at);
    const alarm = { ring, isAwaited };
    bell.add(alarm);
    if (isAwaited) this.#awaited += 1;
    return () => {
      if (bell.delete(alarm) && isAwaited) this.#awaited -= 1;
    };
  }

  /** When the next one is due. */
  nextAt(): number | undefined {
    for (let at = this.#instants.next; at !== undefined; at = this.#instants.next) {
      if (this.#bells.get(at)?.size) return at;
      this.#bells.delete(at);
      this.#instants.dropNext();
    }
    return undefined;
  }

  /** Rings all that are due by then, also those that are set while it rings. */
  ringUntil(now: number): void {
    for (let at = this.nextAt(); at !== undefined && at <= now; at = this.nextAt()) {
      const bell = this.#bellAt(at);
      for (const alarm of bell) {
        bell.delete(alarm);
        if (alarm.isAwaited) this.#awaited -= 1;
        alarm.ring();
      }
    }
  }

  #bellAt(at: number): Bell {
    const known = this.#bells.get(at);
    if (known) return known;
    const bell: Bell = new Set();
    this.#bells.set(at, bell);
    this.#instants.add(at);
    return bell;
  }
}
