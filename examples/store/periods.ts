import { crontab, nextRuns } from 'tallo';

/** From an instant on, and before another. */
export interface Period {
  readonly from: Date;
  readonly to: Date;
}

export const periodKinds = ['daily', 'weekly', 'monthly'] as const;
export type PeriodKind = (typeof periodKinds)[number];

const midnight = { hour: 0, minute: 0 };
const beginnings = {
  daily: { schedule: crontab(midnight), days: 3 },
  weekly: { schedule: crontab({ ...midnight, dayOfWeek: 'mon' }), days: 15 },
  monthly: { schedule: crontab({ ...midnight, dayOfMonth: 1 }), days: 63 },
};

const dayMs = 24 * 60 * 60 * 1_000;

/** The last whole day, week (from Monday on) or month before an instant, by the clocks of a time zone. */
export function lastPeriod(kind: PeriodKind, now: Date, timezone: string): Period {
  const { schedule, days } = beginnings[kind];
  const lookBack = new Date(now.getTime() - days * dayMs);
  const [from, to] = nextRuns(schedule, 5, { from: lookBack, timezone })
    .filter((beginning) => beginning <= now)
    .slice(-2);
  if (from && to) return { from, to };
  throw new Error(`Expected two beginnings of a ${kind} period in ${days} days, got less.`);
}

/** 2026-11-21, by the clocks of a time zone. */
export function asDay(instant: Date, timezone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: timezone, dateStyle: 'short' }).format(instant);
}
