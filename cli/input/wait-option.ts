import { Option } from 'commander';
import type { Duration, GetOptions } from '../../sdk/index.ts';
import { readDuration } from './read-time.ts';

/** What `--wait [timeout]` gives: `true` without a timeout. */
export type Wait = true | Duration;

export function waitOption(): Option {
  return new Option(
    '-w, --wait [timeout]',
    'wait until the task has ended, at most that time (seconds, or such as 10s, 5m; default: no limit)',
  ).argParser(readDuration('--wait'));
}

/** How to wait, and not to throw: the error of the task is shown, not thrown. */
export function getOptions(wait: Wait): GetOptions & { propagate: false } {
  return { propagate: false, ...(wait === true ? {} : { timeout: wait }) };
}
