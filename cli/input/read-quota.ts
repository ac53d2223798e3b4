import { UsageError } from '../usage-error.ts';

/** Reads a quota: a number from 0. */
export function readQuota(option: string): (text: string) => number {
  return (text) => {
    if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
    throw new UsageError(`Expected ${option} to be a number such as 1000, got ${text}.`);
  };
}
