import type { AppCore } from '../app/app-core.ts';
import { noteChild } from '../engine/current-task.ts';
import { runEagerly } from '../engine/run-eagerly.ts';
import { refuseUnknown } from '../errors/refuse-unknown.ts';
import { systemChance } from '../ports/chance.ts';
import { systemClock } from '../ports/clock.ts';
import { AsyncResult } from '../result/async-result.ts';
import { isPropagated } from '../result/states.ts';
import type { WireArguments } from '../task/arguments.ts';
import type { TaskDefinition } from '../task/task-definition.ts';
import { type CallOptions, callOptionNames } from './call-options.ts';
import { type Call, newEnvelope } from './new-envelope.ts';
import { queueFor } from './queue-for.ts';
import { resultSource } from './result-source.ts';
import { toMessage } from './to-message.ts';

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
  if (app.settings.taskAlwaysEager && definition) return noted(await callEagerly(app, definition, call));
  const { cloud, sends } = await app.connection();
  const now = cloud.clock.now();
  const envelope = newEnvelope(call, { now, newId: cloud.chance.newId });
  const result = new AsyncResult(envelope.id, resultSource(app), { task, ignored: envelope.ignoreResult });
  await sends.send(
    call.queue.queueName,
    toMessage(envelope, call.queue, now),
    options.retry === false ? false : options.retryPolicy,
  );
  return noted(result);
}

function noted(result: AsyncResult): AsyncResult {
  noteChild(result.asTuple());
  return result;
}

async function callEagerly(app: AppCore, definition: TaskDefinition, call: Call): Promise<AsyncResult> {
  const environment = { clock: systemClock, chance: systemChance };
  const envelope = newEnvelope(call, { now: systemClock.now(), newId: systemChance.newId });
  const meta = await runEagerly(definition, { envelope, queue: call.queue }, environment);
  const result = new AsyncResult(envelope.id, resultSource(app), { task: call.task, meta });
  if (app.settings.taskEagerPropagates && isPropagated(meta.state)) await result.get();
  return result;
}
