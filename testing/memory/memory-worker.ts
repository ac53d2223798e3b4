import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { failedBatch, readBatchAnswer } from '../../functions/event-source/batch-answer.ts';
import { sqsEvent } from '../../functions/event-source/sqs-event.ts';
import type { QueueTopology } from '../../sdk/app/topology.ts';
import type { MemoryQueue } from './memory-queue.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** The handler of a worker, as Lambda calls it. */
export type Handler = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;

export interface MemoryWorkerParts {
  readonly queue: MemoryQueue;
  readonly topology: QueueTopology;
  readonly clock: VirtualClock;
  readonly handler: Handler;
}

/** How many batches run at once unless the queue says so itself. */
const usualConcurrency = 10;

/** Hands a queue's messages to the handler in batches, as soon as they are visible, as Lambda's event source mapping does. */
export class MemoryWorker {
  readonly #parts: MemoryWorkerParts;
  readonly #stopListening: () => void;
  #running = 0;
  #isStarting = false;

  constructor(parts: MemoryWorkerParts) {
    this.#parts = parts;
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
      const { queue, topology } = this.#parts;
      while (queue.hasVisible && this.#running < (topology.concurrency ?? usualConcurrency))
        void this.#invoke();
    });
  }

  async #invoke(): Promise<void> {
    const { queue, topology, clock, handler } = this.#parts;
    const messages = queue.take(topology.batchSize);
    if (messages.length === 0) return;
    this.#running += 1;
    const origin = { queueName: topology.queueName, region: 'memory', account: '000000000000' };
    const event = sqsEvent(messages, origin);
    const end = clock.now() + topology.timeoutSeconds * 1_000;
    // A context with what workers ask for; the rest of Lambda's is of no use in memory.
    const context = { getRemainingTimeInMillis: () => end - clock.now() } as Context;
    const verdict = await clock
      .occupied(async () => readBatchAnswer(event, await handler(event, context)))
      .catch((error: unknown) => failedBatch(event, String(error)));
    const deleted = new Set(verdict.deleted);
    for (const { messageId, handle } of messages) if (deleted.has(messageId)) queue.delete(handle);
    this.#running -= 1;
    this.#startSoon();
  }
}
