import type { Effect, Failure } from '../../../sdk/engine/effect.ts';
import { requestOf, type TaskRequest } from '../../../sdk/engine/request.ts';
import { limitsOf, underLimits } from '../../../sdk/engine/time-limits.ts';
import { ChordError, DecodeError } from '../../../sdk/errors/index.ts';
import { derivedIds } from '../../../sdk/flow/derived-ids.ts';
import { freeze } from '../../../sdk/flow/freeze.ts';
import { nowhere } from '../../../sdk/flow/place.ts';
import { resolveReferences } from '../../../sdk/flow/results-reference.ts';
import type { TaskDefinition } from '../../../sdk/task/task-definition.ts';
import { decodeException } from '../../../sdk/wire/exception.ts';
import { inheritedPriority } from '../../../sdk/wire/priority.ts';
import { readSignature, type SignatureJson } from '../../../sdk/wire/signature.ts';
import { decodeValue } from '../../../sdk/wire/values.ts';
import type { Scene } from '../scene.ts';

/** Calls the error callbacks of a call that has failed. */
export async function callErrbacks(
  { errbacks, id, failure }: Extract<Effect, { kind: 'errbacks' }>,
  scene: Scene,
): Promise<void> {
  for (const [i, json] of errbacks.entries()) {
    try {
      await callOne({ errback: readSignature(json, 'an error callback'), id, i }, failure, scene);
    } catch (error) {
      // One that cannot be understood keeps no other from being called.
      if (!(error instanceof DecodeError)) throw error;
      scene.log.error('an error callback cannot be called', { error });
    }
  }
}

async function callOne(
  { errback, id, i }: { errback: SignatureJson; id: string; i: number },
  failure: Failure,
  scene: Scene,
): Promise<void> {
  const task = scene.app.definitions.get(errback.task);
  if (task && takesError(task)) return callHere({ errback, task, id }, failure, scene);
  const signature = freeze(errback, derivedIds(`${id}:link_error:${i}`));
  const { envelope } = scene.delivery;
  const inherited = { rootId: envelope.rootId, parentId: id, priority: inheritedPriority(envelope) };
  const start = { signature, place: { ...nowhere, ...inherited, args: [id] } };
  return scene.act([{ kind: 'start', start }]);
}

/** As in Celery: a callback with more than one parameter, known here and not bound, takes the error itself. */
function takesError({ bind, run }: TaskDefinition): boolean {
  return !bind && run.length > 1;
}

/** It runs in this worker, with what failed, why, and where. Its own error is told and changes nothing. */
async function callHere(
  { errback, task, id }: { errback: SignatureJson; task: TaskDefinition; id: string },
  failure: Failure,
  scene: Scene,
): Promise<void> {
  const { delivery, connection, log } = scene;
  const request: TaskRequest = { ...(await requestOfFailed(scene)), id };
  const error = decodeException(failure.result, failure.traceback);
  const limits = limitsOf(task, delivery);
  try {
    const own = errback.args.map(decodeValue);
    const parameters = errback.immutable ? own : [request, error, failure.traceback, ...own];
    await underLimits(async () => task.run(...parameters), limits, connection.cloud);
  } catch (cause) {
    log.error('an error callback failed', { callback: task.name, error: cause });
  }
}

/** With the arguments that it ran with; with none if they are what it failed by. */
async function requestOfFailed({ delivery, connection }: Scene): Promise<TaskRequest> {
  const { envelope } = delivery;
  try {
    const args = await resolveReferences(envelope.args, connection.cloud);
    return requestOf({ ...delivery, envelope: { ...envelope, args } }, 'worker');
  } catch (error) {
    if (!(error instanceof ChordError || error instanceof DecodeError)) throw error;
    return requestOf({ ...delivery, envelope: { ...envelope, args: [], kwargs: {} } }, 'worker');
  }
}
