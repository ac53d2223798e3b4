import type { ReceivedMessage } from '../../sdk/ports/queues.ts';
import { deleteMessages } from './acknowledge.ts';
import { invoke } from './invoke.ts';
import type { Settings } from './options.ts';

/** The invocations that run now, and a place to wait until there is room for one more. */
export class Invocations {
  readonly #settings: Settings;
  readonly #signal: AbortSignal;
  readonly #running = new Set<Promise<void>>();
  #wake = () => {};

  constructor(settings: Settings, signal: AbortSignal) {
    this.#settings = settings;
    this.#signal = signal;
    signal.addEventListener('abort', () => this.#wake(), { once: true });
  }

  /** Waits until fewer run than may, or the signal aborts. */
  async room(): Promise<void> {
    while (this.#running.size >= this.#settings.concurrency && !this.#signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  start(batch: readonly ReceivedMessage[]): void {
    const invocation = this.#serve(batch).finally(() => {
      this.#running.delete(invocation);
      this.#wake();
    });
    this.#running.add(invocation);
  }

  /** Waits for all that run. */
  async end(): Promise<void> {
    await Promise.all(this.#running);
  }

  // The deletes belong to the invocation, so that a slow endpoint slows down the polling.
  async #serve(batch: readonly ReceivedMessage[]): Promise<void> {
    await deleteMessages(await invoke(batch, this.#settings), this.#settings);
  }
}
