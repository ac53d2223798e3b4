import type { Logger } from '../../sdk/log/logger.ts';
import type { Clock } from '../../sdk/ports/clock.ts';
import type { Answer, Queues, ReceivedMessage } from '../../sdk/ports/queues.ts';

/** What a heartbeat keeps hidden, and how. */
export interface HeartbeatParts {
  readonly queues: Pick<Queues, 'delay'>;
  readonly clock: Clock;
  /** The queue's full name in the cloud. */
  readonly queueName: string;
  readonly visibilitySeconds: number;
  readonly log: Pick<Logger, 'warn'>;
}

interface Held {
  readonly message: ReceivedMessage;
  /** When it was received, epoch milliseconds. */
  readonly since: number;
  readonly onLost: () => void;
}

/** Seconds for which each of these is hidden from now on. */
type Renewal = readonly [seconds: number, some: readonly Held[]];

/** SQS takes at most ten entries per request. */
const maxEntries = 10;

/**
 * SQS keeps no message hidden for longer than 12 hours after it was received, less what a receive and a renewal may take.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html
 */
const longestHiddenMs = 43_200_000 - 30_000;

/** After a renewal that failed the next one comes sooner. */
const troubledMs = 5_000;

/** By these SQS says that a message is not held any more. Anything else may be better the next time. */
const lostCodes = /(ReceiptHandleIsInvalid|MessageNotInflight|InvalidParameterValue)$/;

/**
 * Keeps the messages that a process works on hidden from others: every third of the visibility timeout it renews that of all messages of
 * a queue, ten per request. It beats only as long as there are any.
 */
export class Heartbeat {
  readonly #parts: HeartbeatParts;
  readonly #held = new Set<Held>();
  #cancelBeat: (() => void) | undefined;
  #underWay: Promise<void> = Promise.resolve();

  constructor(parts: HeartbeatParts) {
    this.#parts = parts;
  }

  /**
   * Holds a message that was just received. `onLost` is called when SQS does not know this delivery any more: the message was deleted,
   * or came to somebody else. The function that it answers lets go; it resolves when no renewal is on its way any more.
   */
  hold(message: ReceivedMessage, onLost: () => void): () => Promise<void> {
    const held = { message, since: this.#parts.clock.now(), onLost };
    this.#held.add(held);
    this.#beatAfter(this.#intervalMs);
    return () => {
      this.#letGo(held);
      return this.#underWay;
    };
  }

  get #intervalMs(): number {
    return (this.#parts.visibilitySeconds * 1_000) / 3;
  }

  #letGo(held: Held): void {
    this.#held.delete(held);
    if (this.#held.size > 0) return;
    this.#cancelBeat?.();
    this.#cancelBeat = undefined;
  }

  #beatAfter(milliseconds: number): void {
    this.#cancelBeat ??= this.#parts.clock.after(milliseconds, () => {
      this.#cancelBeat = undefined;
      // A request that hangs must not keep the next one from being made.
      if (this.#held.size > 0) this.#beatAfter(this.#intervalMs);
      this.#underWay = this.#beat();
    });
  }

  #beatSooner(): void {
    if (this.#held.size === 0 || this.#intervalMs <= troubledMs) return;
    this.#cancelBeat?.();
    this.#cancelBeat = undefined;
    this.#beatAfter(troubledMs);
  }

  async #beat(): Promise<void> {
    const isFine = await Promise.all(this.#renewals().map((renewal) => this.#renew(renewal)));
    if (isFine.includes(false)) this.#beatSooner();
  }

  /** All for the same time, except those whose 12 hours are almost over. */
  #renewals(): readonly Renewal[] {
    const { clock, visibilitySeconds } = this.#parts;
    const renewals: Renewal[] = [];
    const usual: Held[] = [];
    for (const held of this.#held) {
      const leftSeconds = Math.floor((held.since + longestHiddenMs - clock.now()) / 1_000);
      if (leftSeconds > visibilitySeconds) {
        usual.push(held);
        continue;
      }
      this.#sayLastTime(held, Math.max(0, leftSeconds));
      this.#letGo(held);
      if (leftSeconds > 0) renewals.push([leftSeconds, [held]]);
    }
    for (let start = 0; start < usual.length; start += maxEntries)
      renewals.push([visibilitySeconds, usual.slice(start, start + maxEntries)]);
    return renewals;
  }

  #sayLastTime({ message }: Held, seconds: number): void {
    const { log, queueName } = this.#parts;
    log.warn(`A message of '${queueName}' cannot be kept hidden for more than 12 hours: it comes again.`, {
      messageId: message.messageId,
      inSeconds: seconds,
    });
  }

  /** Answers false if it should be tried again soon. */
  async #renew([seconds, some]: Renewal): Promise<boolean> {
    const { queues, queueName, log } = this.#parts;
    const handles = some.map(({ message }) => message.handle);
    try {
      const answers = await queues.delay(queueName, handles, seconds);
      return some.map((held, index) => this.#judge(held, answers[index])).every(Boolean);
    } catch (error) {
      log.warn(`The visibility of ${some.length} messages of '${queueName}' could not be renewed.`, {
        error,
      });
      return false;
    }
  }

  #judge(held: Held, answer: Answer | undefined): boolean {
    // What was let go meanwhile has been deleted, or given back.
    if (answer?.ok || !this.#held.has(held)) return true;
    const { queueName, log } = this.#parts;
    const { messageId } = held.message;
    const reason = answer ? `${answer.code}: ${answer.message}` : 'no answer';
    if (!answer || answer.retryable || !lostCodes.test(answer.code)) {
      log.warn(`The visibility of a message of '${queueName}' could not be renewed.`, { messageId, reason });
      return false;
    }
    this.#letGo(held);
    log.warn(`A message of '${queueName}' is not held any more: it was deleted, or another worker has it.`, {
      messageId,
      reason,
    });
    held.onLost();
    return true;
  }
}
