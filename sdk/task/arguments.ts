import { ArgumentsError } from '../errors/index.ts';
import { isJsonObject, type Json, type JsonObject } from '../wire/json.ts';
import { decodeValue, encodeValue } from '../wire/values.ts';
import { decodeBySchema, encodeBySchema } from './schema.ts';
import type { TaskDefinition } from './task-definition.ts';

/** Arguments as they travel. */
export interface WireArguments {
  readonly args: readonly Json[];
  readonly kwargs: JsonObject;
}

/**
 * Turns a function's parameters into what travels. If the task takes keyword arguments, the last parameter holds them.
 *
 * @throws ArgumentsError when they are not what the task takes; EncodeError when JSON cannot hold them.
 */
export async function encodeArguments(
  task: TaskDefinition,
  parameters: readonly unknown[],
): Promise<WireArguments> {
  const positional = task.kwargs ? parameters.slice(0, -1) : parameters;
  const keyword = task.kwargs ? (parameters.at(-1) ?? {}) : {};
  checkCount(task, parameters.length);
  const what = `Arguments of task '${task.name}'`;
  const args = task.args ? await encodeBySchema(task.args, [...positional], what) : positional;
  const kwargs = task.kwargs
    ? await encodeBySchema(task.kwargs, keyword, `Keyword a${what.slice(1)}`)
    : keyword;
  return {
    args: arrayOf(encodeValue(withoutTail(args), 'args')),
    kwargs: objectOf(encodeValue(kwargs, 'kwargs')),
  };
}

/**
 * The other way: what has travelled becomes the function's parameters again.
 *
 * @throws ArgumentsError when it is not what the task takes.
 */
export async function decodeArguments(
  task: TaskDefinition,
  wire: WireArguments,
): Promise<readonly unknown[]> {
  const what = `Arguments of task '${task.name}'`;
  const args = decodeValue(wire.args);
  const kwargs = decodeValue(wire.kwargs);
  const positional = task.args ? await decodeBySchema(task.args, args, what) : args;
  // decodeValue keeps arrays arrays, and so do the schemas that `args` accepts.
  const parameters = [...(positional as readonly unknown[])];
  if (task.kwargs && !task.args) refusePositional(task, parameters);
  if (task.kwargs) {
    parameters.length = Math.max(parameters.length, positionalCount(task));
    parameters.push(await decodeBySchema(task.kwargs, kwargs, `Keyword a${what.slice(1)}`));
  } else refuseKeywords(task, wire.kwargs);
  checkCount(task, parameters.length);
  return parameters;
}

/** Undefined at the end is what a caller left out; on the wire it would become null. */
function withoutTail(args: unknown): unknown {
  if (!Array.isArray(args)) return args;
  return args.slice(0, args.findLastIndex((arg) => arg !== undefined) + 1);
}

/** How many positional parameters stand before the keyword arguments, those that were left out included. */
function positionalCount({ args, run, bind }: TaskDefinition): number {
  const { items } = (args?._zod.def ?? {}) as { items?: readonly unknown[] };
  return items?.length ?? run.length - (bind ? 1 : 0) - 1;
}

/** Parameters without a default are required; how many more a function takes cannot be seen from outside. */
function checkCount(task: TaskDefinition, got: number): void {
  const required = task.run.length - (task.bind ? 1 : 0);
  if (task.args || got >= required) return;
  const unbound =
    !task.bind && got === required - 1
      ? ' If its first parameter is the running task, it needs bind: true.'
      : '';
  const advice = `${unbound} A parameter that may be left out needs a default, such as depth = 1 or depth = undefined: depth? cannot be seen at run time.`;
  throw new ArgumentsError(`Task '${task.name}' takes at least ${required} arguments, got ${got}.${advice}`);
}

/** Without a schema nobody knows which of a function's parameters they would be. */
function refusePositional({ name, run, bind }: TaskDefinition, given: readonly unknown[]): void {
  if (given.length === 0 || run.length - (bind ? 1 : 0) > 1) return;
  throw new ArgumentsError(
    `Task '${name}' takes keyword arguments only, got ${given.length} positional. Declare those with the option 'args'.`,
  );
}

function refuseKeywords(task: TaskDefinition, kwargs: JsonObject): void {
  const names = Object.keys(kwargs);
  if (names.length === 0) return;
  throw new ArgumentsError(
    `Task '${task.name}' takes no keyword arguments, got ${names.join(', ')}. Declare them with the option 'kwargs'.`,
  );
}

function arrayOf(json: Json): readonly Json[] {
  if (Array.isArray(json)) return json;
  throw new ArgumentsError(`Expected the arguments to be an array, got ${JSON.stringify(json)}.`);
}

function objectOf(json: Json): JsonObject {
  if (isJsonObject(json)) return json;
  throw new ArgumentsError(`Expected the keyword arguments to be an object, got ${JSON.stringify(json)}.`);
}
