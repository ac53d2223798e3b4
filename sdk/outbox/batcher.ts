import type { Clock } from '../ports/clock.ts';

/** How items are grouped into requests. */
export interface BatcherOptions<T, A> {
  /** Items per request, at most. */
  readonly maxItems: number;
  /** Bytes per request, at most. @default no limit */
  readonly maxBytes?: number;
  readonly sizeOf?: (item: T) => number;
  /** Items of one key never share a request. */
  readonly keyOf?: (item: T) => string;
  /** How long an item may wait for company. @default until the current turn of the event loop ends */
  readonly linger?: { readonly milliseconds: number; readonly clock: Clock };
  /** Makes the request; answers in order. If it throws, every item of the request gets the error. */
  readonly carryOut: (items: readonly T[]) => Promise<readonly A[]>;
}

interface Waiting<T, A> {
  readonly item: T;
  readonly resolve: (answer: A) => void;
  readonly reject: (error: unknown) => void;
}

/** Groups items that become ready together into as few requests as the service allows; each item gets its own answer. */
export class Batcher<T, A> {
  readonly #options: BatcherOptions<T, A>;
  #open: Waiting<T, A>[] = [];
  #openBytes = 0;
  #openKeys = new Set<string>();
  #closing: AbortController | undefined;

  constructor(options: BatcherOptions<T, A>) {
    this.#options = options;
  }

  add(item: T): Promise<A> {
    const { maxItems, keyOf, sizeOf } = this.#options;
    if (!this.#fits(item)) this.flush();
    return new Promise((resolve, reject) => {
      this.#open.push({ item, resolve, reject });
      this.#openBytes += sizeOf?.(item) ?? 0;
      if (keyOf) this.#openKeys.add(keyOf(item));
      if (this.#open.length >= maxItems) this.flush();
      else if (!this.#closing) this.#flushSoon();
    });
  }

  /** Sends what waits now, without waiting for company. */
  flush(): void {
    this.#closing?.abort();
    this.#closing = undefined;
    const batch = this.#open;
    if (batch.length === 0) return;
    this.#open = [];
    this.#openBytes = 0;
    this.#openKeys.clear();
    void this.#carryOut(batch);
  }

  #fits(item: T): boolean {
    const { maxBytes = Number.POSITIVE_INFINITY, keyOf, sizeOf } = this.#options;
    if (keyOf && this.#openKeys.has(keyOf(item))) return false;
    return this.#openBytes + (sizeOf?.(item) ?? 0) <= maxBytes;
  }

  #flushSoon(): void {
    const { linger } = this.#options;
    const closing = new AbortController();
    this.#closing = closing;
    const flush = () => {
      if (!closing.signal.aborted) this.flush();
    };
    if (linger) linger.clock.sleep(linger.milliseconds, closing.signal).then(flush, () => undefined);
    else setImmediate(flush);
  }

  async #carryOut(batch: readonly Waiting<T, A>[]): Promise<void> {
    try {
      const answers = await this.#options.carryOut(batch.map(({ item }) => item));
      for (const [i, { resolve, reject }] of batch.entries()) {
        // An item without an answer has failed; the check by index keeps undefined a lawful answer.
        if (i < answers.length) resolve(answers[i] as A);
        else reject(new Error('No answer came for this item of the batch.'));
      }
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}
