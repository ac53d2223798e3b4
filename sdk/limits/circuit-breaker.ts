import { refuseUnknown } from '../errors/refuse-unknown.ts';
import { ConfigurationError } from '../errors/tallo-error.ts';
import type { ErrorMatcher } from '../task/error-matcher.ts';
import { toMilliseconds } from '../time/duration.ts';
import type { CircuitBreakerOptions } from './limit-options.ts';
import { wholeNumber } from './read-limit.ts';

/** A task's breaker, with everything settled. */
export interface CircuitBreaker {
  readonly on: readonly ErrorMatcher[];
  readonly failures: number;
  readonly cooldownMs: number;
  readonly name: string;
}

const optionNames: ReadonlySet<string> = new Set<keyof CircuitBreakerOptions>([
  'cooldown',
  'failures',
  'name',
  'on',
]);

/** @throws ConfigurationError if it does not say which errors count, or a number is out of bounds. */
export function readCircuitBreaker(
  task: string,
  given: CircuitBreakerOptions | undefined,
): CircuitBreaker | null {
  if (given === undefined || given === null) return null;
  const what = `circuitBreaker of task '${task}'`;
  if (typeof given !== 'object') {
    throw new ConfigurationError(`Expected ${what} to be { on }, got ${JSON.stringify(given)}.`);
  }
  refuseUnknown(`The ${what}`, given, optionNames);
  const { on, failures = 5, cooldown = '1m', name = task } = given;
  if (!Array.isArray(on) || on.length === 0 || !on.every((matcher) => typeof matcher === 'function')) {
    throw new ConfigurationError(
      `Expected on in ${what} to be a list of error classes or predicates, got ${JSON.stringify(on)}.`,
    );
  }
  const cooldownMs = toMilliseconds(cooldown, `cooldown in ${what}`);
  if (cooldownMs < 1_000 || cooldownMs > 86_400_000) {
    throw new ConfigurationError(
      `Expected cooldown in ${what} to be from 1 second to 1 day, got ${JSON.stringify(cooldown)}.`,
    );
  }
  if (typeof name !== 'string' || name === '') {
    throw new ConfigurationError(`Expected name in ${what} to be text, got ${JSON.stringify(name)}.`);
  }
  return { on, failures: wholeNumber(failures, `failures in ${what}`, [1, 1_000_000]), cooldownMs, name };
}

/** What is known of a breaker. */
export interface BreakerState {
  /** In a row, up to now. */
  readonly failures: number;
  /** When it may be tried again, epoch milliseconds; 0: it is closed. */
  readonly openUntil: number;
}

/** Calls that wait for one moment do not all come at it. */
const spread = 0.1;
const leastSpreadMs = 2_000;

/** When a call that meets an open breaker is to come again. */
export function afterCooldown(
  openUntil: number,
  { cooldownMs }: CircuitBreaker,
  random: () => number,
): number {
  return openUntil + random() * Math.max(leastSpreadMs, cooldownMs * spread);
}

const longestProbeWaitMs = 10_000;

/** When a call is to come again that finds another one trying. */
export function duringProbe(now: number, { cooldownMs }: CircuitBreaker, random: () => number): number {
  return now + 1_000 + random() * Math.min(longestProbeWaitMs, cooldownMs);
}
