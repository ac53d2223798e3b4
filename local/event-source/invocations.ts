/** What runs now, and a place to wait until there is room for one more. */
export class Invocations {
  readonly #most: number;
  readonly #signal: AbortSignal;
  readonly #running = new Set<Promise<void>>();
  #wake = () => {};

  constructor(most: number, signal: AbortSignal) {
    this.#most = most;
    this.#signal = signal;
    signal.addEventListener('abort', () => this.#wake(), { once: true });
  }

  get running(): number {
    return this.#running.size;
  }

  /** How many more may run. */
  get left(): number {
    return Math.max(0, this.#most - this.#running.size);
  }

  /** Waits until fewer run than may, or the signal aborts. */
  async room(): Promise<void> {
    while (this.left === 0 && !this.#signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** The work must not reject. */
  start(work: Promise<void>): void {
    const invocation = work.finally(() => {
      this.#running.delete(invocation);
      this.#wake();
    });
    this.#running.add(invocation);
  }

  /** Waits for all that run. */
  async end(): Promise<void> {
    await Promise.all(this.#running);
  }
}
