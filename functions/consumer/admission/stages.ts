import type { Stage } from './stage.ts';

/** What a delivery passes before it runs, in this order. They remember what they know for as long as the process lives. */
export function createStages(): readonly Stage[] {
  return [];
}
