import { tracebackOf } from '../errors/describe-error.ts';
import { TaskRevokedError } from '../errors/index.ts';
import type { State } from '../result/states.ts';
import type { TaskDefinition } from '../task/task-definition.ts';
import type { Envelope } from '../wire/envelope.ts';
import { encodeException } from '../wire/exception.ts';
import type { Json } from '../wire/json.ts';
import { pendingMeta, type ResultTuple, type TaskMeta } from '../wire/task-meta.ts';
import type { Delivery } from './delivery.ts';
import type { Outcome } from './outcome.ts';

/** Why a message lies in a dead-letter queue. */
export type DeadLetterReason = 'rejected' | 'refused' | 'not-registered' | 'not-understood' | 'worker-lost';

/** One thing to do because of an outcome. */
export type Effect =
  /** Send the call again, to the queue it came from. */
  | { readonly kind: 'resend'; readonly envelope: Envelope }
  /** Put the message into the dead-letter queue, explained. */
  | { readonly kind: 'bury'; readonly reason: DeadLetterReason; readonly error: Error }
  /** Write the task's row. `overwrite` writes without looking; otherwise a final state that is there stays. */
  | { readonly kind: 'store'; readonly meta: TaskMeta; readonly overwrite: boolean };

/** What an outcome is judged with. */
export interface Circumstances {
  readonly task: TaskDefinition | undefined;
  readonly children: readonly ResultTuple[];
  /** Epoch milliseconds. */
  readonly now: number;
  readonly extended: boolean;
  readonly worker: string;
  /** Whether no earlier delivery of this message can have stored an end: it is the first, or was sent back. */
  readonly isFirst: boolean;
}

/** How long a message that `Reject` put back stays away, as with kombu. */
const requeueDelayMs = 10_000;

/**
 * What must be done because of an outcome, in this order, before the message is acknowledged. The row comes last: once it
 * tells of the end, a redelivery has nothing to do.
 */
export function effectsOf(
  outcome: Outcome,
  delivery: Delivery,
  circumstances: Circumstances,
): readonly Effect[] {
  const { envelope } = delivery;
  const store = (state: State, result: Json, traceback: string | null = null) =>
    storing({ state, result, traceback }, delivery, circumstances);
  const storeError = (state: State, error: unknown) =>
    store(state, encodeException(error), tracebackOf(error));
  switch (outcome.kind) {
    case 'success':
      return store('SUCCESS', outcome.result);
    case 'failure':
      return storeError('FAILURE', outcome.error);
    case 'retry': {
      const again = { ...envelope, retries: envelope.retries + 1, eta: outcome.at, redelivered: false };
      const result = outcome.error === undefined ? store('RETRY', null) : storeError('RETRY', outcome.error);
      return [{ kind: 'resend', envelope: again }, ...result];
    }
    case 'rejected':
      if (outcome.error.requeue) {
        const again = { ...envelope, redelivered: true, eta: circumstances.now + requeueDelayMs };
        return [{ kind: 'resend', envelope: again }];
      }
      return [bury('rejected', outcome.error), ...storeError('FAILURE', outcome.error)];
    case 'refused':
      return [bury('refused', outcome.error), ...storeError('FAILURE', outcome.error)];
    case 'lost':
      return [bury('worker-lost', outcome.error), ...storeError('FAILURE', outcome.error)];
    case 'expired':
      return store('REVOKED', encodeException(new TaskRevokedError('expired')));
    case 'early':
      return [{ kind: 'resend', envelope }];
    case 'ignored':
    case 'settled':
      return [];
  }
}

function bury(reason: DeadLetterReason, error: Error): Effect {
  return { kind: 'bury', reason: error.name === 'NotRegistered' ? 'not-registered' : reason, error };
}

interface Ending {
  readonly state: State;
  readonly result: Json;
  readonly traceback: string | null;
}

function storing(
  ending: Ending,
  { envelope, queue }: Delivery,
  circumstances: Circumstances,
): readonly Effect[] {
  const { state } = ending;
  if (!isStored(state, envelope, circumstances.task)) return [];
  const isFinal = state !== 'RETRY';
  const { children, extended, now, worker } = circumstances;
  const meta: TaskMeta = {
    ...newMeta(envelope, queue.name),
    state,
    result: ending.result,
    traceback: ending.traceback,
    children,
    dateDone: isFinal ? new Date(now) : null,
    ...(extended ? { args: envelope.args, kwargs: envelope.kwargs, worker } : {}),
  };
  // Without a look at the row is right only where nothing better can be in it.
  return [{ kind: 'store', meta, overwrite: state === 'SUCCESS' && circumstances.isFirst }];
}

/** A row without an ending, for states along the way. */
export function newMeta({ id, task, parentId, group, retries }: Envelope, queue: string): TaskMeta {
  return { ...pendingMeta(id), parentId, groupId: group, name: task, queue, retries };
}

/** A call or a task may ask for no result; its errors are kept if the task says so. */
function isStored(state: State, envelope: Envelope, task: TaskDefinition | undefined): boolean {
  if (!envelope.ignoreResult && !task?.ignoreResult) return true;
  return state !== 'SUCCESS' && (task?.storeErrorsEvenIfIgnored ?? false);
}
