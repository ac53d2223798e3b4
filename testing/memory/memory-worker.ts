import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { InterruptibleContext } from '../../functions/consumer/interruption.ts';
import { failedBatch, readBatchAnswer } from '../../functions/event-source/batch-answer.ts';
import { sqsEvent } from '../../functions/event-source/sqs-event.ts';
import { Heartbeat } from '../../functions/process/heartbeat.ts';
import { isProcess } from '../../sdk/app/run-on.ts';
import type { QueueTopology } from '../../sdk/app/topology.ts';
import { Interruption } from '../../sdk/engine/time-limits.ts';
import type { Logger } from '../../sdk/log/logger.ts';
import type { Queues, ReceivedMessage } from '../../sdk/ports/queues.ts';
import type { MemoryQueue } from './memory-queue.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** The handler of a worker, as Lambda calls it. */
export type Handler = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;

export interface MemoryWorkerParts {
  readonly queue: MemoryQueue;
  readonly topology: QueueTopology;
  readonly clock: VirtualClock;
  readonly handler: Handler;
  /** Where visibilities are renewed. */
  readonly queues: Pick<Queues, 'delay'>;
  readonly log: Pick<Logger, 'warn'>;
}

/** How many batches run at once, or how many containers, unless the queue says so itself. */
const usualConcurrency = 10;

/**
 * Hands a queue's messages to the handler as soon as they are visible: in batches, as Lambda's event source mapping does, or one by one and
 * kept hidden while they run, as the containers of `tallo worker` do.
 */
export class MemoryWorker {
  readonly #parts: MemoryWorkerParts;
  readonly #stopListening: () => void;
  readonly #batchSize: number;
  readonly #most: number;
  readonly #heartbeat: Heartbeat | undefined;
  #running = 0;
  #isStarting = false;

  constructor(parts: MemoryWorkerParts) {
    this.#parts = parts;
    const { batchSize, concurrency, runOn, queueName, visibilitySeconds } = parts.topology;
    const most = concurrency ?? usualConcurrency;
    this.#batchSize = isProcess(runOn) ? 1 : batchSize;
    this.#most = isProcess(runOn) ? most * batchSize : most;
    if (isProcess(runOn)) this.#heartbeat = new Heartbeat({ ...parts, queueName, visibilitySeconds });
    this.#stopListening = parts.queue.onVisible(() => this.#startSoon());
    this.#startSoon();
  }

  get isIdle(): boolean {
    return this.#running === 0;
  }

  stop(): void {
    this.#stopListening();
  }

  /** In the next turn, so that what is sent together comes in one batch. */
  #startSoon(): void {
    if (this.#isStarting) return;
    this.#isStarting = true;
    setImmediate(() => {
      this.#isStarting = false;
      while (this.#parts.queue.hasVisible && this.#running < this.#most) void this.#invoke();
    });
  }

  async #invoke(): Promise<void> {
    const { queue, topology, clock, handler } = this.#parts;
    const messages = queue.take(this.#batchSize);
    if (messages.length === 0) return;
    this.#running += 1;
    const origin = { queueName: topology.queueName, region: 'memory', account: '000000000000' };
    const event = sqsEvent(messages, origin);
    const end = clock.now() + topology.timeoutSeconds * 1_000;
    const { interruption, letGo } = this.#hold(messages);
    // A context with what workers ask for; the rest of Lambda's is of no use in memory.
    const context = {
      getRemainingTimeInMillis: () => end - clock.now(),
      ...(interruption && { interruption }),
    } as Context | InterruptibleContext;
    const verdict = await clock
      .occupied(async () => readBatchAnswer(event, await handler(event, context)))
      .catch((error: unknown) => failedBatch(event, String(error)));
    letGo();
    const deleted = new Set(verdict.deleted);
    for (const { messageId, handle } of messages) if (deleted.has(messageId)) queue.delete(handle);
    this.#running -= 1;
    this.#startSoon();
  }

  /** Keeps them hidden until they are let go, where that is the custom. */
  #hold(messages: readonly ReceivedMessage[]): {
    readonly interruption?: AbortSignal;
    readonly letGo: () => void;
  } {
    const heartbeat = this.#heartbeat;
    if (!heartbeat) return { letGo: () => undefined };
    const lost = new AbortController();
    const onLost = () => lost.abort(new Interruption('The message is not held any more.'));
    const letGoes = messages.map((message) => heartbeat.hold(message, onLost));
    return { interruption: lost.signal, letGo: () => letGoes.forEach((letGo) => void letGo()) };
  }
}
