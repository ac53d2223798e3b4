import type { Logger } from '../../sdk/log/logger.ts';
import type { Clock } from '../../sdk/ports/clock.ts';
import type { Occupation } from './options.ts';

export interface ProtectionOptions {
  /** Where the container's agent is: `ECS_AGENT_URI`. */
  readonly agent: string;
  readonly clock: Clock;
  readonly log: Pick<Logger, 'warn'>;
}

/** How long a protection holds that nobody takes back, minutes: 1 to 2,880. It is asked for again after half of that. */
const expiryMinutes = 60;
const refreshMs = (expiryMinutes * 60_000) / 2;

/** Between two tasks the protection stays. */
const idleMs = 10_000;

/** After a request that failed. */
const retryMs = 30_000;

/** The longest that the agent, which is next door, may take to answer. */
const answerMs = 5_000;

/**
 * Keeps the ECS task of this process from being stopped by a scale-in or a deployment as long as it works. Whatever the agent says, the
 * work goes on.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-scale-in-protection-endpoint.html
 */
export class Protection implements Occupation {
  readonly #options: ProtectionOptions;
  #busy = 0;
  #isProtected = false;
  #refreshAt = 0;
  #isAsking = false;
  /** Was asked for in vain, and is not again before its time, however many tasks begin. */
  #isRefused = false;
  #isClosed = false;
  #cancelNext = () => {};

  constructor(options: ProtectionOptions) {
    this.#options = options;
  }

  begin(): void {
    this.#busy += 1;
    if (!this.#isProtected && !this.#isRefused) void this.#look();
  }

  end(): void {
    this.#busy -= 1;
    if (this.#busy === 0 && this.#isProtected) this.#lookAfter(idleMs);
  }

  /** Asks for nothing any more: whoever ends this process does so on purpose. */
  close(): void {
    this.#isClosed = true;
    this.#cancelNext();
  }

  #lookAfter(milliseconds: number): void {
    this.#cancelNext();
    if (!this.#isClosed) this.#cancelNext = this.#options.clock.after(milliseconds, () => void this.#look());
  }

  /** Asks for what is wanted now, if that is something new. */
  async #look(): Promise<void> {
    const { clock } = this.#options;
    const isWanted = this.#busy > 0;
    this.#isRefused = false;
    if (this.#isAsking || this.#isClosed || (!isWanted && !this.#isProtected)) return;
    const left = this.#refreshAt - clock.now();
    if (isWanted && this.#isProtected && left > 0) return this.#lookAfter(left);
    this.#isAsking = true;
    const isGranted = await this.#ask(isWanted);
    this.#isAsking = false;
    this.#isRefused = !isGranted;
    if (!isGranted) return this.#lookAfter(retryMs);
    this.#isProtected = isWanted;
    this.#refreshAt = clock.now() + refreshMs;
    // It may have become busy, or idle, meanwhile.
    this.#lookAfter(this.#busy === 0 ? idleMs : 0);
  }

  async #ask(ProtectionEnabled: boolean): Promise<boolean> {
    const { agent, log } = this.#options;
    const state = { ProtectionEnabled, ...(ProtectionEnabled && { ExpiresInMinutes: expiryMinutes }) };
    try {
      const response = await fetch(`${agent}/task-protection/v1/state`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(state),
        signal: AbortSignal.timeout(answerMs),
      });
      const text = await response.text();
      if (response.ok && !isRefusal(text)) return true;
      throw new Error(`${response.status}: ${text.slice(0, 300)}`);
    } catch (error) {
      log.warn('The protection of this ECS task from scale-in could not be changed.', { ...state, error });
      return false;
    }
  }
}

/** A refusal may come as an answer like any other: `failure`, or `error`, stands in it instead of `protection`. */
function isRefusal(text: string): boolean {
  const answer: unknown = JSON.parse(text);
  return typeof answer !== 'object' || answer === null || !('protection' in answer);
}
