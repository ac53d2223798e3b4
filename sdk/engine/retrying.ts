import { tracebackOf } from '../errors/describe-error.ts';
import { encodeException } from '../wire/exception.ts';
import type { Delivery } from './delivery.ts';
import type { Circumstances, Effect } from './effect.ts';
import { nestingOf } from './follow-up.ts';
import type { Outcome } from './outcome.ts';
import { nextAttempt } from './send-again.ts';
import { isStored, newMeta } from './storing.ts';

/** The next attempt, and the row that tells of it. */
export function retrying(
  { at, error, changes = {} }: Extract<Outcome, { kind: 'retry' }>,
  delivery: Delivery,
  circumstances: Circumstances,
): readonly Effect[] {
  const { envelope, queue } = delivery;
  const attempt = { retries: envelope.retries + 1, eta: at, redelivered: false };
  const again = { ...nextAttempt(delivery), ...attempt, ...changes };
  // Of several copies of a call one alone goes on, or each retry would double them.
  const resend: readonly Effect[] = [
    { kind: 'claim', name: `${envelope.id}-retry-${nestingOf(envelope)}-${envelope.retries}` },
    { kind: 'resend', envelope: again, at, ...(changes.queue !== undefined && { queue: changes.queue }) },
  ];
  if (!isStored('RETRY', envelope, circumstances.task)) return resend;
  const failure =
    error === undefined
      ? { result: null, traceback: null }
      : { result: encodeException(error), traceback: tracebackOf(error) };
  const { children } = circumstances;
  const meta = { ...newMeta(envelope, queue.name), ...failure, state: 'RETRY', children };
  return [...resend, { kind: 'store', meta, mode: 'unless-ready' }];
}
