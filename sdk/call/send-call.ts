import type { AppCore } from '../app/app-core.ts';
import { queueOf } from '../app/routes.ts';
import type { QueueTopology } from '../app/topology.ts';
import { currentTask } from '../engine/current-task.ts';
import { runEagerly } from '../engine/run-eagerly.ts';
import { ConfigurationError } from '../errors/index.ts';
import { refuseUnknown } from '../errors/refuse-unknown.ts';
import { systemChance } from '../ports/chance.ts';
import { systemClock } from '../ports/clock.ts';
import { AsyncResult } from '../result/async-result.ts';
import { isPropagated } from '../result/states.ts';
import type { WireArguments } from '../task/arguments.ts';
import type { TaskDefinition } from '../task/task-definition.ts';
import { type CallOptions, callOptionNames } from './call-options.ts';
import { type Call, newEnvelope } from './new-envelope.ts';
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
  const call = { task, wire, options, definition, queue: queueFor(app, task, { wire, options }) };
  if (app.settings.taskAlwaysEager && definition) return noteChild(await callEagerly(app, definition, call));
  const { cloud, sends } = await app.connection();
  const now = cloud.clock.now();
  const envelope = newEnvelope(call, { now, newId: cloud.chance.newId });
  const result = new AsyncResult(envelope.id, resultSource(app), { task, ignored: envelope.ignoreResult });
  await sends.send(
    call.queue.queueName,
    toMessage(envelope, call.queue, now),
    options.retry === false ? false : options.retryPolicy,
  );
  return noteChild(result);
}

/** More children than this are not listed: a row has room for 400 KB. */
const maxChildren = 1_000;

/** What a task starts is its child. */
function noteChild(result: AsyncResult): AsyncResult {
  const children = currentTask()?.children;
  if (children && children.length < maxChildren) children.push(result.asTuple());
  return result;
}

/** The call's queue, then the task's, then the routes', then the default one. */
function queueFor(
  app: AppCore,
  task: string,
  { wire, options }: { wire: WireArguments; options: CallOptions },
): QueueTopology {
  const { queues, route, defaultQueue } = app.settings;
  const name =
    options.queue ?? app.definitions.get(task)?.queue ?? queueOf(route(task, wire.args)) ?? defaultQueue;
  const queue = queues.get(name);
  if (queue) return queue;
  throw new ConfigurationError(
    `Task '${task}' goes to queue '${name}', which app '${app.name}' does not have. Its queues: ${[...queues.keys()].join(', ')}. Add it to the option 'queues'.`,
  );
}

async function callEagerly(app: AppCore, definition: TaskDefinition, call: Call): Promise<AsyncResult> {
  const environment = { clock: systemClock, chance: systemChance };
  const envelope = newEnvelope(call, { now: systemClock.now(), newId: systemChance.newId });
  const meta = await runEagerly(definition, { envelope, queue: call.queue }, environment);
  const result = new AsyncResult(envelope.id, resultSource(app), { task: call.task, meta });
  if (app.settings.taskEagerPropagates && isPropagated(meta.state)) await result.get();
  return result;
}
