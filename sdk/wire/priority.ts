import type { Envelope } from './envelope.ts';

/** That of a call which nobody gave one. */
export const defaultPriority = 5;

/** Whether it is one: a whole number from 0 to 9, the most urgent. */
export function isPriority(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 9;
}

/** What a call hands down to those that it leads to; null: nothing. Python writes 0 on every call that was given none. */
export function inheritedPriority({
  priority,
  headers,
}: Pick<Envelope, 'priority' | 'headers'>): number | null {
  const isGiven = isPriority(priority) && !(priority === 0 && headers.lang === 'py');
  return isGiven ? priority : null;
}
