/** A one-time schedule that sends to a queue. */
export interface Schedule {
  readonly name: string;
  readonly groupName: string;
  /** As it was given: `at(2026-11-20T08:00:00)`. */
  readonly expression: string;
  /** The same as epoch milliseconds. */
  readonly at: number;
  readonly targetArn: string;
  readonly roleArn: string;
  readonly input: string;
  readonly isDeletedAfterCompletion: boolean;
  /** Epoch milliseconds. */
  readonly createdAt: number;
}

/** Sends a schedule's input to its target. */
export type Deliver = (targetArn: string, input: string) => Promise<void>;

/** The longest time that a timer of Node can wait: 24.8 days. */
const longestTimerMs = 2 ** 31 - 1;

/** The schedules, and the timers that fire them. */
export class ScheduleStore {
  readonly #deliver: Deliver;
  readonly #schedules = new Map<string, Schedule>();
  readonly #timers = new Map<string, NodeJS.Timeout>();

  constructor(deliver: Deliver) {
    this.#deliver = deliver;
  }

  find(groupName: string, name: string): Schedule | undefined {
    return this.#schedules.get(key(groupName, name));
  }

  add(schedule: Schedule): void {
    this.#schedules.set(key(schedule.groupName, schedule.name), schedule);
    this.#wait(schedule);
  }

  /** Answers whether there was one. */
  remove(groupName: string, name: string): boolean {
    const removed = key(groupName, name);
    clearTimeout(this.#timers.get(removed));
    this.#timers.delete(removed);
    return this.#schedules.delete(removed);
  }

  stop(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  #wait(schedule: Schedule): void {
    const remainingMs = schedule.at - Date.now();
    const timer =
      remainingMs > longestTimerMs
        ? setTimeout(() => this.#wait(schedule), longestTimerMs)
        : setTimeout(() => this.#fire(schedule), Math.max(0, remainingMs));
    this.#timers.set(key(schedule.groupName, schedule.name), timer);
  }

  #fire(schedule: Schedule): void {
    // A timer of Node may run a millisecond before its time.
    if (Date.now() < schedule.at) {
      this.#wait(schedule);
      return;
    }
    this.#timers.delete(key(schedule.groupName, schedule.name));
    if (schedule.isDeletedAfterCompletion) this.remove(schedule.groupName, schedule.name);
    void this.#deliver(schedule.targetArn, schedule.input);
  }
}

function key(groupName: string, name: string): string {
  return `${groupName}/${name}`;
}
