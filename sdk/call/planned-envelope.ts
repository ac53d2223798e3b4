import type { AppCore } from '../app/app-core.ts';
import type { QueueTopology } from '../app/topology.ts';
import type { PlannedCall } from '../flow/planned.ts';
import type { Envelope } from '../wire/envelope.ts';
import type { JsonObject } from '../wire/json.ts';
import { newEnvelope } from './new-envelope.ts';
import { queueFor } from './queue-for.ts';
import { readCallOptions } from './wire-options.ts';

/** A planned call in its envelope, and the queue that it goes to. */
export interface Addressed {
  readonly envelope: Envelope;
  readonly queue: QueueTopology;
}

/** @throws ConfigurationError if an option is not as it must be, or its queue is none of the app's. */
export function addressed(app: AppCore, planned: PlannedCall, now: number): Addressed {
  const { task, id, args, kwargs, options: wireOptions, embed, group, rootId, parentId } = planned;
  const options = readCallOptions(wireOptions);
  const queue = queueFor(app, task, { args, queue: options.queue });
  const definition = app.definitions.get(task);
  const call = { task, wire: { args, kwargs }, options: { ...options, taskId: id }, queue, definition };
  const envelope = newEnvelope(call, { now, newId: () => id, inherited: planned.priority });
  return {
    queue,
    envelope: {
      ...envelope,
      embed,
      rootId: rootId ?? id,
      parentId,
      group: group?.id ?? null,
      groupIndex: group?.index ?? null,
      headers: { ...envelope.headers, ...stampHeaders(wireOptions), ...nestingHeader(wireOptions) },
    },
  };
}

/** Stamps stand among the options of a signature and among the headers of a message, under the names that a list tells. */
function stampHeaders(options: JsonObject): JsonObject {
  const { stamped_headers } = options;
  if (!Array.isArray(stamped_headers)) return {};
  const names = stamped_headers.filter((name) => typeof name === 'string');
  return {
    stamped_headers: names,
    stamps: Object.fromEntries(names.map((name) => [name, options[name] ?? null])),
  };
}

/** How often the call stands in for one that has replaced itself. */
function nestingHeader({ replaced_task_nesting }: JsonObject): JsonObject {
  return typeof replaced_task_nesting === 'number' ? { replaced_task_nesting } : {};
}
