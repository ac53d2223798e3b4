import { breakerStage } from './breaker-stage.ts';
import { concurrencyStage } from './concurrency-stage.ts';
import { debounceStage } from './debounce.ts';
import { dedupeStage } from './dedupe-stage.ts';
import { rateStage } from './rate-stage.ts';
import type { Stage } from './stage.ts';

/** What a delivery passes before it runs, in this order. They remember what they know for as long as the process lives. */
export function createStages(): readonly Stage[] {
  return [debounceStage(), dedupeStage(), breakerStage(), concurrencyStage(), rateStage()];
}
