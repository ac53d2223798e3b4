import type { ReceivedMessage } from '../../sdk/ports/queues.ts';

/**
 * The most that one invocation takes: 6 MB, as bytes of the whole event.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
export const maxEventBytes = 6_291_456;

const emptyEventBytes = '{"Records":[]}'.length;

/** Messages on their way to one invocation. */
export class Batch {
  readonly #maxMessages: number;
  readonly #bytesOf: (message: ReceivedMessage) => number;
  readonly #messages: ReceivedMessage[] = [];
  #bytes = emptyEventBytes;
  #isClosed = false;

  /** `bytesOf` measures a message as a record of the event. */
  constructor(maxMessages: number, bytesOf: (message: ReceivedMessage) => number) {
    this.#maxMessages = maxMessages;
    this.#bytesOf = bytesOf;
  }

  get messages(): readonly ReceivedMessage[] {
    return this.#messages;
  }

  /** How many messages more it may take, as far as their number goes. */
  get room(): number {
    return this.#isClosed ? 0 : this.#maxMessages - this.#messages.length;
  }

  /** Takes messages in order and answers those that are left over: from the first that does not fit, which closes the batch. */
  take(messages: readonly ReceivedMessage[]): readonly ReceivedMessage[] {
    for (const [index, message] of messages.entries()) {
      if (!this.#takeOne(message)) return messages.slice(index);
    }
    return [];
  }

  #takeOne(message: ReceivedMessage): boolean {
    const bytes = this.#bytes + this.#bytesOf(message) + 1; // the comma between records
    // A message that is too large alone goes alone: it must not block the queue.
    if (this.room === 0 || (bytes > maxEventBytes && this.#messages.length > 0)) {
      this.#isClosed = true;
      return false;
    }
    this.#messages.push(message);
    this.#bytes = bytes;
    return true;
  }
}
