import type { AppCore } from '../../sdk/app/app-core.ts';
import type { TaskDefinition } from '../../sdk/task/task-definition.ts';
import type { JsonObject } from '../../sdk/wire/json.ts';
import { describeSchema } from './zod-schema.ts';

/** What messages of a task may hold, and what it returns: JSON Schema of what stands on the wire, dates and bytes already decoded. */
export interface TaskSnapshot {
  /** A list, whether the task has a schema or not. */
  readonly args: JsonObject;
  /** Absent: the task refuses keyword arguments. */
  readonly kwargs?: JsonObject;
  /** Absent: the task has no schema for it. */
  readonly result?: JsonObject;
}

/** The tasks of an app at one time, by name. */
export interface Snapshot {
  readonly version: typeof snapshotVersion;
  readonly app: string;
  readonly tasks: Readonly<Record<string, TaskSnapshot>>;
}

/** Of the file's form. */
export const snapshotVersion = 1;

/** Describes the app as its code stands now. */
export function takeSnapshot({ name, definitions }: Pick<AppCore, 'name' | 'definitions'>): Snapshot {
  const tasks = [...definitions.values()]
    .toSorted((one, other) => (one.name < other.name ? -1 : 1))
    .map((task) => [task.name, describeTask(task)] as const);
  return { version: snapshotVersion, app: name, tasks: Object.fromEntries(tasks) };
}

function describeTask(task: TaskDefinition): TaskSnapshot {
  const { args, kwargs, result } = task;
  return {
    args: args ? describeSchema(args) : unchecked(task),
    ...(kwargs && { kwargs: describeSchema(kwargs) }),
    ...(result && { result: describeSchema(result) }),
  };
}

/** Without a schema only the number of arguments is known, and beside keyword arguments there may be none: see `sdk/task/arguments.ts`. */
function unchecked({ run, bind, kwargs }: TaskDefinition): JsonObject {
  const parameters = Math.max(0, run.length - (bind ? 1 : 0));
  if (kwargs) return parameters > 1 ? { type: 'array' } : { maxItems: 0, type: 'array' };
  return { ...(parameters > 0 && { minItems: parameters }), type: 'array' };
}
