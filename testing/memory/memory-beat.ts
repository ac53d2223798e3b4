import type { BeatHandler } from '../../functions/index.ts';
import type { ScheduleTopology } from '../../sdk/app/topology.ts';
import { readInput, scheduledTime } from '../../sdk/beat/definition.ts';
import type { RunnableEntry } from '../../sdk/beat/runnable-entry.ts';
import type { BeatEvent } from '../../sdk/index.ts';
import type { VirtualClock } from './virtual-clock.ts';
import { wakeAfter } from './wake-after.ts';

export interface MemoryBeatParts {
  readonly clock: VirtualClock;
  readonly handler: BeatHandler;
  /** The entry that a schedule wakes beat for. */
  readonly entryOf: (event: BeatEvent) => Promise<RunnableEntry | undefined>;
  /** How late the next wake comes, milliseconds. */
  readonly lateness: () => number;
  /** A schedule that wakes once has done so. */
  readonly onOver: (name: string) => void;
}

/** What waits to be woken. */
interface Alarm {
  readonly schedule: ScheduleTopology;
  readonly entry: RunnableEntry;
  /** The time of the next wake. */
  readonly at: number;
  readonly stop: () => void;
}

/**
 * How long Lambda waits before it tries again what failed.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
const pausesMs = [60_000, 120_000];

/** Scheduler is never later. What is longer ago the wake at hand has seen to, after a rest. */
const latestMs = 60_000;

/**
 * Wakes beat as EventBridge Scheduler and Lambda do, by the virtual clock. Where a tick would find nothing to do it does not come, so that a
 * year of sunsets costs no more than they do.
 */
export class MemoryBeat {
  readonly #parts: MemoryBeatParts;
  readonly #alarms = new Map<string, Alarm>();
  /** Whose wakes came while beat rested. */
  readonly #late = new Set<Alarm>();
  /** Whose last wake failed, also when Lambda had tried it again. */
  readonly #failed = new Set<string>();
  #isResting = false;
  #underWay = 0;

  constructor(parts: MemoryBeatParts) {
    this.#parts = parts;
  }

  get isIdle(): boolean {
    return this.#underWay === 0;
  }

  /** Follows what becomes of a schedule. */
  readonly follow = async (name: string, schedule: ScheduleTopology | undefined): Promise<void> => {
    const now = this.#parts.clock.now();
    const pending = this.#alarms.get(name);
    this.#forget(name);
    if (!schedule?.isEnabled) return;
    const entry = await this.#parts.entryOf(readInput(schedule.input));
    // A wake that is late is still to come.
    if (entry) this.#arm({ schedule, entry, after: pending && pending.at <= now ? pending.at - 1 : now });
  };

  /** Time passes without beat for as long as that takes. What it was to be woken for then, it is woken for afterwards. */
  async rest<T>(meanwhile: () => Promise<T>): Promise<T> {
    this.#isResting = true;
    try {
      return await meanwhile();
    } finally {
      this.#isResting = false;
      const late = [...this.#late];
      this.#late.clear();
      for (const alarm of late) this.#ring(alarm);
    }
  }

  stop(): void {
    for (const name of [...this.#alarms.keys()]) this.#forget(name);
    this.#late.clear();
  }

  #forget(name: string): void {
    const alarm = this.#alarms.get(name);
    if (!alarm) return;
    alarm.stop();
    this.#alarms.delete(name);
    this.#late.delete(alarm);
  }

  #arm({ schedule, entry, after }: Pick<Alarm, 'schedule' | 'entry'> & { readonly after: number }): void {
    const { clock, lateness } = this.#parts;
    const at = wakeAfter(entry, after, { hasFailed: this.#failed.has(schedule.name) });
    if (at === undefined) return;
    const stop = clock.after(Math.max(0, at - clock.now()) + lateness(), () => this.#ring(alarm));
    const alarm: Alarm = { schedule, entry, at, stop };
    this.#alarms.set(schedule.name, alarm);
  }

  #ring(alarm: Alarm): void {
    if (this.#isResting) {
      this.#late.add(alarm);
      return;
    }
    const { schedule, entry, at } = alarm;
    this.#forget(schedule.name);
    if (schedule.isOnce) this.#parts.onOver(schedule.name);
    else this.#arm({ schedule, entry, after: Math.max(at, this.#parts.clock.now() - latestMs) });
    const time = `${new Date(at).toISOString().slice(0, 19)}Z`;
    void this.#invoke(schedule.name, JSON.parse(schedule.input.replaceAll(scheduledTime, time)), pausesMs);
  }

  async #invoke(name: string, event: BeatEvent, [pauseMs, ...pauses]: readonly number[]): Promise<void> {
    const { clock, handler } = this.#parts;
    this.#underWay += 1;
    try {
      await clock.occupied(() => handler(event));
      this.#failed.delete(name);
    } catch {
      // Beat has logged what failed.
      if (pauseMs === undefined) this.#giveUp(name);
      else await new Promise<void>((resolve) => clock.after(pauseMs, resolve));
      if (pauseMs !== undefined) void this.#invoke(name, event, pauses);
    }
    this.#underWay -= 1;
  }

  /** From now on a tick that comes before the next slot may find what was missed. */
  #giveUp(name: string): void {
    this.#failed.add(name);
    const alarm = this.#alarms.get(name);
    if (!alarm) return;
    this.#forget(name);
    this.#arm({ ...alarm, after: this.#parts.clock.now() });
  }
}
