import type { LaneTopology } from '../app/lanes.ts';
import type { QueueTopology } from '../app/topology.ts';
import type { Envelope } from '../wire/envelope.ts';

/** A call that has arrived at a worker. */
export interface Delivery {
  readonly envelope: Envelope;
  /** The queue it came from, and which of its lanes. */
  readonly queue: QueueTopology;
  readonly lane: LaneTopology;
  /** How often the message was received, this time and those before it was put off included. Not the attempt: see `envelope.retries`. */
  readonly receives: number;
  /** When the message was sent, epoch milliseconds. */
  readonly sentAt: number;
  readonly messageId: string;
  /** The message as it was, for the dead-letter queue. */
  readonly body: string;
}
