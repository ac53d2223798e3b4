import type { AppCore } from '../app/app-core.ts';
import { named, placeOfCaller, type WorkflowCall } from '../call/start-workflow.ts';
import { mapTasks, withBody, withHeader } from '../canvas/workflow-parts.ts';
import { noteChild } from '../engine/current-task.ts';
import { childTuple } from '../flow/result-tuple.ts';
import { leavesOf, type Result } from '../result/result.ts';
import { resultOf } from '../result/result-tree.ts';
import { isPropagated } from '../result/states.ts';
import {
  bodyOf,
  headerOf,
  kindOf,
  memberId,
  resultId,
  type SignatureJson,
  tasksOf,
  withOptions,
} from '../wire/signature.ts';
import { sceneOf } from './eager-scene.ts';
import { eagerSource } from './eager-source.ts';
import { type Rows, withRows } from './rows.ts';

/**
 * Runs a whole workflow here and now, and returns the handle on its end, of which everything is known.
 *
 * @throws the first error with `taskEagerPropagates`
 */
export function apply(
  app: AppCore,
  signature: SignatureJson,
  { args = [], kwargs = {}, options = {} }: WorkflowCall,
): Promise<Result> {
  return withRows(async (rows) => {
    const scene = sceneOf(app, rows);
    const { frozen, others } = named(app, signature, { options, newId: scene.chance.newId });
    const place = { ...placeOfCaller(), args, kwargs, options: others };
    await scene.evaluate({ signature: frozen, place }, undefined);
    noteChild(childTuple(frozen));
    const result = resultOf(withEnds(frozen, rows), eagerSource(app, rows));
    // Read at once: what a handle knows is given to whoever asks, also inside a task, which may not wait.
    const leaves = leavesOf([result]);
    const states = await Promise.all(leaves.map((leaf) => leaf.state()));
    if (app.settings.taskEagerPropagates) await leaves[states.findIndex(isPropagated)]?.get();
    return result;
  });
}

/** What has a row has a result, though its call may have wanted none; what has no row has none, and nobody need wait for it. */
function withEnds(signature: SignatureJson, rows: Rows, derivedId?: string): SignatureJson {
  switch (kindOf(signature)) {
    case 'chain':
      return mapTasks(signature, (step) => withEnds(step, rows));
    case 'group': {
      const groupId = resultId(signature) ?? '';
      return mapTasks(signature, (member, i) => withEnds(member, rows, memberId(groupId, i)));
    }
    case 'chord': {
      const header = withEnds(headerOf(signature), rows);
      return withBody(withHeader(signature, tasksOf(header)), withEnds(bodyOf(signature), rows));
    }
    default: {
      const hasEnd = rows.has(resultId(signature) ?? derivedId ?? '');
      return withOptions(signature, { ignore_result: hasEnd ? undefined : true });
    }
  }
}
