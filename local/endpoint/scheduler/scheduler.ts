import type { Logger } from '../../../sdk/log/logger.ts';
import { systemChance } from '../../../sdk/ports/chance.ts';
import type { Clock } from '../../../sdk/ports/clock.ts';
import { Deliveries } from './firing/deliveries.ts';
import { Timetable } from './firing/timetable.ts';
import { GroupStore } from './store/group-store.ts';
import type { Schedule, ScheduleKey } from './store/schedule.ts';
import { ScheduleStore } from './store/schedule-store.ts';
import { Functions, type ScheduledFunction } from './targets/functions.ts';
import type { SendScheduled } from './targets/scheduled-message.ts';

export interface SchedulerParts {
  readonly clock: Clock;
  readonly functions: Readonly<Record<string, ScheduledFunction>>;
  readonly lateness: () => number;
  readonly log: Pick<Logger, 'warn'>;
  readonly send: SendScheduled;
}

/** The schedules and what fires them. */
export class Scheduler {
  readonly clock: Clock;
  readonly groups: GroupStore;
  readonly schedules = new ScheduleStore();
  readonly #stopping = new AbortController();
  readonly #functions: Functions;
  readonly #deliveries: Deliveries;
  readonly #timetable: Timetable;

  constructor({ clock, functions, lateness, log, send }: SchedulerParts) {
    const own = { clock, log, chance: systemChance, signal: this.#stopping.signal };
    this.clock = clock;
    this.groups = new GroupStore(clock.now());
    this.#functions = new Functions({ ...own, functions });
    this.#deliveries = new Deliveries({ ...own, targets: { functions: this.#functions, send } });
    this.#timetable = new Timetable({
      ...own,
      lateness,
      fire: (schedule, scheduledAt) => this.#deliveries.start(schedule, scheduledAt),
      complete: (schedule) => this.#complete(schedule),
    });
  }

  put(schedule: Schedule): void {
    this.schedules.put(schedule);
    this.#timetable.set(schedule);
  }

  /** Answers whether there was one. */
  remove(key: ScheduleKey): boolean {
    this.#timetable.delete(key);
    return this.schedules.remove(key);
  }

  /** Fires nothing more, and waits for the functions that run. */
  async stop(): Promise<void> {
    this.#timetable.stop();
    this.#stopping.abort();
    await this.#deliveries.end();
    await this.#functions.end();
  }

  #complete(schedule: Schedule): void {
    if (schedule.actionAfterCompletion === 'DELETE') this.remove(schedule);
  }
}
