/** A message on its way out. Body and attributes together hold at most 1 MiB (1,048,576 bytes of UTF-8). */
export interface OutgoingMessage {
  readonly body: string;
  /** Whole seconds until it becomes visible, 0 to 900. */
  readonly delaySeconds?: number;
  /** String attributes beside the body, at most 10. The dead-letter queue's explanation travels here. */
  readonly attributes?: Readonly<Record<string, string>>;
  /** Whose message it is: where many belong to one, those of others are delivered first (SQS: fair queues). 1 to 128 characters. */
  readonly groupId?: string;
}

/** A message as it was received. */
export interface ReceivedMessage {
  readonly messageId: string;
  /** Names this one delivery; `delete` and `delay` take it. */
  readonly handle: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** How often it was received, this time included: 1 for a fresh message. */
  readonly receives: number;
  /** When it was sent, epoch milliseconds. */
  readonly sentAt: number;
}

/** What became of one entry of a batch. `retryable` says whether the same entry may succeed when tried again. */
export type Answer =
  | { readonly ok: true }
  | { readonly ok: false; readonly code: string; readonly message: string; readonly retryable: boolean };

/** How many messages to receive, and how long to wait for them. */
export interface ReceiveOptions {
  /** 1 to 10. */
  readonly max: number;
  /** How long to wait for the first message, seconds, 0 to 20. */
  readonly waitSeconds: number;
  readonly signal?: AbortSignal;
}

/**
 * The queues, as SQS offers them. Queues are named by their full name in the cloud.
 * Batch calls take at most 10 entries, cost one request and answer entry by entry, in order;
 * a call that failed as a whole throws.
 */
export interface Queues {
  send(queueName: string, messages: readonly OutgoingMessage[]): Promise<readonly Answer[]>;
  receive(queueName: string, options: ReceiveOptions): Promise<readonly ReceivedMessage[]>;
  delete(queueName: string, handles: readonly string[]): Promise<readonly Answer[]>;
  /** Makes received messages invisible for that many seconds from now (0: visible at once). */
  delay(queueName: string, handles: readonly string[], seconds: number): Promise<readonly Answer[]>;
}
