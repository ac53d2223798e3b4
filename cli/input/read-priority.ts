import { UsageError } from '../usage-error.ts';

/** Reads a whole number from 0 to 9. */
export function readPriority(text: string): number {
  if (/^\d$/.test(text)) return Number(text);
  throw new UsageError(`Expected --priority to be a whole number from 0 to 9, got ${text}.`);
}
