import { wallTimes } from './cron.ts';
import type { Expression } from './expression.ts';
import { instantOf, wallTime } from './wall-time.ts';

/** Since when a schedule runs. Instants are epoch milliseconds. */
export interface Beginning {
  /** When it was created, or last changed. */
  readonly now: number;
  /** Its StartDate. */
  readonly startAt?: number | undefined;
}

/**
 * The first time that a schedule fires: a rate at once, or at its start; `at` at its time, even if that has passed.
 * None if there is no such time.
 */
export function firstFire(
  expression: Expression,
  timezone: string,
  { now, startAt = now }: Beginning,
): number | undefined {
  if (expression.kind === 'at') return instantOf(expression.wall, timezone);
  if (expression.kind === 'cron') return nextFire(expression, timezone, Math.max(now, startAt) - 1);
  const { everyMs } = expression;
  return startAt + Math.ceil(Math.max(0, now - startAt) / everyMs) * everyMs;
}

/** The first time after that instant; of a rate, that many minutes after it. None if there is no more. */
export function nextFire(expression: Expression, timezone: string, after: number): number | undefined {
  if (expression.kind === 'rate') return after + expression.everyMs;
  const walls =
    expression.kind === 'at' ? [expression.wall] : wallTimes(expression.cron, wallTime(after, timezone));
  for (const wall of walls) {
    const instant = instantOf(wall, timezone);
    if (instant !== undefined && instant > after) return instant;
  }
  return undefined;
}
