import type { AppCore } from '../app/app-core.ts';
import type { Delivery } from '../engine/delivery.ts';
import type { Start } from '../engine/follow-up.ts';
import type { Chance } from '../ports/chance.ts';
import type { Clock } from '../ports/clock.ts';
import type { End } from './end.ts';
import type { Rows } from './rows.ts';

/** What an eager run works with. */
export interface Scene {
  readonly app: AppCore;
  readonly rows: Rows;
  readonly clock: Clock;
  readonly chance: Chance;
  /**
   * Runs a signature that has its ids, to its end. In its place, `chain` has no more than the step that comes next: it is only
   * told of there, and run by whoever asked.
   *
   * @param by the delivery whose end has led to this; undefined: the caller has
   */
  readonly evaluate: (start: Start, by: Delivery | undefined) => Promise<End>;
}
