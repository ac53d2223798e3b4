import { ConfigurationError } from '../errors/index.ts';
import { type Duration, toSeconds } from '../time/duration.ts';
import { awsCron } from './aws-cron.ts';
import { minuteTick, type Schedule, type Wake } from './schedule.ts';

/** Every so many seconds, at the multiples of the interval since 1970 in UTC. */
export function interval(every: Duration, what = 'a schedule'): Schedule {
  const seconds = toSeconds(every, `the interval of ${what}`);
  if (!Number.isSafeInteger(seconds) || seconds < 1) {
    throw new ConfigurationError(
      `Expected the interval of ${what} to be whole seconds, 1 or more, got ${JSON.stringify(every)}.`,
    );
  }
  const milliseconds = seconds * 1_000;
  return {
    next: (after) => (Math.floor(after / milliseconds) + 1) * milliseconds,
    wake: () => wakeEvery(seconds),
    toJSON: () => ({ every: seconds }),
  };
}

const minutesPerDay = 1_440;

function wakeEvery(seconds: number): Wake {
  const minutes = seconds / 60;
  if (!Number.isInteger(minutes)) return minuteTick;
  // The times of day that the slots fall on, whatever the day.
  const step = greatestCommonDivisor(minutes, minutesPerDay);
  if (step === 1 && minutes > 1) return minuteTick;
  const times = Array.from({ length: minutesPerDay / step }, (_, i) => i * step);
  const ofHour = new Set(times.map((time) => time % 60));
  const hours = new Set(times.map((time) => Math.floor(time / 60)));
  return {
    expression: awsCron({ minutes: ofHour, hours }),
    timezone: 'UTC',
    isExact: step === minutes && ofHour.size * hours.size === times.length,
    aheadSeconds: 0,
    isOnce: false,
  };
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
