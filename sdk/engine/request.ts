import { customHeaders, type Envelope } from '../wire/envelope.ts';
import { isJsonObject, type JsonObject } from '../wire/json.ts';
import { decodeValue } from '../wire/values.ts';
import type { Delivery } from './delivery.ts';
import { nestingOf } from './follow-up.ts';

/**
 * What a running task can know of its call.
 *
 * Mirrors {@link https://docs.celeryq.dev/en/stable/userguide/tasks.html#task-request Celery's task request}.
 */
export interface TaskRequest {
  readonly id: string;
  /** The first task of the workflow that this one belongs to; its own id if it is the first. */
  readonly rootId: string;
  /** The task that started this one. */
  readonly parentId: string | null;
  readonly group: string | null;
  readonly groupIndex: number | null;
  readonly args: readonly unknown[];
  readonly kwargs: Readonly<Record<string, unknown>>;
  /** How often this call was retried: 0 in the first attempt. */
  readonly retries: number;
  /** How often the message was received: above 1 only after a crash, a timeout or a duplicate delivery. */
  readonly receives: number;
  /** Epoch milliseconds. */
  readonly eta: number | null;
  readonly expires: number | null;
  /** Seconds. */
  readonly timeLimit: number | null;
  readonly softTimeLimit: number | null;
  readonly deliveryInfo: DeliveryInfo;
  /** The headers that the caller gave. */
  readonly headers: JsonObject;
  /** Stamps that the signature was given, by name, and the list of their names. */
  readonly stamps: JsonObject;
  readonly stampedHeaders: readonly string[];
  /** How often the call stands in for another: see `self.replace`. */
  readonly replacedTaskNesting: number;
  readonly correlationId: string;
  readonly ignoreResult: boolean;
  /** Runs where it was called, in eager mode. */
  readonly isEager: boolean;
  /** Called as a plain function: no message, no result. */
  readonly calledDirectly: boolean;
}

/** How the message came to the worker. */
export interface DeliveryInfo {
  /** The queue's name in the app. */
  readonly routingKey: string;
  /** 0 to 9, the most urgent; 0 too where a caller in Python gave none. */
  readonly priority: number;
  /** Received before, or put back by `Reject`. */
  readonly redelivered: boolean;
  /** SQS's id of the message. */
  readonly messageId: string;
}

/** Where a run takes place. */
export type RunMode = 'worker' | 'eager' | 'direct';

export function requestOf(
  { envelope, queue, receives, messageId }: Pick<Delivery, 'envelope' | 'messageId' | 'queue' | 'receives'>,
  mode: RunMode,
): TaskRequest {
  return {
    ...identityOf(envelope),
    args: envelope.args.map(decodeValue),
    kwargs: Object.fromEntries(
      Object.entries(envelope.kwargs).map(([key, value]) => [key, decodeValue(value)]),
    ),
    receives,
    deliveryInfo: {
      routingKey: queue.name,
      priority: envelope.priority,
      redelivered: envelope.redelivered || receives > 1,
      messageId,
    },
    headers: customHeaders(envelope),
    ...stampsOf(envelope),
    replacedTaskNesting: nestingOf(envelope),
    correlationId: envelope.id,
    isEager: mode === 'eager',
    calledDirectly: mode === 'direct',
  };
}

function stampsOf({ headers }: Envelope): Pick<TaskRequest, 'stampedHeaders' | 'stamps'> {
  const { stamps = null, stamped_headers } = headers;
  const names = Array.isArray(stamped_headers) ? stamped_headers : [];
  return {
    stamps: isJsonObject(stamps) ? stamps : {},
    stampedHeaders: names.filter((name) => typeof name === 'string'),
  };
}

function identityOf(envelope: Envelope) {
  const { id, rootId, parentId, group, groupIndex, retries, eta, expires } = envelope;
  const { timeLimit, softTimeLimit, ignoreResult } = envelope;
  return {
    id,
    rootId,
    parentId,
    group,
    groupIndex,
    retries,
    eta,
    expires,
    timeLimit,
    softTimeLimit,
    ignoreResult,
  };
}
