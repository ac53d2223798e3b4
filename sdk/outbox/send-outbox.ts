import type { Clock } from '../ports/clock.ts';
import type { Answer, OutgoingMessage, Queues } from '../ports/queues.ts';
import { messageSize, sqsLimitBytes } from '../wire/size.ts';
import { Batcher } from './batcher.ts';
import { insist } from './insist.ts';
import type { PublishRetryPolicy } from './publish-policy.ts';

/** Sends messages. Those that become ready together for one queue share requests of up to 10 messages and 1 MiB. */
export interface SendOutbox {
  /**
   * Resolves when the queue has the message. What was refused is tried again, without those that went through.
   *
   * @throws OperationalError when it is refused for good or the retries are used up.
   */
  send(queueName: string, message: OutgoingMessage, policy?: PublishRetryPolicy | false): Promise<void>;
}

export function createSendOutbox({ queues, clock }: { queues: Queues; clock: Clock }): SendOutbox {
  const batchers = new Map<string, Batcher<OutgoingMessage, Answer>>();

  function batcherOf(queueName: string): Batcher<OutgoingMessage, Answer> {
    const known = batchers.get(queueName);
    if (known) return known;
    const created = new Batcher<OutgoingMessage, Answer>({
      maxItems: 10,
      maxBytes: sqsLimitBytes,
      sizeOf: messageSize,
      carryOut: (messages) => queues.send(queueName, messages),
    });
    batchers.set(queueName, created);
    return created;
  }

  return {
    send: (queueName, message, policy = {}) =>
      insist(() => batcherOf(queueName).add(message), {
        what: `Sending to queue '${queueName}'`,
        policy,
        clock,
      }),
  };
}
