import type { Context, SQSEvent } from 'aws-lambda';
import type { EventOrigin } from '../../functions/event-source/sqs-event.ts';
import type { QueueTopology } from '../../sdk/app/topology.ts';
import { type Logger, silentLogger } from '../../sdk/log/logger.ts';
import { type Chance, systemChance } from '../../sdk/ports/chance.ts';
import type { Clock } from '../../sdk/ports/clock.ts';
import type { Queues } from '../../sdk/ports/queues.ts';

/** A function as Lambda calls it for a batch of messages. */
export type BatchHandler = (event: SQSEvent, context: Context) => Promise<unknown>;

/** What an event source connects: a queue and a handler. */
export interface EventSourceOptions {
  readonly queues: Queues;
  readonly clock: Clock;
  /** The queue to serve: its batch size, window, concurrency, timeout and memory are obeyed. */
  readonly queue: QueueTopology;
  readonly handler: BatchHandler;
  /** The region and the account (12 digits) that records and context name. */
  readonly region: string;
  readonly account: string;
  /** Hears of every trouble; none of it ends the event source. @default nothing is logged */
  readonly log?: Pick<Logger, 'warn'>;
  /** How long one poll waits for a message, whole seconds from 1 to 20. An idle queue costs one request in this time. @default 20 */
  readonly pollSeconds?: number;
  /** Where request ids come from. @default the machine's chance */
  readonly chance?: Chance;
}

/** The options with their defaults filled in. */
export interface Settings extends Required<EventSourceOptions> {
  /** Invocations at one time. */
  readonly concurrency: number;
  readonly origin: EventOrigin;
}

/** Enough to show what runs side by side, and kind to a laptop; Lambda itself would start with 5 and grow past 1,000. */
const defaultConcurrency = 10;

export function readOptions(options: EventSourceOptions): Settings {
  const { queue, region, account } = options;
  return {
    log: silentLogger,
    pollSeconds: 20,
    chance: systemChance,
    ...options,
    concurrency: queue.concurrency ?? defaultConcurrency,
    origin: { queueName: queue.queueName, region, account },
  };
}
