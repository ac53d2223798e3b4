/**
 * When something runs: again and again, or once. Instants are epoch milliseconds.
 *
 * Mirrors {@link https://docs.celeryq.dev/en/stable/userguide/periodic-tasks.html Celery's schedules}; `crontab`, `solar`, an
 * interval or a `Date` make one.
 */
export interface Schedule {
  /**
   * The first slot strictly after that instant; undefined: there is none any more. Whoever asks, and whenever, sees the same slots.
   * `timezone` is the IANA zone of the app or the entry; a schedule with a zone of its own uses that.
   */
  next(after: number, timezone: string): number | undefined;
  /** How EventBridge Scheduler wakes us for it. `now`: the zone's clock changes of the five years from then on are looked at. */
  wake(timezone: string, now: number): Wake;
  /** To be kept and read again by `readSchedule`. */
  toJSON(): ScheduleJson;
}

/**
 * What EventBridge Scheduler is told.
 *
 * Mirrors {@link https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html its schedule types}.
 */
export interface Wake {
  /** `cron(...)`, `rate(...)` or `at(...)`, at most 256 characters. */
  readonly expression: string;
  /** IANA zone for the expression. */
  readonly timezone: string;
  /** true: it wakes at the slots and at no other time. false: it wakes more often, and a guard asks `next`. */
  readonly isExact: boolean;
  /**
   * How far beyond the scheduled time of each wake slots have to be sent ahead, seconds. 0: every slot is the scheduled time of a
   * wake. Otherwise two periods of a tick, the first of which is the previous tick's: Scheduler is up to 59 s late, so the tick
   * of minute T sees to the slots in (T + 60 s, T + 120 s].
   */
  readonly aheadSeconds: number;
  /** Whether it wakes once only. */
  readonly isOnce: boolean;
}

/** A schedule as plain data. */
export type ScheduleJson =
  | { readonly crontab: CrontabJson }
  /** Seconds. */
  | { readonly every: number }
  /** ISO 8601, UTC. */
  | { readonly at: string }
  | { readonly solar: SolarJson };

/** The fields of a crontab as they were written. */
export interface CrontabJson {
  readonly minute: string;
  readonly hour: string;
  readonly dayOfWeek: string;
  readonly dayOfMonth: string;
  readonly monthOfYear: string;
  readonly timezone?: string;
}

/** An event of the sun at a place, degrees; south and west are negative. */
export interface SolarJson {
  readonly event: string;
  readonly latitude: number;
  readonly longitude: number;
}

/** Wakes every minute, one period ahead: for slots that no expression can name. */
export const minuteTick: Wake = {
  expression: 'cron(* * * * ? *)',
  timezone: 'UTC',
  isExact: false,
  aheadSeconds: 120,
  isOnce: false,
};
