import { tracebackOf } from '../errors/describe-error.ts';
import { TaskRevokedError } from '../errors/index.ts';
import type { Ending } from '../flow/buckets.ts';
import { childTuple } from '../flow/result-tuple.ts';
import { isReady, type State } from '../result/states.ts';
import type { Envelope } from '../wire/envelope.ts';
import { encodeException } from '../wire/exception.ts';
import { type Json, listOf } from '../wire/json.ts';
import type { TaskMeta } from '../wire/task-meta.ts';
import { type Addition, additionOf, type Part, partOfAdded } from './addition.ts';
import type { Delivery } from './delivery.ts';
import { bury, type Circumstances, type Effect, type Failure } from './effect.ts';
import { nestingOf, replacementOf, type Start, startsAfter } from './follow-up.ts';
import type { Outcome } from './outcome.ts';
import { retrying } from './retrying.ts';
import { putOff, requeued, tooEarly } from './send-again.ts';
import { isStored, storing, workflowMark } from './storing.ts';

/** What must be done because of an outcome, in this order, before the message is acknowledged. */
export function effectsOf(
  outcome: Outcome,
  delivery: Delivery,
  circumstances: Circumstances,
): readonly Effect[] {
  const { envelope } = delivery;
  const fail = (state: State, error: unknown) =>
    failing(
      { state, result: encodeException(error), traceback: tracebackOf(error) },
      delivery,
      circumstances,
    );
  switch (outcome.kind) {
    case 'success':
      return succeeding(outcome.result, additionOf(envelope, circumstances.added), {
        delivery,
        circumstances,
      });
    case 'failure':
      return fail('FAILURE', outcome.error);
    case 'retry':
      return retrying(outcome, delivery, circumstances);
    case 'rejected':
      if (outcome.error.requeue) return requeued(delivery, circumstances.now);
      return [bury('rejected', outcome.error), ...fail('FAILURE', outcome.error)];
    case 'refused':
      return [bury('refused', outcome.error), ...fail('FAILURE', outcome.error)];
    case 'lost':
      return [bury('worker-lost', outcome.error), ...fail('FAILURE', outcome.error)];
    case 'expired':
    case 'revoked':
      return failing(revoked(outcome.reason), delivery, circumstances);
    case 'early':
      return tooEarly(delivery, outcome.at);
    case 'put-off':
      return putOff(outcome, delivery);
    case 'ignored':
      return [
        ...claiming(envelope, circumstances),
        ...abandoning(revoked('ignored'), circumstances, 'silent'),
        ...telling(partOf(envelope), 'silent'),
      ];
    case 'replaced':
      return [
        { kind: 'claim', name: `${envelope.id}-replaced-${nestingOf(envelope)}` },
        { kind: 'start', start: replacementOf(envelope, outcome.signature) },
      ];
    case 'settled':
      return settling(outcome.meta, delivery, circumstances);
  }
}

interface Scene {
  readonly delivery: Delivery;
  readonly circumstances: Circumstances;
}

/**
 * The row comes first: of several deliveries of a call that something follows, the one that has written it carries on, and
 * what follows is given the value that the row tells.
 */
function succeeding(
  value: Json,
  addition: Addition | undefined,
  { delivery, circumstances }: Scene,
): readonly Effect[] {
  const { envelope } = delivery;
  const starts = startsAfter(envelope, circumstances.chain, value);
  const children = [...circumstances.children, ...starts.map(({ signature }) => childTuple(signature))];
  const ending = {
    state: 'SUCCESS',
    result: value,
    traceback: null,
    children,
    added: addition?.reference ?? null,
  };
  const isFollowed = starts.length > 0 || addition !== undefined;
  const isTold = isStored('SUCCESS', envelope, circumstances.task) ? 'done' : 'silent';
  return [
    // Members that were added come before the row that tells of them: afterwards nobody would know what they were.
    ...starting(addition?.starts ?? []),
    ...storing(ending, delivery, { ...circumstances, isFollowed }),
    ...starting(starts),
    ...telling(addition?.part ?? partOf(envelope), isTold),
  ];
}

function failing(failure: Failure, delivery: Delivery, circumstances: Circumstances): readonly Effect[] {
  const { envelope } = delivery;
  const errbacks = listOf(envelope.embed.errbacks);
  const { chord } = envelope.embed;
  const abandoned = abandoning(failure, circumstances);
  const hasErrbacks = failure.state === 'FAILURE' && errbacks.length > 0;
  const isFollowed = abandoned.length > 0 || hasErrbacks || chord !== null;
  const ending = { ...failure, children: circumstances.children, added: null };
  return [
    ...storing(ending, delivery, { ...circumstances, isFollowed }),
    ...abandoned,
    ...(hasErrbacks ? [{ kind: 'errbacks', errbacks, id: envelope.id, failure } as const] : []),
    ...telling(partOf(envelope), 'failed'),
  ];
}

/**
 * An earlier delivery has ended the task. If it was one of this message, what follows may not all be done. If it was a copy of
 * this message, what follows is that one's business. And if it was another call under the same id, whatever follows this one
 * follows the end that is there.
 */
function settling(
  meta: TaskMeta | undefined,
  delivery: Delivery,
  circumstances: Circumstances,
): readonly Effect[] {
  if (!meta || !isReady(meta.state)) return [];
  const { envelope, messageId } = delivery;
  const mark = workflowMark(envelope);
  if (meta.message !== messageId && meta.workflow === mark) return [];
  const again = { ...circumstances, task: undefined, added: [] };
  // Nothing else of the row: what is abandoned has an id of its own.
  const { state, result, traceback } = meta;
  const all =
    meta.state === 'SUCCESS'
      ? succeeding(meta.result, additionIn(meta, envelope), { delivery, circumstances: again })
      : failing({ state, result, traceback }, delivery, again);
  const effects = all.filter(({ kind }) => kind !== 'store');
  // Telling a chord once more does no harm; anything else is for one message only.
  const isHarmless = effects.every(({ kind }) => kind === 'part');
  if (meta.message === messageId || isHarmless) return effects;
  return [{ kind: 'claim', name: `${envelope.id}-${mark}` }, ...effects];
}

function additionIn({ added }: TaskMeta, envelope: Envelope): Addition | undefined {
  const part = partOfAdded(envelope, added);
  return part && { starts: [], reference: added, part };
}

/** Where something is to end with a task that asked to be ignored, only one of its deliveries may say so. */
function claiming({ id }: Envelope, { chain }: Circumstances): readonly Effect[] {
  return chain.length === 0 ? [] : [{ kind: 'claim', name: `${id}-ended` }];
}

function starting(starts: readonly Start[]): readonly Effect[] {
  return starts.map((start) => ({ kind: 'start', start }));
}

function telling(part: Part | undefined, ending: Ending): readonly Effect[] {
  return part ? [{ kind: 'part', part, ending }] : [];
}

function partOf({ id, embed, group, groupIndex }: Envelope): Part | undefined {
  const { chord } = embed;
  return chord === null ? undefined : { id, chord, group, index: groupIndex ?? 0 };
}

function abandoning(
  failure: Failure,
  { chain }: Circumstances,
  ending: Ending = 'failed',
): readonly Effect[] {
  return chain.length === 0 ? [] : [{ kind: 'abandon', chain, failure, ending }];
}

/** The end of a call that was revoked. */
export function revoked(reason: string): Failure {
  return { state: 'REVOKED', result: encodeException(new TaskRevokedError(reason)), traceback: null };
}
