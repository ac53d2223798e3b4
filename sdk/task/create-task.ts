import type { AppCore } from '../app/app-core.ts';
import { refuseFifo } from '../app/refuse-fifo.ts';
import type { CallOptions } from '../call/call-options.ts';
import { sendCall } from '../call/send-call.ts';
import { chunksOf, mapOf, starmapOf } from '../canvas/map.ts';
import { Signature } from '../canvas/signature.ts';
import { start } from '../canvas/start.ts';
import { definedTask } from '../canvas/task-signature.ts';
import { directContext } from '../engine/direct-call.ts';
import { ArgumentsError, ConfigurationError } from '../errors/index.ts';
import type { AsyncResult } from '../result/async-result.ts';
import { encodeArguments } from './arguments.ts';
import type { Task } from './task.ts';
import type { TaskDefinition } from './task-definition.ts';

/** Makes the thing that a program holds in its hands: the function, with ways to call it elsewhere and later. */
export function createTask(app: AppCore, definition: TaskDefinition): Task<readonly unknown[], unknown> {
  const { name, run, bind } = definition;
  const queue = queueOfDirectCalls(app, definition);
  const applyAsync = async (
    parameters: readonly unknown[],
    options: CallOptions = {},
  ): Promise<AsyncResult> => {
    if (!Array.isArray(parameters)) throw noArray(parameters);
    if (options.link !== undefined || options.linkError !== undefined) {
      // A single task that others follow is a workflow; its handle is that of the task.
      return start(definedTask(app, definition, { given: parameters }), {
        missing: [],
        options,
      }) as Promise<AsyncResult>;
    }
    return sendCall(app, name, { wire: await encodeArguments(definition, parameters), options });
  };
  const call = (...parameters: readonly unknown[]) =>
    bind ? run(directContext(name, queue), ...parameters) : run(...parameters);
  const task = Object.assign(call, {
    definition,
    applyAsync,
    delay: (...parameters: readonly unknown[]) => applyAsync(parameters),
    ...signaturesOf(app, definition),
  });
  // A function's own name cannot be assigned, only defined.
  return Object.defineProperty(task, 'name', { value: name });
}

type Signatures = Pick<
  Task<readonly unknown[], unknown>,
  's' | 'si' | 'signature' | 'map' | 'starmap' | 'chunks'
>;

function signaturesOf(app: AppCore, definition: TaskDefinition): Signatures {
  return {
    s: (...given) => new Signature(definedTask(app, definition, { given })),
    si: (...given) => new Signature(definedTask(app, definition, { given, immutable: true })),
    signature(given, options = {}) {
      if (!Array.isArray(given)) throw noArray(given);
      return new Signature(definedTask(app, definition, { given, options }));
    },
    map: (items) => new Signature(mapOf(app, definition, items)),
    starmap: (tuples) => new Signature(starmapOf(app, definition, tuples)),
    chunks: (tuples, size) => new Signature(chunksOf(app, definition, { tuples, size })),
  };
}

function noArray(parameters: unknown): ArgumentsError {
  return new ArgumentsError(
    `Expected the arguments as an array, applyAsync([1, 2], options), got ${typeof parameters}. delay(1, 2) takes them one by one.`,
  );
}

function queueOfDirectCalls({ settings, name }: AppCore, definition: TaskDefinition) {
  const wanted = definition.queue ?? settings.defaultQueue;
  const queue = settings.queues.get(wanted);
  if (queue) return queue;
  refuseFifo(`the queue of task '${definition.name}'`, wanted);
  throw new ConfigurationError(
    `Task '${definition.name}' names queue '${wanted}', which app '${name}' does not have. Its queues: ${[...settings.queues.keys()].join(', ')}.`,
  );
}
