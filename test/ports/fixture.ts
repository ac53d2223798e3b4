import type { Cloud } from '../../sdk/ports/cloud.ts';

/** A cloud for one test, with queues and table of its own, all empty. */
export interface CloudFixture {
  readonly cloud: Cloud;
  /** The queue hides a received message for at least 10 seconds and dead-letters none of the first 10 receives. */
  readonly queueName: string;
  readonly deadLetterQueueName: string;
  /** Moves time: by waiting where time is real, by the virtual clock where it is not. */
  advance(milliseconds: number): Promise<void>;
  /** How late a timer may fire, beyond the second that it was rounded up to. @default 1200 */
  readonly timersLateByMs?: number;
}

export type MakeCloud = () => Promise<CloudFixture>;
