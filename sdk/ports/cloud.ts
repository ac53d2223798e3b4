import type { Chance } from './chance.ts';
import type { Clock } from './clock.ts';
import type { Payloads } from './payloads.ts';
import type { Queues } from './queues.ts';
import type { Schedules } from './schedules.ts';
import type { Table } from './table.ts';
import type { Timers } from './timers.ts';

/** Everything the engine needs from outside. Two of them exist: AWS (`sdk/aws`) and memory (`testing/memory`). */
export interface Cloud {
  readonly queues: Queues;
  readonly table: Table;
  readonly timers: Timers;
  readonly schedules: Schedules;
  readonly payloads: Payloads;
  readonly clock: Clock;
  readonly chance: Chance;
  /** Lets connections go. Nothing may be called afterwards. */
  close(): Promise<void>;
}
