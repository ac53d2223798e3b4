import type { ScheduleTopology } from '../app/topology.ts';

/**
 * The schedules that wake the beat function, as EventBridge Scheduler keeps them. In `input` the text `<aws.scheduler.scheduled-time>`
 * stands for the time of each wake, to the second: ISO 8601, UTC.
 */
export interface Schedules {
  /** Answers false, and changes nothing, if there is a schedule of that name. */
  create(schedule: ScheduleTopology): Promise<boolean>;
  /** Replaces the schedule of that name; answers false if there is none. */
  update(schedule: ScheduleTopology): Promise<boolean>;
  get(name: string): Promise<ScheduleTopology | undefined>;
  /** Those that wake the beat function, by name. What is made or deleted meanwhile may be among them or not. */
  list(): AsyncIterable<ScheduleTopology>;
  /** Answers false if there was none. */
  delete(name: string): Promise<boolean>;
}
