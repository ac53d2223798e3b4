import type { ScheduleTopology } from '../../sdk/app/topology.ts';
import type { Schedules } from '../../sdk/ports/schedules.ts';
import { checkSchedule } from './scheduler-rules.ts';

/** Told of every change of a schedule, and waited for. Undefined: it was deleted. */
export type ScheduleListener = (name: string, schedule: ScheduleTopology | undefined) => Promise<void>;

/** Schedules in memory, under the rules of EventBridge Scheduler. They do nothing by themselves: who listens makes them fire. */
export class MemorySchedules implements Schedules {
  readonly #schedules = new Map<string, ScheduleTopology>();
  readonly #listener: ScheduleListener;

  constructor(listener: ScheduleListener = async () => undefined) {
    this.#listener = listener;
  }

  async create(schedule: ScheduleTopology): Promise<boolean> {
    checkSchedule(schedule);
    if (this.#schedules.has(schedule.name)) return false;
    await this.#put(schedule);
    return true;
  }

  async update(schedule: ScheduleTopology): Promise<boolean> {
    checkSchedule(schedule);
    if (!this.#schedules.has(schedule.name)) return false;
    await this.#put(schedule);
    return true;
  }

  async get(name: string): Promise<ScheduleTopology | undefined> {
    return this.#schedules.get(name);
  }

  async *list(): AsyncGenerator<ScheduleTopology> {
    const names = [...this.#schedules.keys()].sort();
    for (const name of names) {
      const schedule = this.#schedules.get(name);
      if (schedule) yield schedule;
    }
  }

  async delete(name: string): Promise<boolean> {
    if (!this.#schedules.delete(name)) return false;
    await this.#listener(name, undefined);
    return true;
  }

  #put(schedule: ScheduleTopology): Promise<void> {
    this.#schedules.set(schedule.name, { ...schedule });
    return this.#listener(schedule.name, schedule);
  }
}
