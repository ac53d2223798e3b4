import { payloadLifetimes } from '../../sdk/payloads/lifetimes.ts';
import type { Clock } from '../../sdk/ports/clock.ts';
import type { Payloads } from '../../sdk/ports/payloads.ts';
import type { Answer } from '../../sdk/ports/queues.ts';

interface Stored {
  readonly text: string;
  readonly storedAt: number;
}

const dayMs = 86_400_000;

/** A bucket in memory, whose lifecycle deletes payloads as soon as it may. */
export class MemoryPayloads implements Payloads {
  readonly #name: string;
  readonly #clock: Clock;
  readonly #objects = new Map<string, Stored>();
  readonly #requests = { put: 0, get: 0 };
  /** The requests that were made so far, refused ones included. */
  readonly requests: Readonly<Record<'put' | 'get', number>> = this.#requests;

  constructor({ name, clock }: { readonly name: string; readonly clock: Clock }) {
    this.#name = name;
    this.#clock = clock;
  }

  async bucketName(): Promise<string> {
    return this.#name;
  }

  async put(key: string, text: string): Promise<Answer> {
    this.#requests.put += 1;
    if (Buffer.byteLength(key) > 1_024)
      return { ok: false, code: 'KeyTooLongError', message: 'Your key is too long', retryable: false };
    // Bytes of UTF-8 are all that S3 keeps.
    this.#objects.set(key, { text: text.toWellFormed(), storedAt: this.#clock.now() });
    return { ok: true };
  }

  async get(key: string): Promise<string | undefined> {
    this.#requests.get += 1;
    this.#expire();
    return this.#objects.get(key)?.text;
  }

  /** The keys of what lies there, for tests that look inside. */
  keys(): readonly string[] {
    this.#expire();
    return [...this.#objects.keys()];
  }

  /** Deletes an object: the fault of somebody who tidies up. */
  delete(key: string): void {
    this.#objects.delete(key);
  }

  #expire(): void {
    const now = this.#clock.now();
    for (const [key, { storedAt }] of this.#objects) {
      const { days = Number.POSITIVE_INFINITY } =
        payloadLifetimes.find(({ prefix }) => key.startsWith(prefix)) ?? {};
      if (storedAt + days * dayMs <= now) this.#objects.delete(key);
    }
  }
}
