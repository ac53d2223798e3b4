import { ConfigurationError } from '../errors/tallo-error.ts';

/** A length of time: seconds as a number, or text such as `'250ms'`, `'20s'`, `'10m'`, `'2h'`, `'1d'`, `'1w'`. */
export type Duration = number | `${number}${Unit}`;

type Unit = 'ms' | 's' | 'm' | 'h' | 'd' | 'w';

const millisecondsPer: Readonly<Record<Unit, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

const pattern = /^(\d+(?:\.\d+)?)(ms|s|m|h|d|w)$/;

/** Reads a duration. `name` is the option it came from, for the error. */
export function toMilliseconds(duration: Duration, name: string): number {
  if (typeof duration === 'number' && Number.isFinite(duration) && duration >= 0) return duration * 1_000;
  const match = typeof duration === 'string' ? pattern.exec(duration) : null;
  if (match) return Number(match[1]) * millisecondsPer[match[2] as Unit];
  throw new ConfigurationError(
    `Expected ${name} to be a number of seconds from 0 up, or text such as '250ms', '20s', '10m', '2h' or '1d'; got ${JSON.stringify(duration)}.`,
  );
}

/** The same in seconds. */
export function toSeconds(duration: Duration, name: string): number {
  return toMilliseconds(duration, name) / 1_000;
}
