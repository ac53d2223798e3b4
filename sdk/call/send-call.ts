import type { AppCore } from '../app/app-core.ts';
import { noteChild } from '../engine/current-task.ts';
import { refuseUnknown } from '../errors/refuse-unknown.ts';
import { failing } from '../outbox/insist.ts';
import { AsyncResult } from '../result/async-result.ts';
import type { WireArguments } from '../task/arguments.ts';
import { type CallOptions, callOptionNames } from './call-options.ts';
import { dispatch } from './dispatch.ts';
import { withFairness } from './fairness.ts';
import { newEnvelope } from './new-envelope.ts';
import { queueFor } from './queue-for.ts';
import { resultSource } from './result-source.ts';
import { sendShared } from './send-shared.ts';
import { readSharing } from './sharing-options.ts';

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
  const sharing = readSharing(task, options, app.settings);
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
  const made = newEnvelope(call, { now: clock.now(), newId: chance.newId });
  const envelope = await withFairness(made, definition);
  const policy = options.retry === false ? (false as const) : options.retryPolicy;
  const way = { queue: call.queue, ...(policy !== undefined && { policy }) };
  const id = sharing
    ? await sendShared(sharing, { envelope, ...way }, connection).catch(failing(`Calling task '${task}'`))
    : envelope.id;
  if (!sharing) await dispatch(envelope, { ...way, at: envelope.eta }, connection);
  return noted(new AsyncResult(id, resultSource(app), { task, ignored: envelope.ignoreResult }));
}

function noted(result: AsyncResult): AsyncResult {
  noteChild(result.asTuple());
  return result;
}
