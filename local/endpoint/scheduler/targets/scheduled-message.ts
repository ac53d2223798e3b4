/** A message that a schedule sends to a queue. */
export interface ScheduledMessage {
  readonly queueArn: string;
  readonly body: string;
  readonly groupId?: string;
  readonly deduplicationId?: string;
  /** Whole seconds, 0 to 900. @default the queue's own */
  readonly delaySeconds?: number;
  /** String attributes beside the body. */
  readonly attributes?: Readonly<Record<string, string>>;
}

/** Sends it; rejects if the queue does not take it. */
export type SendScheduled = (message: ScheduledMessage) => Promise<void>;

/** The same as the parameters of SQS's SendMessage, except for the queue. */
export function sendParameters(message: ScheduledMessage) {
  const { body, groupId, deduplicationId, delaySeconds, attributes = {} } = message;
  const named = Object.entries(attributes).map(
    ([name, StringValue]) => [name, { DataType: 'String', StringValue }] as const,
  );
  return {
    MessageBody: body,
    ...(groupId !== undefined && { MessageGroupId: groupId }),
    ...(deduplicationId !== undefined && { MessageDeduplicationId: deduplicationId }),
    ...(delaySeconds !== undefined && { DelaySeconds: delaySeconds }),
    ...(named.length > 0 && { MessageAttributes: Object.fromEntries(named) }),
  };
}
