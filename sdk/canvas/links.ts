import { endsInGroup, stepsOf, withCallbacks, withErrbacks } from '../flow/normalise.ts';
import { kindOf, type SignatureJson, tasksOf, withOptions } from '../wire/signature.ts';
import type { Part } from './part.ts';
import { prepended } from './prepend.ts';
import { readSignatureOptions, type SignatureOptions } from './signature-options.ts';
import { withResultId, withTasks } from './workflow-parts.ts';

/** The same with more arguments, options and callbacks. */
export function extended(
  part: Part,
  { args = [], options }: { args?: readonly unknown[]; options: SignatureOptions },
): SignatureJson {
  const { kwargs, callbacks, errbacks, others } = readSignatureOptions(
    options,
    `Signature of '${part.json.task}'`,
  );
  const { task_id, ...rest } = others;
  const json = withOptions(prepended(part.json, { args, kwargs }), rest);
  const named = typeof task_id === 'string' ? withResultId(json, task_id) : json;
  return withErrbacksOf(part, withCallbacks(named, callbacks), errbacks);
}

/** Puts error callbacks where the app wants those of a chord. */
export function withErrbacksOf(
  { app }: Part,
  json: SignatureJson,
  errbacks: readonly SignatureJson[],
): SignatureJson {
  return withErrbacks(withChords(json), errbacks, app?.settings.taskAllowErrorCbOnChordHeader);
}

/**
 * The same chain with its groups as the chords that they become when it runs: as in Celery, the body of one calls the error
 * callbacks, once, and not each member that fails.
 */
export function withChords(json: SignatureJson): SignatureJson {
  if (kindOf(json) !== 'chain' || !tasksOf(json).slice(0, -1).some(endsInGroup)) return json;
  // What the frame says of links goes to the steps, and would be said twice.
  return withOptions(withTasks(json, stepsOf(json)), { link: undefined, link_error: undefined });
}
