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
