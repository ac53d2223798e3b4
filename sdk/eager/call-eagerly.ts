import type { AppCore } from '../app/app-core.ts';
import { type Call, newEnvelope } from '../call/new-envelope.ts';
import { AsyncResult } from '../result/async-result.ts';
import { isPropagated } from '../result/states.ts';
import { pendingMeta } from '../wire/task-meta.ts';
import { sceneOf } from './eager-scene.ts';
import { eagerSource } from './eager-source.ts';
import { evaluateCall } from './evaluate-call.ts';
import { withRows } from './rows.ts';

/**
 * Runs a call of one task here and now, and returns the handle on its end.
 *
 * @throws the task's error with `taskEagerPropagates`
 */
export function callEagerly(app: AppCore, call: Call): Promise<AsyncResult> {
  return withRows(async (rows) => {
    const scene = sceneOf(app, rows);
    const envelope = newEnvelope(call, { now: scene.clock.now(), newId: scene.chance.newId });
    await evaluateCall({ envelope, queue: call.queue }, [], scene);
    const meta = rows.get(envelope.id) ?? pendingMeta(envelope.id);
    const result = new AsyncResult(envelope.id, eagerSource(app, rows), { task: call.task, meta });
    if (app.settings.taskEagerPropagates && isPropagated(meta.state)) await result.get();
    return result;
  });
}
