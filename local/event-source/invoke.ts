import type { Context, SQSEvent } from 'aws-lambda';
import {
  type BatchVerdict,
  failedBatch,
  readBatchAnswer,
} from '../../functions/event-source/batch-answer.ts';
import { sqsEvent } from '../../functions/event-source/sqs-event.ts';
import type { ReceivedMessage } from '../../sdk/ports/queues.ts';
import { lambdaContext } from './context.ts';
import type { Settings } from './options.ts';

/** Invokes the handler once for these messages and answers those that succeeded. Never throws. */
export async function invoke(
  messages: readonly ReceivedMessage[],
  settings: Settings,
  context: Context = lambdaContext(settings),
): Promise<readonly ReceivedMessage[]> {
  const verdict = await judge(sqsEvent(messages, settings.origin), settings, context);
  const succeeded = new Set(verdict.deleted);
  return messages.filter((message) => succeeded.has(message.messageId));
}

async function judge(event: SQSEvent, settings: Settings, context: Context): Promise<BatchVerdict> {
  const { log, queue } = settings;
  const report = (failure: string, details: Readonly<Record<string, unknown>>) =>
    log.warn(
      `A batch of ${event.Records.length} from '${queue.queueName}' failed and will come again: ${failure}`,
      details,
    );
  try {
    const verdict = readBatchAnswer(event, await answerInTime(structuredClone(event), settings, context));
    if (verdict.failure !== undefined) report(verdict.failure, {});
    return verdict;
  } catch (error) {
    report(String(error), { error });
    return failedBatch(event, String(error));
  }
}

/** The handler's answer; rejects at the function's timeout, where Lambda would kill the process and we can only stop waiting. */
async function answerInTime(event: SQSEvent, settings: Settings, context: Context): Promise<unknown> {
  const { clock, handler, queue } = settings;
  const { promise: timeout, reject } = Promise.withResolvers<never>();
  const cancel = clock.after(queue.timeoutSeconds * 1_000, () =>
    reject(new Error(`Task timed out after ${queue.timeoutSeconds.toFixed(2)} seconds`)),
  );
  try {
    return await Promise.race([handler(event, context), timeout]);
  } finally {
    cancel();
  }
}
