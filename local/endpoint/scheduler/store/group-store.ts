/** A group of schedules. Instants are epoch milliseconds. */
export interface ScheduleGroup {
  readonly name: string;
  readonly createdAt: number;
  readonly modifiedAt: number;
  readonly tags: ReadonlyMap<string, string>;
}

/** The group that is always there. */
export const defaultGroup = 'default';

/** The groups, in memory. */
export class GroupStore {
  readonly #groups = new Map<string, ScheduleGroup>();

  constructor(now: number) {
    this.put({ name: defaultGroup, createdAt: now, modifiedAt: now, tags: new Map() });
  }

  find(name: string): ScheduleGroup | undefined {
    return this.#groups.get(name);
  }

  put(group: ScheduleGroup): void {
    this.#groups.set(group.name, group);
  }

  remove(name: string): void {
    this.#groups.delete(name);
  }

  /** In the order of their names. */
  list(namePrefix = ''): readonly ScheduleGroup[] {
    return [...this.#groups.values()]
      .filter(({ name }) => name.startsWith(namePrefix))
      .toSorted((one, other) => (one.name < other.name ? -1 : 1));
  }
}
