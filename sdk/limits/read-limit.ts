import { ConfigurationError } from '../errors/tallo-error.ts';
import type { LimitKey } from './limit-options.ts';

/** @throws ConfigurationError if it is no whole number, or out of these bounds. */
export function wholeNumber(value: number, what: string, [least, most]: readonly [number, number]): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new ConfigurationError(
    `Expected ${what} to be a whole number from ${least} to ${most}, got ${JSON.stringify(value)}.`,
  );
}

/** @throws ConfigurationError if it is no function. */
export function checkLimitKey(key: LimitKey | undefined, what: string): LimitKey | undefined {
  if (key === undefined || typeof key === 'function') return key;
  throw new ConfigurationError(
    `Expected key in ${what} to be a function of the task's arguments that returns text, got ${JSON.stringify(key)}.`,
  );
}
