import type { AppCore } from '../app/app-core.ts';
import type { AsyncResult } from '../result/async-result.ts';
import type { TaskDefinition } from '../task/task-definition.ts';
import { taskSignature } from '../wire/signature.ts';
import { extended } from './links.ts';
import type { Part } from './part.ts';
import { readParameters, writeArguments } from './prepend.ts';
import type { Signature } from './signature.ts';
import type { SignatureOptions } from './signature-options.ts';
import type { FirstOf } from './types/missing.ts';

/** A signature of one task. */
export type TaskSignature<
  In extends readonly unknown[] = readonly unknown[],
  Out = unknown,
  Takes = FirstOf<In>,
> = Signature<In, Out, Takes, AsyncResult<Out>, 'task'>;

/** A task that the app defines, with its last parameters. */
export function definedTask(
  app: AppCore,
  task: TaskDefinition,
  { given, immutable = false, options = {} }: GivenArguments,
): Part {
  const json = taskSignature(task.name, { ...writeArguments(readParameters(task, given)), immutable });
  const part = { app, json, isLone: false };
  return { ...part, json: extended(part, { options }) };
}

/** A task that is known by its name, with arguments as they travel. */
export function namedTask(app: AppCore, name: string, { given, options = {} }: GivenArguments): Part {
  const part = { app, json: taskSignature(name, {}), isLone: false };
  return { ...part, json: extended(part, { args: given, options }) };
}

interface GivenArguments {
  readonly given: readonly unknown[];
  readonly immutable?: boolean;
  readonly options?: SignatureOptions;
}
