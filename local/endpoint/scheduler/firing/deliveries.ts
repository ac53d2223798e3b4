import type { Logger } from '../../../../sdk/log/logger.ts';
import type { Chance } from '../../../../sdk/ports/chance.ts';
import type { Clock } from '../../../../sdk/ports/clock.ts';
import type { Schedule } from '../store/schedule.ts';
import { invokeTarget, type Targets } from '../targets/invoke-target.ts';
import { type Death, deadLetter } from './dead-letter.ts';
import { type Execution, payloadOf } from './execution.ts';
import { verdict } from './retry.ts';

export interface DeliveriesParts {
  readonly targets: Targets;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly log: Pick<Logger, 'warn'>;
  /** Ends the waits between two attempts. */
  readonly signal: AbortSignal;
}

/** The deliveries under way, each with its retries. */
export class Deliveries {
  readonly #parts: DeliveriesParts;
  readonly #running = new Set<Promise<void>>();

  constructor(parts: DeliveriesParts) {
    this.#parts = parts;
  }

  start(schedule: Schedule, scheduledAt: number): void {
    const running = this.#deliver(schedule, scheduledAt).finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  /** Waits for all that run. */
  async end(): Promise<void> {
    await Promise.all(this.#running);
  }

  async #deliver(schedule: Schedule, scheduledAt: number): Promise<void> {
    const { targets, clock, chance, signal } = this.#parts;
    const startedAt = clock.now();
    for (let attempt = 1; !signal.aborted; attempt += 1) {
      const id = chance.newId().replaceAll('-', '').slice(0, 16);
      const execution: Execution = { schedule, scheduledAt, id, attempt };
      try {
        await invokeTarget(targets, schedule, payloadOf(execution));
        return;
      } catch (error) {
        const next = verdict({ error, attempt, ageMs: clock.now() - startedAt }, schedule.target);
        if ('exhausted' in next) return this.#bury({ execution, error, exhausted: next.exhausted });
        await clock.sleep(next.pauseMs, signal).catch(() => {}); // it rejects only when we stop
      }
    }
  }

  async #bury(death: Death): Promise<void> {
    const { targets, log } = this.#parts;
    const { arn, target } = death.execution.schedule;
    log.warn(`The target of ${arn} could not be invoked.`, { target: target.arn, error: death.error });
    if (target.deadLetterArn === undefined) return;
    try {
      await targets.send(deadLetter(target.deadLetterArn, death));
    } catch (error) {
      log.warn(`Its dead-letter queue ${target.deadLetterArn} took no message either.`, { error });
    }
  }
}
