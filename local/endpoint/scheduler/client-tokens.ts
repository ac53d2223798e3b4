import { conflict } from './scheduler-errors.ts';

interface Answered {
  /** Method, path and parameters of the request. */
  readonly request: string;
  readonly answer: object;
}

const maxTokens = 10_000;

/**
 * Carries out a request that came twice, since its client lost the answer, only once. The SDK gives each of its calls a token
 * of its own and keeps it when it tries again.
 */
export class ClientTokens {
  readonly #answered = new Map<string, Answered>();

  once(token: string | undefined, request: string, act: () => object): object {
    if (token === undefined) return act();
    const earlier = this.#answered.get(token);
    if (earlier && earlier.request !== request) {
      throw conflict('The ClientToken was used before, with other parameters.');
    }
    if (earlier) return earlier.answer;
    const answer = act();
    this.#remember(token, { request, answer });
    return answer;
  }

  #remember(token: string, answered: Answered): void {
    const [oldest] = this.#answered.keys();
    if (this.#answered.size >= maxTokens && oldest !== undefined) this.#answered.delete(oldest);
    this.#answered.set(token, answered);
  }
}
