import { ConfigurationError } from '../../sdk/errors/index.ts';
import type { Chance } from '../../sdk/ports/chance.ts';
import type {
  Answer,
  OutgoingMessage,
  Queues,
  ReceivedMessage,
  ReceiveOptions,
} from '../../sdk/ports/queues.ts';
import { MemoryQueue } from './memory-queue.ts';
import { checkCount, checkSize, refusalOf } from './sqs-rules.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** What a queue of the memory cloud is like. */
export interface QueueShape {
  readonly visibilitySeconds: number;
  /** Where messages go that were received so often. @default they stay */
  readonly redrive?: { readonly to: string; readonly maxReceives: number };
}

/** Faults on demand. Each is the share of messages that it befalls, 0 to 1. */
export interface QueueFaults {
  /** Delivered once more although it was, or is being, dealt with. @default 0 */
  readonly duplicates?: number;
  /** Hand messages out in any order, as standard queues may. @default true */
  readonly reorder?: boolean;
}

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
