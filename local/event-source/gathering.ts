import { sqsEvent } from '../../functions/event-source/sqs-event.ts';
import type { ReceivedMessage } from '../../sdk/ports/queues.ts';
import { byteLength } from '../../sdk/wire/size.ts';
import { Batch } from './batch.ts';
import type { Settings } from './options.ts';
import { type Receive, rest } from './receive.ts';

/** SQS hands out at most ten messages per request. */
const maxReceived = 10;

/** What a receive brought: as many messages as were asked for (so that more may wait), fewer or none, or an error. */
type PollAnswer = 'all' | 'some' | 'failed';

/** Gathers the batches of one queue, one after the other. */
export class Gathering {
  readonly #settings: Settings;
  readonly #receive: Receive;
  readonly #signal: AbortSignal;
  #leftOver: readonly ReceivedMessage[] = [];

  constructor(settings: Settings, receive: Receive, signal: AbortSignal) {
    this.#settings = settings;
    this.#receive = receive;
    this.#signal = signal;
  }

  /** Messages that did not fit into the last batch. They open the next one. */
  get leftOver(): readonly ReceivedMessage[] {
    return this.#leftOver;
  }

  /** The next batch: empty after a poll in vain, and early, with what there is, when the signal aborts. */
  async next(): Promise<readonly ReceivedMessage[]> {
    const { clock, queue, pollSeconds } = this.#settings;
    const batch = new Batch(queue.batchSize, (message) => this.#bytesOf(message));
    this.#leftOver = batch.take(this.#leftOver);
    const answer = batch.messages.length > 0 ? 'some' : await this.#receiveInto(batch, pollSeconds);
    // The window opens with the first message, so that an idle queue has none.
    if (batch.messages.length > 0 && queue.batchWindowSeconds > 0) {
      await this.#fillUntil(clock.now() + queue.batchWindowSeconds * 1_000, batch, answer);
    }
    return batch.messages;
  }

  async #fillUntil(deadline: number, batch: Batch, firstAnswer: PollAnswer): Promise<void> {
    const { clock, pollSeconds } = this.#settings;
    let answer = firstAnswer;
    // A batch does not wait for an endpoint that is down.
    while (answer !== 'failed' && batch.room > 0 && !this.#signal.aborted) {
      const left = Math.max(0, deadline - clock.now());
      if (answer === 'some' && left > 0 && left < 1_000) {
        // SQS waits whole seconds only: the rest of the window is waited here, and then the queue is asked a last time.
        await rest(clock.sleep(left, this.#signal));
        continue;
      }
      answer = await this.#receiveInto(batch, Math.min(pollSeconds, Math.floor(left / 1_000)));
      if (answer === 'some' && clock.now() >= deadline) return;
    }
  }

  async #receiveInto(batch: Batch, waitSeconds: number): Promise<PollAnswer> {
    const max = Math.min(maxReceived, batch.room);
    const received = await this.#receive({ max, waitSeconds });
    if (received === undefined) return 'failed';
    this.#leftOver = batch.take(received);
    return received.length < max ? 'some' : 'all';
  }

  #bytesOf(message: ReceivedMessage): number {
    return byteLength(JSON.stringify(sqsEvent([message], this.#settings.origin).Records[0]));
  }
}
