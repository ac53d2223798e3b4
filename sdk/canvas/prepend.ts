import { ArgumentsError } from '../errors/index.ts';
import type { TaskDefinition } from '../task/task-definition.ts';
import { isJsonObject, type Json, type JsonObject } from '../wire/json.ts';
import { kindOf, type SignatureJson } from '../wire/signature.ts';
import { encodeValue } from '../wire/values.ts';
import { type ProgramArguments, programArguments, rememberArguments } from './program-arguments.ts';
import { mapStarting } from './workflow-parts.ts';

/** What a call or a clone adds to the arguments of a signature. */
export interface Added {
  readonly args: readonly unknown[];
  readonly kwargs: Readonly<Record<string, unknown>>;
}

/** Puts arguments before those of every task that starts at once, as Celery does; an immutable one stays as it is. */
export function prepended(signature: SignatureJson, added: Added): SignatureJson {
  if (signature.immutable || (added.args.length === 0 && Object.keys(added.kwargs).length === 0)) {
    return signature;
  }
  if (kindOf(signature) !== 'task') return mapStarting(signature, (part) => prepended(part, added));
  const program = programArguments(signature.args);
  if (program) return { ...signature, ...writeArguments(joined(program, added)) };
  return {
    ...signature,
    args: [...encodeEach(added.args), ...signature.args],
    kwargs: { ...signature.kwargs, ...encodeKeyword(added.kwargs) },
  };
}

/** The arguments of a task as a signature has them. What they are in the program is kept beside. */
export function writeArguments(program: ProgramArguments): Pick<SignatureJson, 'args' | 'kwargs'> {
  const args = encodeEach(program.positional);
  return { args: rememberArguments(args, program), kwargs: encodeKeyword(program.keyword) };
}

/**
 * The parameters of a task's function: the keyword arguments, if it takes any, are the last of them.
 *
 * @throws ArgumentsError for more parameters than its schema has
 */
export function readParameters(task: TaskDefinition, given: readonly unknown[]): ProgramArguments {
  const [positional, keyword] =
    task.kwargs && given.length > 0 ? [given.slice(0, -1), given.at(-1)] : [given, {}];
  checkCount(task, positional.length);
  return { task, positional, keyword: objectOf(task, keyword) };
}

function joined({ task, positional, keyword }: ProgramArguments, { args, kwargs }: Added): ProgramArguments {
  const most = maxPositional(task) ?? 0;
  // Whoever gave no keyword arguments before gives them now, behind the parameters that they follow.
  const isKeywordAmong =
    task.kwargs &&
    Object.keys(keyword).length === 0 &&
    positional.length + args.length > most &&
    args.length > 0;
  const first = isKeywordAmong ? args.slice(0, -1) : args;
  const more = isKeywordAmong ? objectOf(task, args.at(-1)) : {};
  checkCount(task, first.length + positional.length);
  return { task, positional: [...first, ...positional], keyword: { ...keyword, ...more, ...kwargs } };
}

function checkCount(task: TaskDefinition, got: number): void {
  const most = maxPositional(task);
  if (most === undefined || got <= most) return;
  throw new ArgumentsError(`Task '${task.name}' takes at most ${most} positional arguments, got ${got}.`);
}

/** Only a schema tells how many there may be: from a function only the least number can be seen. */
function maxPositional({ args, kwargs }: TaskDefinition): number | undefined {
  if (!args) return kwargs ? 0 : undefined;
  const { items, rest = null } = args._zod.def as { items?: readonly unknown[]; rest?: unknown };
  return rest === null ? items?.length : undefined;
}

function objectOf(task: TaskDefinition, value: unknown): Readonly<Record<string, unknown>> {
  if (value === undefined) return {};
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw new ArgumentsError(
    `Task '${task.name}' takes keyword arguments: expected the last parameter to be an object, got ${typeof value}.`,
  );
}

/** Undefined at the end is what a caller left out; on the wire it would become null. */
function encodeEach(values: readonly unknown[]): readonly Json[] {
  const given = values.slice(0, values.findLastIndex((value) => value !== undefined) + 1);
  return given.map((value, i) => encodeValue(value, `args[${i}]`));
}

export function encodeKeyword(keyword: Readonly<Record<string, unknown>>): JsonObject {
  const json = encodeValue(keyword, 'kwargs');
  return isJsonObject(json) ? json : {};
}
