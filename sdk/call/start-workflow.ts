import type { AppCore } from '../app/app-core.ts';
import { currentTask, noteChild } from '../engine/current-task.ts';
import { freeze } from '../flow/freeze.ts';
import { withCallbacks, withErrbacks } from '../flow/normalise.ts';
import { nowhere, type Place } from '../flow/place.ts';
import { plan } from '../flow/plan.ts';
import { childTuple } from '../flow/result-tuple.ts';
import { type Json, type JsonObject, listOf } from '../wire/json.ts';
import type { SignatureJson } from '../wire/signature.ts';
import { sendPlanned, worldOf } from './send-planned.ts';

/** What a call adds to a signature: arguments for its first step, and options under Celery's names. */
export interface WorkflowCall {
  readonly args?: readonly Json[];
  readonly kwargs?: JsonObject;
  readonly options?: JsonObject;
}

/** Starts a workflow and returns it with its ids, from which the handle on its result is made. */
export async function startWorkflow(
  app: AppCore,
  signature: SignatureJson,
  { args = [], kwargs = {}, options = {} }: WorkflowCall = {},
): Promise<SignatureJson> {
  const connection = await app.connection();
  const { clock, chance } = connection.cloud;
  const { frozen, others } = named(app, signature, { options, newId: chance.newId });
  const place = { ...placeOfCaller(), args, kwargs, options: others };
  await sendPlanned(app, connection, plan(frozen, place, worldOf(app, clock.now())));
  noteChild(childTuple(frozen));
  return frozen;
}

/** A signature with its ids and with the callbacks of its call, and the options that are left. */
export function named(
  app: AppCore,
  signature: SignatureJson,
  { options, newId }: { options: JsonObject; newId: () => string },
): { readonly frozen: SignatureJson; readonly others: JsonObject } {
  const { link, link_error, task_id, ...others } = options;
  const linked = withCallbacks(signature, listOf(link));
  const complete = withErrbacks(linked, listOf(link_error), app.settings.taskAllowErrorCbOnChordHeader);
  return { frozen: freeze(complete, newId, typeof task_id === 'string' ? task_id : undefined), others };
}

/** What a task starts belongs to the workflow that the task belongs to. */
export function placeOfCaller(): Place {
  const { rootId = null, id: parentId = null, priority = null } = currentTask() ?? {};
  return { ...nowhere, rootId, parentId, priority };
}
