import type { Delivery } from '../engine/delivery.ts';
import type { Effect, Failure } from '../engine/effect.ts';
import { requestOf } from '../engine/request.ts';
import { limitsOf, underLimits } from '../engine/time-limits.ts';
import { derivedIds } from '../flow/derived-ids.ts';
import { freeze } from '../flow/freeze.ts';
import { nowhere } from '../flow/place.ts';
import type { TaskDefinition } from '../task/task-definition.ts';
import { decodeException } from '../wire/exception.ts';
import { inheritedPriority } from '../wire/priority.ts';
import { readSignatures, type SignatureJson } from '../wire/signature.ts';
import { decodeValue } from '../wire/values.ts';
import type { Scene } from './scene.ts';

/** Calls the error callbacks of a call that has failed, as the worker does. The delivery is the one that failed. */
export async function callErrbacks(
  { errbacks, id, failure }: Omit<Extract<Effect, { kind: 'errbacks' }>, 'kind'>,
  delivery: Delivery,
  scene: Scene,
): Promise<void> {
  for (const [i, errback] of readSignatures(errbacks, 'an error callback').entries()) {
    const task = scene.app.definitions.get(errback.task);
    if (task && takesError(task)) await callHere({ errback, task, id, failure }, delivery, scene);
    else {
      const signature = freeze(errback, derivedIds(`${id}:link_error:${i}`));
      const { envelope } = delivery;
      const inherited = { rootId: envelope.rootId, parentId: id, priority: inheritedPriority(envelope) };
      const place = { ...nowhere, ...inherited, args: [id] };
      await scene.evaluate({ signature, place }, delivery);
    }
  }
}

/** As in Celery: a callback with more than one parameter, known here and not bound, takes the error itself. */
function takesError({ bind, run }: TaskDefinition): boolean {
  return !bind && run.length > 1;
}

interface Errback {
  readonly errback: SignatureJson;
  readonly task: TaskDefinition;
  /** Of the call that failed. */
  readonly id: string;
  readonly failure: Failure;
}

async function callHere(
  { errback, task, id, failure }: Errback,
  delivery: Delivery,
  { clock }: Scene,
): Promise<void> {
  const request = { ...requestOf(delivery, 'eager'), id };
  const error = decodeException(failure.result, failure.traceback);
  const own = errback.args.map(decodeValue);
  const parameters = errback.immutable ? own : [request, error, failure.traceback, ...own];
  try {
    await underLimits(async () => task.run(...parameters), limitsOf(task, delivery), { clock });
  } catch {
    // A worker tells it to its log and goes on; an eager run has no log.
  }
}
