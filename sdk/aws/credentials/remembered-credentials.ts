import type { Clock } from '../../ports/clock.ts';
import type { Credentials, TemporaryCredentials } from './credentials.ts';

/** New ones are fetched that long before the old ones end, so that no request is under way with ended ones. */
const renewBeforeMs = 5 * 60_000;
/** A source that gives the old ones once more, or none, is not asked at each request while the old ones last. */
const atMostEveryMs = 60_000;

/** Asks once, and again shortly before the credentials end; whoever comes meanwhile still gets the old ones, or shares the answer. */
export class RememberedCredentials {
  readonly #find: () => Promise<TemporaryCredentials>;
  readonly #clock: Clock;
  #known: TemporaryCredentials | undefined;
  #askedAt = Number.NEGATIVE_INFINITY;
  #asked: Promise<TemporaryCredentials> | undefined;

  constructor(find: () => Promise<TemporaryCredentials>, clock: Clock) {
    this.#find = find;
    this.#clock = clock;
  }

  async get(): Promise<Credentials> {
    const known = this.#known;
    if (known && !this.#isDue(known)) return known;
    try {
      return await this.#ask();
    } catch (error) {
      if (known && this.#leftMs(known) > 0) return known;
      throw error;
    }
  }

  /** Looks for others, where a service has refused these as ended. Answers whether there are any. */
  async replace(refused: Credentials): Promise<boolean> {
    if (this.#known === refused) this.#known = undefined;
    const { accessKeyId, sessionToken } = await this.get();
    return accessKeyId !== refused.accessKeyId || sessionToken !== refused.sessionToken;
  }

  #isDue(known: TemporaryCredentials): boolean {
    const leftMs = this.#leftMs(known);
    if (leftMs <= 0) return true;
    return leftMs < renewBeforeMs && this.#clock.now() - this.#askedAt >= atMostEveryMs;
  }

  #ask(): Promise<TemporaryCredentials> {
    this.#askedAt = this.#clock.now();
    this.#asked ??= this.#find()
      .then((found) => {
        this.#known = found;
        return found;
      })
      .finally(() => {
        this.#asked = undefined;
      });
    return this.#asked;
  }

  #leftMs({ expiresAt = Number.POSITIVE_INFINITY }: TemporaryCredentials): number {
    return expiresAt - this.#clock.now();
  }
}
