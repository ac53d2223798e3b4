import type { AppCore } from '../app/app-core.ts';
import { resultSource } from '../call/result-source.ts';
import { sendCall } from '../call/send-call.ts';
import { startWorkflow } from '../call/start-workflow.ts';
import { readCallOptions } from '../call/wire-options.ts';
import { freeze } from '../flow/freeze.ts';
import { membersOf, stepsOf } from '../flow/normalise.ts';
import { systemChance } from '../ports/chance.ts';
import { isGroup, type Result } from '../result/result.ts';
import type { ResultSource } from '../result/result-source.ts';
import { resultOf } from '../result/result-tree.ts';
import type { JsonObject } from '../wire/json.ts';
import { kindOf, type SignatureJson, withOptions } from '../wire/signature.ts';
import { applyEagerly } from './apply-eagerly.ts';
import { completed } from './complete.ts';
import { withChords } from './links.ts';
import type { Part } from './part.ts';
import { prepended } from './prepend.ts';
import { belongsToNoApp, readCall, type SignatureCall, wireOptions } from './signature-call.ts';

/** Starts a signature and returns the handle on its result; null for a chain without steps, as in Celery. */
export async function start(part: Part, given: SignatureCall): Promise<Result | null> {
  const { json, app } = part;
  const call = readCall(json, given);
  if (kindOf(json) === 'chain' && stepsOf(json).length === 0) return null;
  if (kindOf(json) === 'group' && membersOf(json).length === 0) return resultOfNothing(part, call.others);
  if (!app) throw belongsToNoApp(json);
  const ready = call.errbacks.length === 0 ? json : withChords(json);
  const complete = await completed(prepended(ready, call), app);
  const options = await wireOptions(call, app);
  return only(part, await (given.eagerly ? applyEagerly : send)(app, complete, { options }));
}

async function send(
  app: AppCore,
  signature: SignatureJson,
  { options }: { options: JsonObject },
): Promise<Result> {
  const call = withOptions(signature, options);
  const isEager = app.settings.taskAlwaysEager;
  if (isPlainCall(call) && !(isEager && isBuiltIn(call))) {
    const { task, args, kwargs } = call;
    return sendCall(app, task, { wire: { args, kwargs }, options: readCallOptions(call.options) });
  }
  if (isEager) return applyEagerly(app, signature, { options });
  return resultOf(await startWorkflow(app, signature, { options }), resultSource(app));
}

/** What a call of a single task cannot say. */
const workflowOptions: ReadonlySet<string> = new Set([
  ...['chain', 'chord', 'group_id', 'group_index', 'link', 'link_error'],
  ...['parent_id', 'reply_to', 'root_id', 'stamped_headers'],
]);

/** A task that nothing follows is called as `task.applyAsync` calls it. */
function isPlainCall(signature: SignatureJson): boolean {
  const { task, options } = signature;
  if (kindOf(signature) !== 'task' || task === 'celery.chunks') return false;
  return Object.keys(options).every((name) => !workflowOptions.has(name));
}

/** A task that no app defines, since every worker has it. */
function isBuiltIn({ task }: SignatureJson): boolean {
  return task.startsWith('celery.');
}

/** A group without members has its results already, and needs no cloud for them. */
function resultOfNothing({ app, json }: Part, options: JsonObject): Result {
  const source = app ? resultSource(app) : nowhere(json);
  return resultOf(freeze(withOptions(json, options), systemChance.newId), source);
}

function nowhere(json: SignatureJson): ResultSource {
  const refuse = () => {
    throw belongsToNoApp(json);
  };
  return {
    connect: async () => refuse(),
    resultExpiresMs: 0,
    taskNamed: () => undefined,
    fromTuple: refuse,
    revoke: async () => undefined,
  };
}

/** As in Celery, a group whose only member ends in a group gives the results of that one. */
function only({ isLone }: Part, result: Result): Result {
  if (!isLone || !isGroup(result)) return result;
  const [member] = result.results;
  return member && isGroup(member) ? member : result;
}
