import { isObject } from '../json-protocol.ts';

/** A message in fauxqs. Instants are epoch milliseconds. */
export interface FauxMessage {
  sentTimestamp: number;
  delayUntil?: number | undefined;
  readonly approximateReceiveCount: number;
  approximateFirstReceiveTimestamp?: number | undefined;
}

/** A poll that waits for messages. */
export interface Waiter {
  readonly resolve: () => void;
  readonly timer: NodeJS.Timeout;
}

/** A queue in fauxqs, as far as we use it. */
export interface FauxQueue {
  readonly attributes: Readonly<Record<string, string>>;
  /** By their receipt handles. */
  readonly inflightMessages: ReadonlyMap<
    string,
    { readonly message: FauxMessage; visibilityDeadline: number }
  >;
  readonly pollWaiters: Waiter[];
  enqueue(message: FauxMessage): void;
  dequeue(
    max: number,
    visibilitySeconds: number | undefined,
    ...rest: readonly unknown[]
  ): readonly Received[];
  deleteMessage(handle: string): boolean;
  changeVisibility(handle: string, seconds: number): void;
  /** Moves on what has become visible. */
  processTimers(): void;
  waitForMessages(seconds: number): Promise<void>;
}

interface Received {
  readonly ReceiptHandle: string;
}

const methods = [
  'enqueue',
  'dequeue',
  'deleteMessage',
  'changeVisibility',
  'processTimers',
  'waitForMessages',
] as const satisfies readonly (keyof FauxQueue)[];

/** Whether it has all that we use. */
export function isFauxQueue(value: unknown): value is FauxQueue {
  if (!isObject(value)) return false;
  const { attributes, inflightMessages, pollWaiters } = value;
  const isWhole = isObject(attributes) && inflightMessages instanceof Map && Array.isArray(pollWaiters);
  return isWhole && methods.every((name) => typeof value[name] === 'function');
}

/** Whether it is a message that was sent with a delay of one second. */
export function isDelayed(message: unknown): boolean {
  const { sentTimestamp, delayUntil, approximateReceiveCount } = isObject(message) ? message : {};
  return approximateReceiveCount === 0 && Number(delayUntil) - Number(sentTimestamp) === 1_000;
}
