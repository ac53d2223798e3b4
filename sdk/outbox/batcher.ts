import type { Answer } from '../ports/queues.ts';

/** How items are grouped into requests. */
export interface BatcherOptions<T> {
  /** Items per request, at most. */
  readonly maxItems: number;
  /** Bytes per request, at most. @default no limit */
  readonly maxBytes?: number;
  readonly sizeOf?: (item: T) => number;
  /** Items of one key never share a request. */
  readonly keyOf?: (item: T) => string;
  /** How long an item may wait for company, milliseconds. @default 0: until the current turn of the event loop ends */
  readonly lingerMs?: number;
  /** Makes the request; answers in order. If it throws, every item of the request gets the error. */
  readonly carryOut: (items: readonly T[]) => Promise<readonly Answer[]>;
}

interface Waiting<T> {
  readonly item: T;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/** Groups items that become ready together into as few requests as the service allows; each item gets its own answer. */
export class Batcher<T> {
  readonly #options: BatcherOptions<T>;
  #open: Waiting<T>[] = [];
  #openBytes = 0;
  #openKeys = new Set<string>();
  #cancelTimer: (() => void) | undefined;

  constructor(options: BatcherOptions<T>) {
    this.#options = options;
  }

  add(item: T): Promise<Answer> {
    const { maxItems, keyOf, sizeOf } = this.#options;
    if (!this.#fits(item)) this.flush();
    return new Promise((resolve, reject) => {
      this.#open.push({ item, resolve, reject });
      this.#openBytes += sizeOf?.(item) ?? 0;
      if (keyOf) this.#openKeys.add(keyOf(item));
      if (this.#open.length >= maxItems) this.flush();
      else this.#cancelTimer ??= startTimer(this.#options.lingerMs ?? 0, () => this.flush());
    });
  }

  /** Sends what waits now, without waiting for company. */
  flush(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
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

  async #carryOut(batch: readonly Waiting<T>[]): Promise<void> {
    try {
      const answers = await this.#options.carryOut(batch.map(({ item }) => item));
      batch.forEach(({ resolve }, i) => {
        resolve(answers[i] ?? missingAnswer);
      });
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}

/** An item without an answer has failed. */
const missingAnswer: Answer = {
  ok: false,
  code: 'MissingAnswer',
  message: 'no answer came',
  retryable: true,
};

function startTimer(milliseconds: number, callBack: () => void): () => void {
  if (milliseconds > 0) {
    const timer = setTimeout(callBack, milliseconds);
    return () => clearTimeout(timer);
  }
  const immediate = setImmediate(callBack);
  return () => clearImmediate(immediate);
}
