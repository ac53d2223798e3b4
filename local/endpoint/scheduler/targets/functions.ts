import type { Logger } from '../../../../sdk/log/logger.ts';
import type { Clock } from '../../../../sdk/ports/clock.ts';
import { TargetError } from './target-error.ts';

/** A function of this process, as a schedule invokes it. */
export type ScheduledFunction = (event: unknown) => Promise<unknown>;

export interface FunctionsParts {
  /** By the names that their ARNs bear. */
  readonly functions: Readonly<Record<string, ScheduledFunction>>;
  readonly clock: Clock;
  readonly log: Pick<Logger, 'warn'>;
  /** Ends the waits between two tries. */
  readonly signal: AbortSignal;
}

/**
 * How long Lambda waits before it tries again what was invoked asynchronously and failed: twice in all.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
const pausesMs = [60_000, 120_000];

/** Lambda's asynchronous invocation: whoever invokes is told only whether there is such a function. */
export class Functions {
  readonly #parts: FunctionsParts;
  readonly #running = new Set<Promise<void>>();

  constructor(parts: FunctionsParts) {
    this.#parts = parts;
  }

  /** @throws TargetError if there is no such function. */
  invoke(arn: string, payload: string): void {
    const [, , , , , , name = ''] = arn.split(':');
    const found = Object.entries(this.#parts.functions).find(([known]) => known === name)?.[1];
    if (!found) throw new TargetError('ResourceNotFoundException', `Function not found: ${arn}`, true);
    const running = this.#run(name, () => found(JSON.parse(payload))).finally(() =>
      this.#running.delete(running),
    );
    this.#running.add(running);
  }

  /** Waits for all that run. */
  async end(): Promise<void> {
    await Promise.all(this.#running);
  }

  async #run(name: string, call: () => Promise<unknown>): Promise<void> {
    const { clock, log, signal } = this.#parts;
    for (const pauseMs of [...pausesMs, undefined]) {
      try {
        await call();
        return;
      } catch (error) {
        const next =
          pauseMs === undefined ? 'and is not tried again' : `trying again in ${pauseMs / 1_000} s`;
        log.warn(`Function '${name}' failed, ${next}.`, { error });
      }
      if (pauseMs !== undefined) await clock.sleep(pauseMs, signal).catch(() => {});
      if (signal.aborted) return;
    }
  }
}
