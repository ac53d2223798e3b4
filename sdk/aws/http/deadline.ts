import { TransportError } from './transport-error.ts';

/** A timer that is so late says that this process was busy or asleep. What came meanwhile has not been read yet. */
const lateMs = 100;

/** What is waited for, and for how long. */
export interface Patience {
  readonly missing: string;
  readonly milliseconds: number;
}

/** Says when something has been waited for long enough. A task that computes without a pause does not make it end early. */
export class Deadline {
  readonly #end: (error: TransportError) => void;
  readonly #milliseconds: number;
  readonly #timer: NodeJS.Timeout;
  #missing: string;
  #startedAt = performance.now();
  #isSecondChance = false;

  constructor({ missing, milliseconds }: Patience, end: (error: TransportError) => void) {
    this.#end = end;
    this.#missing = missing;
    this.#milliseconds = milliseconds;
    this.#timer = setTimeout(() => this.#ring(), milliseconds);
  }

  /** Something came: waits as long once more, for what is missing now. */
  restart(missing: string): void {
    this.#missing = missing;
    this.#isSecondChance = false;
    this.#start();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #start(): void {
    this.#startedAt = performance.now();
    this.#timer.refresh();
  }

  #ring(): void {
    const isLate = performance.now() - this.#startedAt > this.#milliseconds + lateMs;
    if (!isLate || this.#isSecondChance) {
      this.#end(TransportError.timeout(this.#missing, this.#milliseconds));
      return;
    }
    this.#isSecondChance = true;
    this.#start();
  }
}
