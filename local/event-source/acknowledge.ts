import type { Answer, ReceivedMessage } from '../../sdk/ports/queues.ts';
import type { Settings } from './options.ts';

type Messages = readonly ReceivedMessage[];

/** Says one thing about up to ten messages to the queue. */
type Call = (handles: readonly string[]) => Promise<readonly Answer[]>;

interface Refusal {
  readonly message: ReceivedMessage;
  readonly reason: unknown;
  readonly retryable: boolean;
}

/** SQS takes at most ten entries per request. */
const maxEntries = 10;

/** Before the second and the third try, milliseconds. */
const pauses = [100, 1_000];

/** Deletes messages. One that cannot be deleted comes again, and the consumer recognises it. Never throws. */
export async function deleteMessages(messages: Messages, settings: Settings): Promise<void> {
  const { queues, queue, log } = settings;
  const refusals = await callForAll(messages, (handles) => queues.delete(queue.queueName, handles), settings);
  if (refusals.length === 0) return;
  log.warn(
    `${refusals.length} messages of '${queue.queueName}' could not be deleted and will come again.`,
    details(refusals),
  );
}

/**
 * Makes messages visible again at once. One that is refused comes with its visibility timeout. Never throws.
 *
 * @returns how many could be put back
 */
export async function putBack(messages: Messages, settings: Settings): Promise<number> {
  const { queues, queue, log } = settings;
  const refusals = await callForAll(
    messages,
    (handles) => queues.delay(queue.queueName, handles, 0),
    settings,
  );
  if (refusals.length === 0) return messages.length;
  log.warn(
    `${refusals.length} messages of '${queue.queueName}' could not be put back and come again in up to ${queue.visibilitySeconds} s.`,
    details(refusals),
  );
  return messages.length - refusals.length;
}

/** Calls for all messages, ten by ten; what may succeed when tried again is tried three times in all. Answers the rest. */
async function callForAll(messages: Messages, call: Call, { clock }: Settings): Promise<readonly Refusal[]> {
  let refusals = await callOnce(messages, call);
  for (const pause of pauses) {
    const again = refusals.filter((refusal) => refusal.retryable).map((refusal) => refusal.message);
    if (again.length === 0) break;
    await clock.sleep(pause);
    refusals = [...refusals.filter((refusal) => !refusal.retryable), ...(await callOnce(again, call))];
  }
  return refusals;
}

async function callOnce(messages: Messages, call: Call): Promise<readonly Refusal[]> {
  const refusals: Refusal[] = [];
  for (let start = 0; start < messages.length; start += maxEntries) {
    refusals.push(...(await callForTen(messages.slice(start, start + maxEntries), call)));
  }
  return refusals;
}

async function callForTen(messages: Messages, call: Call): Promise<readonly Refusal[]> {
  try {
    const answers = await call(messages.map((message) => message.handle));
    return messages.flatMap((message, index) => refusal(message, answers[index]));
  } catch (error) {
    return messages.map((message) => ({ message, reason: error, retryable: true }));
  }
}

function refusal(message: ReceivedMessage, answer: Answer | undefined): readonly Refusal[] {
  if (answer === undefined) return [{ message, reason: 'no answer', retryable: true }];
  return answer.ok
    ? []
    : [{ message, reason: `${answer.code}: ${answer.message}`, retryable: answer.retryable }];
}

function details(refusals: readonly Refusal[]): Readonly<Record<string, unknown>> {
  return { messageIds: refusals.map(({ message }) => message.messageId), reason: refusals[0]?.reason };
}
