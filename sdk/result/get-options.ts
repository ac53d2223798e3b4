import { ConfigurationError } from '../errors/index.ts';
import { refuseUnknown } from '../errors/refuse-unknown.ts';
import type { WaitOptions } from './wait.ts';

/** How to get a result. */
export interface GetOptions extends WaitOptions {
  /** Throw what the task threw; false: return it. @default true */
  readonly propagate?: boolean;
  /** Give the error of a step before, if one has failed: the one that all began with. @default true */
  readonly followParents?: boolean;
  /** Refuse to wait inside a task. @default true */
  readonly disableSyncSubtasks?: boolean;
}

const optionNames: ReadonlySet<string> = new Set<keyof GetOptions>([
  'disableSyncSubtasks',
  'followParents',
  'interval',
  'propagate',
  'signal',
  'timeout',
]);

/** @throws ConfigurationError for an option that there is not, and for a number: Celery's first argument is the timeout */
export function checkGetOptions(options: GetOptions): void {
  if (typeof options !== 'object' || options === null) {
    throw new ConfigurationError(
      `Expected the options of get, such as { timeout: '10s' }, got ${String(options)}.`,
    );
  }
  refuseUnknown('get', options, optionNames);
}
