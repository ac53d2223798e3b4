import { createHash } from 'node:crypto';
import { conflict } from './scheduler-errors.ts';

interface Answered {
  /** A digest of the request: ten thousand of a quarter of a megabyte are too many to keep. */
  readonly digest: string;
  readonly answer: object;
}

const maxTokens = 10_000;

/**
 * Carries out a request that came twice, since its client lost the answer, only once. The SDK gives each of its calls a token
 * of its own and keeps it when it tries again.
 */
export class ClientTokens {
  readonly #answered = new Map<string, Answered>();

  /** `request`: method, path and parameters. */
  once(token: string | undefined, request: string, act: () => object): object {
    if (token === undefined) return act();
    const digest = createHash('sha256').update(request).digest('base64');
    const earlier = this.#answered.get(token);
    if (earlier && earlier.digest !== digest) {
      throw conflict('The ClientToken was used before, with other parameters.');
    }
    if (earlier) return earlier.answer;
    const answer = act();
    this.#remember(token, { digest, answer });
    return answer;
  }

  #remember(token: string, answered: Answered): void {
    const [oldest] = this.#answered.keys();
    if (this.#answered.size >= maxTokens && oldest !== undefined) this.#answered.delete(oldest);
    this.#answered.set(token, answered);
  }
}
