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

/** How many of each kind of request. */
export type QueueCounts = Readonly<Record<'send' | 'receive' | 'delete' | 'delay', number>>;

/** Queues in memory, under the rules of SQS's standard queues. */
export class MemoryQueues implements Queues {
  readonly #queues: ReadonlyMap<string, MemoryQueue>;
  readonly #clock: VirtualClock;
  readonly #requests = { send: 0, receive: 0, delete: 0, delay: 0 };
  readonly #messages = { send: 0, receive: 0, delete: 0, delay: 0 };
  /**
   * The requests that were made so far, refused ones included: what a run costs. The worker of the memory cloud makes none, except
   * renewals of visibility: Lambda takes from the queues and deletes there by itself.
   */
  readonly requests: QueueCounts = this.#requests;
  /** How many messages those requests were about: asked for, or received. */
  readonly messages: QueueCounts = this.#messages;

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
    const queue = this.#request('send', queueName, messages.length);
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
    const queue = this.#request('receive', queueName);
    signal?.throwIfAborted();
    const deadline = this.#clock.now() + waitSeconds * 1_000;
    for (;;) {
      const messages = queue.take(max);
      this.#messages.receive += messages.length;
      if (messages.length > 0 || this.#clock.now() >= deadline) return messages;
      await queue.untilVisible(deadline - this.#clock.now(), signal);
      signal?.throwIfAborted();
    }
  }

  async delete(queueName: string, handles: readonly string[]): Promise<readonly Answer[]> {
    const queue = this.#request('delete', queueName, handles.length);
    checkCount(handles);
    return handles.map((handle) => {
      queue.delete(handle);
      return { ok: true };
    });
  }

  async delay(queueName: string, handles: readonly string[], seconds: number): Promise<readonly Answer[]> {
    const queue = this.#request('delay', queueName, handles.length);
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

  /** An empty batch is no request, as at the AWS port. */
  #request(kind: keyof QueueCounts, queueName: string, messages?: number): MemoryQueue {
    const queue = this.named(queueName);
    if (messages !== 0) this.#requests[kind] += 1;
    this.#messages[kind] += messages ?? 0;
    return queue;
  }
}
