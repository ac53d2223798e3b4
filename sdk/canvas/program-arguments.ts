import type { TaskDefinition } from '../task/task-definition.ts';
import type { Json } from '../wire/json.ts';

/**
 * Arguments of a task as the program gave them, keyword arguments apart. A schema turns them into what travels, which may need to
 * wait, so this is done when the signature is started; its JSON holds them as they are until then.
 */
export interface ProgramArguments {
  readonly task: TaskDefinition;
  readonly positional: readonly unknown[];
  readonly keyword: Readonly<Record<string, unknown>>;
}

/** What a map or a starmap runs over, as the program gave it. */
export interface ProgramItems {
  readonly task: TaskDefinition;
  /** The arguments of each run. */
  readonly runs: readonly (readonly unknown[])[];
}

// Kept beside the lists of their JSON form, since those stay the same objects through every change of options, links and ids.
const argumentsOf = new WeakMap<readonly Json[], ProgramArguments>();
const itemsOf = new WeakMap<readonly Json[], ProgramItems>();

export function rememberArguments(args: readonly Json[], program: ProgramArguments): readonly Json[] {
  argumentsOf.set(args, program);
  return args;
}

/** Undefined for a signature that came as JSON, whose arguments are in the form that travels. */
export function programArguments(args: readonly Json[]): ProgramArguments | undefined {
  return argumentsOf.get(args);
}

export function rememberItems(items: readonly Json[], program: ProgramItems): readonly Json[] {
  itemsOf.set(items, program);
  return items;
}

export function programItems(items: Json | undefined): ProgramItems | undefined {
  return Array.isArray(items) ? itemsOf.get(items) : undefined;
}
