import { ConfigurationError } from '../../sdk/errors/index.ts';
import type { Chance } from '../../sdk/ports/chance.ts';
import type {
  Answer,
  OutgoingMessage,
  Queues,
  ReceivedMessage,
  ReceiveOptions,
} from '../../sdk/ports/queues.ts';
import { MemoryQueue, type QueueFaults, type QueueShape } from './memory-queue.ts';
import { checkCount, checkSize, refusalOf } from './sqs-rules.ts';
import type { VirtualClock } from './virtual-clock.ts';

export interface MemoryQueuesParts {
  readonly shapes: Readonly<Record<string, QueueShape>>;
  readonly clock: VirtualClock;
  readonly chance: Chance;
  readonly faults: QueueFaults;
}

/** Queues in memory, under the rules of SQS's standard queues. */
export class MemoryQueues implements Queues {
  readonly #queues: ReadonlyMap<string, MemoryQueue>;
  readonly #clock: VirtualClock;

  constructor({ shapes, clock, chance, faults }: MemoryQueuesParts) {
    this.#clock = clock;
    this.#queues = new Map(
      Object.entries(shapes).map(([name, shape]) => [
        name,
        new MemoryQueue({ shape, clock, chance, faults }),
      ]),
    );
    for (const [name, { redrive }] of Object.entries(shapes)) {
      if (redrive) this.named(name).onExhausted = (message) => this.named(redrive.to).add(message);
    }
  }

  /** @throws ConfigurationError if there is no such queue. */
  named(queueName: string): MemoryQueue {
    const queue = this.#queues.get(queueName);
    if (queue) return queue;
    throw new ConfigurationError(
      `Expected a queue named '${queueName}', found none. Queues: ${[...this.#queues.keys()].join(', ')}.`,
    );
  }

  async send(queueName: string, messages: readonly OutgoingMessage[]): Promise<readonly Answer[]> {
    const queue = this.named(queueName);
    checkCount(messages);
    checkSize(messages);
    return messages.map((message) => {
      const refusal = refusalOf(message);
      if (!refusal) queue.add(message);
      return refusal ?? { ok: true };
    });
  }

  async receive(
    queueName: string,
    { max, waitSeconds, signal }: ReceiveOptions,
  ): Promise<readonly ReceivedMessage[]> {
    const queue = this.named(queueName);
    signal?.throwIfAborted();
    const deadline = this.#clock.now() + waitSeconds * 1_000;
    for (;;) {
      const messages = queue.take(max);
      if (messages.length > 0 || this.#clock.now() >= deadline) return messages;
      await queue.untilVisible(deadline - this.#clock.now(), signal);
      signal?.throwIfAborted();
    }
  }

  async delete(queueName: string, handles: readonly string[]): Promise<readonly Answer[]> {
    const queue = this.named(queueName);
    checkCount(handles);
    return handles.map((handle) => {
      queue.delete(handle);
      return { ok: true };
    });
  }

  async delay(queueName: string, handles: readonly string[], seconds: number): Promise<readonly Answer[]> {
    const queue = this.named(queueName);
    checkCount(handles);
    return handles.map((handle) => {
      if (queue.hide(handle, seconds)) return { ok: true };
      return {
        ok: false,
        code: 'ReceiptHandleIsInvalid',
        message: `no message in flight as ${handle}`,
        retryable: false,
      };
    });
  }
}
