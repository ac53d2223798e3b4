import { jsonLogger, type Logger } from '../../sdk/log/logger.ts';
import { type Clock, systemClock } from '../../sdk/ports/clock.ts';
import type { ScheduledFunction } from './scheduler/targets/functions.ts';

/** What a scheduler of this machine works with. */
export interface SchedulerOptions {
  /** @default 0: any free port */
  readonly port?: number;
  /** What time it is there: `acceleratedClock()` for demonstrations. @default the machine's own */
  readonly clock?: Clock;
  /**
   * The functions that schedules may invoke, by the names in `arn:aws:lambda:us-east-1:000000000000:function:<name>`. One that
   * throws is tried again after 60 and after 120 seconds, as Lambda does. @default none
   */
  readonly functions?: Readonly<Record<string, ScheduledFunction>>;
  /** How much later than it should each schedule fires, milliseconds: on AWS, anything from 0 to 59,999. @default 0 */
  readonly lateness?: () => number;
  /** Hears of functions that fail, and of targets that cannot be invoked. @default JSON lines on standard output */
  readonly log?: Logger;
}

/** The options of a scheduler, with their defaults filled in. */
export function withDefaults({ clock, functions, lateness, log }: SchedulerOptions) {
  return {
    clock: clock ?? systemClock,
    functions: functions ?? {},
    lateness: lateness ?? (() => 0),
    log: log ?? jsonLogger(),
  };
}
