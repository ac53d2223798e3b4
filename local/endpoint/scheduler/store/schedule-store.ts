import { keyOf, type Schedule, type ScheduleKey, type State } from './schedule.ts';

/** Which schedules to list. @default all */
export interface Filter {
  readonly groupName?: string | undefined;
  readonly namePrefix?: string | undefined;
  readonly state?: State | undefined;
}

/** The schedules, in memory. */
export class ScheduleStore {
  readonly #schedules = new Map<string, Schedule>();

  find(key: ScheduleKey): Schedule | undefined {
    return this.#schedules.get(keyOf(key));
  }

  put(schedule: Schedule): void {
    this.#schedules.set(keyOf(schedule), schedule);
  }

  /** Answers whether there was one. */
  remove(key: ScheduleKey): boolean {
    return this.#schedules.delete(keyOf(key));
  }

  /** In the order of their groups and names. */
  list({ groupName, namePrefix = '', state }: Filter): readonly Schedule[] {
    return [...this.#schedules.values()]
      .filter((schedule) => groupName === undefined || schedule.groupName === groupName)
      .filter((schedule) => state === undefined || schedule.state === state)
      .filter(({ name }) => name.startsWith(namePrefix))
      .toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
  }
}
