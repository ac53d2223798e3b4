import { refuseUnknown } from '../errors/refuse-unknown.ts';
import { ConfigurationError } from '../errors/tallo-error.ts';
import { toMilliseconds } from '../time/duration.ts';
import type { LimitKey, RateLimitOptions } from './limit-options.ts';
import { checkLimitKey, wholeNumber } from './read-limit.ts';

// A limit is a row of slots, `spacing` apart. A call reserves the next one, and may start from its slot's time on until `burst`
// spacings later. So the starts in any length of time `per` have slots in one of `per` + `burst` spacings: at most `limit` + `burst`.
// Whoever comes later has lost its slot: what it may start by now is the next free one's business.

/** A task's limit on starts, with everything settled. */
export interface RateLimit {
  /** Between one slot and the next: whole microseconds. */
  readonly spacing: number;
  readonly burst: number;
  readonly key: LimitKey | undefined;
}

const perUnit: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };

const optionNames: ReadonlySet<string> = new Set<keyof RateLimitOptions>(['burst', 'key', 'limit', 'per']);

const celeryForm = /^(\d+(?:\.\d+)?)(?:\/([smh]))?$/;

/** Starts beside each other that are allowed unless the task says so itself: a worker's usual delays must not cost slots. */
const usualBurstMs = 250;

/** Nobody starts a task more exactly. */
const exactnessMs = 50;

/** @throws ConfigurationError if it is neither in Celery's form nor in ours. */
export function readRateLimit(
  task: string,
  given: string | number | RateLimitOptions | null | undefined,
): RateLimit | null {
  const what = `rateLimit of task '${task}'`;
  const options = optionsOf(given, what);
  if (!options) return null;
  const { limit, key } = options;
  const exact = (toMilliseconds(options.per, `per in ${what}`) * 1_000) / limit;
  if (!Number.isFinite(limit) || limit <= 0 || !(exact >= 1 && exact <= longestSpacing)) {
    throw new ConfigurationError(
      `Expected ${what} to allow from one start in 30 days to 1,000,000 a second, got ${limit} per ${JSON.stringify(options.per)}.`,
    );
  }
  const spacing = Math.ceil(exact);
  const least = Math.max(1, Math.ceil((exactnessMs * 1_000) / spacing));
  const usual = Math.max(least, Math.floor((usualBurstMs * 1_000) / spacing));
  const burst = wholeNumber(options.burst ?? usual, `burst in ${what}`, [least, 1_000_000]);
  return { spacing, burst, key: checkLimitKey(key, what) };
}

const longestSpacing = 30 * 86_400 * 1_000_000;

function optionsOf(
  given: string | number | RateLimitOptions | null | undefined,
  what: string,
): RateLimitOptions | undefined {
  if (given === undefined || given === null || given === 0) return undefined;
  if (typeof given === 'number') return { limit: given, per: 1 };
  if (typeof given === 'object') {
    refuseUnknown(`The ${what}`, given, optionNames);
    return given;
  }
  const [, count, unit = 's'] = celeryForm.exec(String(given)) ?? [];
  if (count === undefined) {
    throw new ConfigurationError(
      `Expected ${what} to be like '10/s', '100/m' or '5/h', a number of starts per second, or { limit, per }; got ${JSON.stringify(given)}.`,
    );
  }
  const limit = Number(count);
  return limit === 0 ? undefined : { limit, per: (perUnit[unit] ?? 1_000) / 1_000 };
}

/** How long a slot may be used, milliseconds. */
function openMs({ spacing, burst }: RateLimit): number {
  return (spacing * burst) / 1_000;
}

/** Of the first slots after an idle time, which lie in the past, this much is left when the reservation is made. */
const answerMs = 100;

/** The earliest slot that it makes sense to reserve, microseconds since the epoch. */
export function earliestSlot(limit: RateLimit, now: number): number {
  const open = openMs(limit);
  return Math.ceil((now - open + Math.min(answerMs, open / 2)) * 1_000);
}

/** Whether a call of that slot (epoch milliseconds) may no longer start. */
export function isMissed(slot: number, limit: RateLimit, now: number): boolean {
  return now > slot + openMs(limit);
}

/** How long before its slot a call that was put off is to arrive at least: queues and workers are not exact. */
const aheadMs = 300;

/** A call whose slot is that near waits in the worker: to send it once more would take as long. */
export const heldMs = 1_000 + aheadMs;

/** How much earlier than planned a call may arrive by the worker's own clock, and still be held. */
export const earlyMs = 1_000;

/** When a call is to be delivered again, whole seconds from now, so that what is left until its slot is held. */
export function arrivalBefore(slot: number, now: number): number {
  return now + Math.max(0, Math.floor((slot - now - aheadMs) / 1_000)) * 1_000;
}
