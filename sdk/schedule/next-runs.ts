import { ConfigurationError } from '../errors/index.ts';
import { type ScheduleLike, toSchedule } from './to-schedule.ts';

/** From when on, and in which zone. */
export interface NextRunsOptions {
  /** Runs strictly after this. @default now */
  readonly from?: Date;
  /** IANA zone for a crontab without one of its own. @default 'UTC' */
  readonly timezone?: string;
}

/**
 * The next `n` times at which a schedule runs, for people and for tests; fewer if there are no more.
 *
 * @throws ConfigurationError when the schedule, the zone, `n` or `from` is not as it must be
 *
 * @example
 * ```ts
 * import { crontab, nextRuns } from 'tallo';
 *
 * const nightly = crontab({ minute: 30, hour: 2, dayOfWeek: 'mon-fri' });
 * const runs = nextRuns(nightly, 2, { from: new Date('2026-03-06T12:00:00Z'), timezone: 'Europe/Madrid' });
 *
 * console.log(runs.map((run) => run.toISOString()).join(' ')); // 2026-03-09T01:30:00.000Z 2026-03-10T01:30:00.000Z
 * ```
 */
export function nextRuns(schedule: ScheduleLike, n: number, options: NextRunsOptions = {}): Date[] {
  const { from = new Date(), timezone = 'UTC' } = options;
  const when = toSchedule(schedule);
  if (!Number.isSafeInteger(n) || n < 0)
    throw new ConfigurationError(`Expected the number of runs to be a whole number from 0 up, got ${n}.`);
  if (Number.isNaN(from.getTime()))
    throw new ConfigurationError('Expected from to be a valid date, got NaN.');
  const runs: Date[] = [];
  let last: number | undefined = from.getTime();
  while (runs.length < n) {
    last = when.next(last, timezone);
    if (last === undefined) break;
    runs.push(new Date(last));
  }
  return runs;
}
