import { refuseUnknown } from '../errors/refuse-unknown.ts';
import { ConfigurationError } from '../errors/tallo-error.ts';
import type { ConcurrencyOptions, LimitKey } from './limit-options.ts';
import { checkLimitKey, wholeNumber } from './read-limit.ts';

/** How many calls of a task may run at once, with everything settled. */
export interface ConcurrencyLimit {
  readonly limit: number;
  readonly key: LimitKey | undefined;
}

const optionNames: ReadonlySet<string> = new Set<keyof ConcurrencyOptions>(['key', 'limit']);

/** @throws ConfigurationError if it is not `{ limit, key }`. */
export function readConcurrency(
  task: string,
  given: ConcurrencyOptions | undefined,
): ConcurrencyLimit | null {
  if (given === undefined || given === null) return null;
  const what = `concurrency of task '${task}'`;
  if (typeof given !== 'object') {
    throw new ConfigurationError(`Expected ${what} to be { limit, key }, got ${JSON.stringify(given)}.`);
  }
  refuseUnknown(`The ${what}`, given, optionNames);
  const { limit, key } = given;
  return { limit: wholeNumber(limit, `limit in ${what}`, [1, 1_000]), key: checkLimitKey(key, what) };
}

const longestWaitMs = 20_000;

/** How long a call waits that found everything taken, for the time number `waits` (0 is the first): milliseconds. */
export function waitingTime(waits: number, random: () => number): number {
  const longest = Math.min(longestWaitMs, 1_000 * 2 ** waits);
  return longest * (0.5 + 0.5 * random());
}

/** A call that has waited so often, about half a minute, is next in line for one of the places. */
export const waitsBeforeHeir = 5;

/** How often such a call looks. */
export const heirWaitMs = 1_000;
