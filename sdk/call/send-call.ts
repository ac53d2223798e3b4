import type { AppCore } from '../app/app-core.ts';
import { noteChild } from '../engine/current-task.ts';
import { refuseUnknown } from '../errors/refuse-unknown.ts';
import { AsyncResult } from '../result/async-result.ts';
import type { WireArguments } from '../task/arguments.ts';
import { type CallOptions, callOptionNames } from './call-options.ts';
import { dispatch } from './dispatch.ts';
import { newEnvelope } from './new-envelope.ts';
import { queueFor } from './queue-for.ts';
import { resultSource } from './result-source.ts';

/**
 * Sends a call of a task and returns the handle on its result. In eager mode a task that the app defines is run instead, also
 * when it is called by its name (unlike Celery's send_task): who asks for eager runs has no cloud.
 */
export async function sendCall(
  app: AppCore,
  task: string,
  { wire, options }: { wire: WireArguments; options: CallOptions },
): Promise<AsyncResult> {
  refuseUnknown(`A call of task '${task}'`, options, callOptionNames);
  const definition = app.definitions.get(task);
  const call = {
    task,
    wire,
    options,
    definition,
    queue: queueFor(app, task, { args: wire.args, queue: options.queue }),
  };
  if (app.settings.taskAlwaysEager && definition) {
    // Loaded when it is needed: a worker does without.
    const { callEagerly } = await import('../eager/call-eagerly.ts');
    return noted(await callEagerly(app, call));
  }
  const connection = await app.connection();
  const { clock, chance } = connection.cloud;
  const envelope = newEnvelope(call, { now: clock.now(), newId: chance.newId });
  const result = new AsyncResult(envelope.id, resultSource(app), { task, ignored: envelope.ignoreResult });
  const policy = options.retry === false ? false : options.retryPolicy;
  const hasOwnId = options.taskId !== undefined;
  await dispatch(
    envelope,
    { queue: call.queue, at: envelope.eta, hasOwnId, ...(policy !== undefined && { policy }) },
    connection,
  );
  return noted(result);
}

function noted(result: AsyncResult): AsyncResult {
  noteChild(result.asTuple());
  return result;
}
