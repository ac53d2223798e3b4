import type { Connection } from '../../../sdk/app/connection.ts';
import type { Revocation } from '../../../sdk/control/revoked-list.ts';
import type { Delivery } from '../../../sdk/engine/delivery.ts';
import { Termination, type WatchRun } from '../../../sdk/engine/time-limits.ts';
import type { Logger } from '../../../sdk/log/logger.ts';
import type { Clock } from '../../../sdk/ports/clock.ts';
import { callTime } from '../../../sdk/wire/marks.ts';
import { KnownList } from './known-list.ts';

/** How often a process looks, at most. */
const intervalMs = 1_000;

type Called = Pick<Delivery, 'envelope' | 'sentAt'>;

interface Run {
  readonly called: Called;
  readonly terminate: () => void;
}

/**
 * What a process knows of revoked calls. It looks once per second at most, when a batch arrives and as long as tasks run: where
 * nothing runs, and beside tasks that take less than a second, it costs nothing.
 */
export class Revocations {
  readonly #known: KnownList;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #runs = new Set<Run>();
  #lookedAt = Number.NEGATIVE_INFINITY;
  #underWay = Promise.resolve();
  #isLooking = false;
  #cancelTick: (() => void) | undefined;

  constructor({ cloud }: Pick<Connection, 'cloud'>, log: Logger) {
    this.#known = new KnownList(cloud);
    this.#clock = cloud.clock;
    this.#log = log;
  }

  get areNone(): boolean {
    return this.#known.list.isEmpty;
  }

  /** Looks, if the last look is a second old. Never throws: what is known stays known. */
  look(): Promise<void> {
    const isDue = this.#clock.now() - this.#lookedAt >= intervalMs;
    if (!isDue || this.#isLooking) return this.#underWay;
    this.#lookedAt = this.#clock.now();
    this.#underWay = this.#lookNow();
    return this.#underWay;
  }

  /** Undefined: it is not revoked, as far as is known. */
  find({ envelope, sentAt }: Called): Revocation | undefined {
    return this.#known.list.find(envelope, callTime(envelope, sentAt));
  }

  /** Watches a run, in case that it is to be aborted. */
  watch(called: Called): WatchRun {
    return (end) => {
      const run = { called, terminate: () => end(new Termination()) };
      this.#runs.add(run);
      this.#cancelTick ??= this.#clock.after(intervalMs, () => this.#tick());
      return () => this.#end(run);
    };
  }

  async #lookNow(): Promise<void> {
    this.#isLooking = true;
    try {
      await this.#known.look();
    } catch (error) {
      this.#log.warn('the list of revoked calls could not be read', { error });
    }
    this.#isLooking = false;
    for (const run of this.#runs) {
      if (!this.find(run.called)?.terminate) continue;
      this.#end(run);
      run.terminate();
    }
  }

  #tick(): void {
    this.#cancelTick = undefined;
    void this.look().then(() => {
      const wait = Math.max(1, this.#lookedAt + intervalMs - this.#clock.now());
      if (this.#runs.size > 0) this.#cancelTick ??= this.#clock.after(wait, () => this.#tick());
    });
  }

  #end(run: Run): void {
    this.#runs.delete(run);
    if (this.#runs.size > 0) return;
    this.#cancelTick?.();
    this.#cancelTick = undefined;
  }
}

/** Remembers what is known, for as long as the process lives and talks to one cloud. */
export function createRevocations(): (connection: Connection, log: Logger) => Revocations {
  const known = new WeakMap<Connection, Revocations>();
  return (connection, log) => {
    const revocations = known.get(connection) ?? new Revocations(connection, log);
    known.set(connection, revocations);
    return revocations;
  };
}
