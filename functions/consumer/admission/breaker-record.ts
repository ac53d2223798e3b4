import type { BreakerState, CircuitBreaker } from '../../../sdk/limits/circuit-breaker.ts';
import type { Cloud } from '../../../sdk/ports/cloud.ts';
import type { Item } from '../../../sdk/ports/table.ts';
import { breakerKey } from '../../../sdk/wire/keys.ts';
import { giveBack, keepUntil, type Lease, takeLease } from './leases.ts';

/** How long what was read is believed. What this process does itself it knows at once. */
const freshMs = 1_000;

const keptSeconds = 30 * 86_400;

/** One breaker, as a process knows it: its row is read at most once a second, however many calls come. */
export class BreakerRecord {
  readonly #cloud: Cloud;
  readonly #id: string;
  #known: BreakerState = { failures: 0, openUntil: 0 };
  #readAt = Number.NEGATIVE_INFINITY;
  #reading: Promise<BreakerState> | undefined;
  /** Until when another call is known to be trying. */
  #probedUntil = 0;
  #isTaking = false;

  constructor(name: string, cloud: Cloud) {
    this.#cloud = cloud;
    this.#id = breakerKey(name);
  }

  async state(): Promise<BreakerState> {
    if (this.#cloud.clock.now() - this.#readAt < freshMs) return this.#known;
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  /** Answers until when it is open now: it may have been the last failure that it takes. */
  async noteFailure(breaker: CircuitBreaker): Promise<number> {
    const { table, clock } = this.#cloud;
    const now = clock.now();
    if (this.#known.openUntil > now) return this.#known.openUntil;
    const row = await table.change(this.#id, { add: { failures: 1 }, set: this.#kept() });
    const { failures, openUntil } = this.#learn(row);
    if (openUntil > now || failures < breaker.failures) return openUntil;
    return this.#open(breaker);
  }

  /** One success ends a row of failures. Where there is none to be ended, as nearly always, it costs nothing. */
  async noteSuccess(): Promise<void> {
    const { failures, openUntil } = this.#known;
    if (failures === 0 || openUntil > 0) return;
    const isOpen = { attribute: 'openUntil', atLeast: 1 };
    const row = await this.#cloud.table.change(this.#id, { set: { failures: 0 } }, { unless: isOpen });
    if (row) this.#learn(row);
  }

  /** The right to try whether it works again, for one call at a time. */
  async takeProbe(until: number): Promise<Lease | undefined> {
    const { clock, chance } = this.#cloud;
    if (this.#isTaking || this.#probedUntil >= clock.now()) return undefined;
    const lease = { id: `${this.#id}-probe`, holder: chance.newId() };
    this.#isTaking = true;
    try {
      const isOurs = await takeLease(lease, { until, cloud: this.#cloud });
      this.#probedUntil = isOurs ? until : clock.now() + freshMs;
      return isOurs ? lease : undefined;
    } finally {
      this.#isTaking = false;
    }
  }

  async endProbe(lease: Lease): Promise<void> {
    this.#probedUntil = 0;
    await giveBack(lease, this.#cloud);
  }

  async close(): Promise<void> {
    const set = { failures: 0, openUntil: 0, ...this.#kept() };
    this.#learn(await this.#cloud.table.change(this.#id, { set }));
  }

  /** Nobody tries before the cooldown is over, also not those who do not know yet that it began anew. */
  async openAgain(lease: Lease, breaker: CircuitBreaker): Promise<number> {
    const openUntil = await this.#open(breaker);
    this.#probedUntil = 0;
    await keepUntil(lease, openUntil - 1, this.#cloud);
    return openUntil;
  }

  async #open({ cooldownMs }: CircuitBreaker): Promise<number> {
    const { table, clock } = this.#cloud;
    const now = clock.now();
    const openUntil = now + cooldownMs;
    const isOpen = { attribute: 'openUntil', atLeast: now };
    const row = await table.change(this.#id, { set: { openUntil, ...this.#kept() } }, { unless: isOpen });
    // Another process was faster by a moment.
    this.#learn(row ?? { id: this.#id, failures: this.#known.failures, openUntil });
    return openUntil;
  }

  async #read(): Promise<BreakerState> {
    const [row] = await this.#cloud.table.read([this.#id]);
    return this.#learn(row);
  }

  #learn(row: Item | undefined): BreakerState {
    const { failures = 0, openUntil = 0 } = row ?? { id: this.#id };
    this.#known = { failures: Number(failures), openUntil: Number(openUntil) };
    this.#readAt = this.#cloud.clock.now();
    return this.#known;
  }

  #kept(): { ttl: number } {
    return { ttl: Math.ceil(this.#cloud.clock.now() / 1_000) + keptSeconds };
  }
}
