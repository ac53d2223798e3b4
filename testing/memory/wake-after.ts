import type { RunnableEntry } from '../../sdk/beat/runnable-entry.ts';
import { crontab, type Schedule, type Wake } from '../../sdk/index.ts';

/** When, and in which zone. */
type Timing = Pick<RunnableEntry, 'schedule' | 'timezone'>;

/**
 * When Scheduler wakes beat next for an entry, epoch milliseconds: as its expression says. The ticks that would find no slot are left
 * out; `hasFailed`: a tick that comes before may find what was missed.
 */
export function wakeAfter(
  { schedule, timezone }: Timing,
  after: number,
  { hasFailed }: { readonly hasFailed: boolean },
): number | undefined {
  const wake = schedule.wake(timezone, after);
  if (wake.aheadSeconds > 0 && !wake.isOnce)
    return hasFailed ? tickAfter(after, wake) : usefulTick({ schedule, timezone }, after, wake);
  const isSaid = wake.isExact || wake.isOnce;
  const wakes = isSaid ? { schedule, timezone } : { schedule: ofExpression(wake), timezone: wake.timezone };
  const at = wakes.schedule.next(after, wakes.timezone);
  return at === undefined ? undefined : Math.floor(at / 1_000) * 1_000;
}

function periodOf({ aheadSeconds }: Wake): number {
  return (aheadSeconds * 1_000) / 2;
}

function tickAfter(after: number, wake: Wake): number {
  const period = periodOf(wake);
  return (Math.floor(after / period) + 1) * period;
}

/** The next tick that has a slot to see to: those of the second period after it. */
function usefulTick({ schedule, timezone }: Timing, after: number, wake: Wake): number | undefined {
  const period = periodOf(wake);
  const tick = tickAfter(after, wake);
  const slot = schedule.next(tick + period - 1, timezone);
  return slot === undefined ? undefined : Math.max(tick, Math.ceil(slot / period - 2) * period);
}

/** Our own cron expressions are plain lists and ranges, which a crontab says too, with Sunday as 0. */
function ofExpression({ expression }: Wake): Schedule {
  const fields = /^cron\((.*) \*\)$/.exec(expression)?.[1]?.replaceAll('?', '*').split(' ') ?? [];
  const [minute = '', hour = '', dayOfMonth = '', monthOfYear = '', dayOfWeek = ''] = fields;
  const sundayIs0 = dayOfWeek.replace(/\d/g, (day) => String(Number(day) - 1));
  return crontab({ minute, hour, dayOfMonth, monthOfYear, dayOfWeek: sundayIs0 });
}
