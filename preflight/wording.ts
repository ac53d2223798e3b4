import type { Range } from './quotas.ts';

const units: readonly (readonly [seconds: number, name: string])[] = [
  [86_400, 'days'],
  [3_600, 'h'],
  [60, 'min'],
];

/** A number as people read it: 120,000. */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** A length of time in the largest unit that it is several whole ones of, and fewer than a thousand: 14 days, 15 min, 192 s. */
export function time(seconds: number): string {
  const unit = units.find(([size]) => seconds >= 2 * size && seconds < 1_000 * size && seconds % size === 0);
  return unit ? `${count(seconds / unit[0])} ${unit[1]}` : `${count(seconds)} s`;
}

/** `from 2 to 1,000`. */
export function fromTo([least, most]: Range, write: (value: number) => string = count): string {
  return `from ${write(least)} to ${write(most)}`;
}

/** `1 queue`, `2 queues`. */
export function several(number: number, noun: string): string {
  return `${count(number)} ${noun}${number === 1 ? '' : 's'}`;
}
