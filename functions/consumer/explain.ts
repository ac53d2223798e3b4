import type { DeadLetterReason } from '../../sdk/engine/effect.ts';
import type { OutgoingMessage } from '../../sdk/ports/queues.ts';
import { messageSize, sqsLimitBytes } from '../../sdk/wire/size.ts';

/** Why a message is buried. */
export interface Explanation {
  readonly reason: DeadLetterReason;
  readonly error: Error;
  /** 0 is the first attempt; undefined if the message could not be read. */
  readonly attempt: number | undefined;
  readonly taskId: string | undefined;
  readonly task: string | undefined;
  /** Epoch milliseconds. */
  readonly time: number;
}

/** Long enough for what went wrong, short enough to leave room. */
const maxErrorLength = 1_500;

/**
 * The message as it lies in the dead-letter queue: its body untouched, so that it can be sent back, and the
 * explanation beside it in message attributes.
 */
export function explainedMessage(
  body: string,
  { reason, error, attempt, taskId, task, time }: Explanation,
): OutgoingMessage {
  const facts: Record<string, string | undefined> = {
    'tallo-reason': reason,
    'tallo-time': new Date(time).toISOString(),
    'tallo-task-id': taskId,
    'tallo-task': task,
    'tallo-attempt': attempt === undefined ? undefined : String(attempt),
    'tallo-error': `${error.name}: ${error.message}`.slice(0, maxErrorLength),
  };
  const attributes: Record<string, string> = {};
  for (const [name, value] of Object.entries(facts)) {
    if (value === undefined || value === '') continue;
    const fits =
      messageSize({ body, attributes: { ...attributes, [name]: carried(value) } }) <= sqsLimitBytes;
    // Only a foreign message at the very limit has no room; our own ones are sent with some to spare.
    if (fits) attributes[name] = carried(value);
  }
  return { body, attributes };
}

/** What SQS carries: the characters of XML 1.0. */
function carried(value: string): string {
  return value.toWellFormed().replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD');
}
