import type { AppCore } from '../app/app-core.ts';
import { callOptionNames } from '../call/call-options.ts';
import { queueFor } from '../call/queue-for.ts';
import { extended } from '../canvas/links.ts';
import { type Part, readPart } from '../canvas/part.ts';
import type { SignatureOptions } from '../canvas/signature-options.ts';
import { definedTask, namedTask } from '../canvas/task-signature.ts';
import { ArgumentsError, ConfigurationError } from '../errors/index.ts';
import { refuseUnknown } from '../errors/refuse-unknown.ts';
import { resultId, type SignatureJson } from '../wire/signature.ts';
import type { AnyTask, BeatTask } from './beat-entry.ts';

/** What an entry starts, in the words of whoever wrote it. */
export interface EntryCall {
  readonly task: BeatTask;
  readonly args?: readonly unknown[] | undefined;
  readonly kwargs?: object | undefined;
  readonly options?: SignatureOptions | undefined;
}

/** Beat itself says when each call is made, and which one it is. */
const optionNames: ReadonlySet<string> = new Set(
  [...callOptionNames].filter(
    (name) => !/^(countdown|eta|taskId|idempotency.*|throttle|debounce)$/.test(name),
  ),
);

/**
 * What an entry starts, as a part of a workflow is kept.
 *
 * @throws ConfigurationError, ArgumentsError or EncodeError where it cannot be started
 */
export function entryPart(app: AppCore, name: string, call: EntryCall): Part {
  const what = `Beat entry '${name}'`;
  const { task, args = [], kwargs, options = {} } = call;
  refuseUnknown(`${what}, options`, options, optionNames);
  if (!Array.isArray(args)) throw noArray(what, args);
  // The app must have the queue; without one, routes may go by arguments that are not there yet.
  const { queue } = options;
  if (queue !== undefined) queueFor(app, typeof task === 'string' ? task : name, { args, queue });
  if (isTask(task)) return definedTask(app, ownTask(app, what, task), given(what, { ...call, task }));
  if (typeof task === 'string')
    return namedTask(app, taskName(what, task), { given: args, options: { ...options, ...named(kwargs) } });
  if (args.length > 0 || kwargs !== undefined) throw hasItsArguments(what);
  const part = readPart(task, `the task of beat entry '${name}'`);
  refuseOnce(what, part.json);
  return { ...part, app, json: extended({ ...part, app }, { options }) };
}

function isTask(task: unknown): task is AnyTask {
  return typeof task === 'function' && 'definition' in task;
}

function ownTask(app: AppCore, what: string, { name, definition }: AnyTask) {
  if (app.definitions.get(name) === definition) return definition;
  throw new ConfigurationError(
    `${what}: expected a task of app '${app.name}', got '${name}' of another app. Give its name as text.`,
  );
}

/** Keyword arguments are the last parameter of a task that declares them. */
function given(what: string, { task, args = [], kwargs, options = {} }: EntryCall & { task: AnyTask }) {
  if (kwargs === undefined) return { given: args, options };
  if (task.definition.kwargs) return { given: [...args, kwargs], options };
  throw new ArgumentsError(
    `${what}: task '${task.name}' takes no keyword arguments. Declare them with the option 'kwargs', or give args only.`,
  );
}

function taskName(what: string, task: string): string {
  if (task !== '') return task;
  throw new ConfigurationError(`${what}: expected the name of a task, got ''.`);
}

function named(kwargs: object | undefined): Pick<SignatureOptions, 'kwargs'> {
  return kwargs === undefined ? {} : { kwargs: { ...kwargs } };
}

/** Every slot has an id and a time of its own. */
function refuseOnce(what: string, json: SignatureJson): void {
  const { eta } = json.options;
  if (resultId(json) === undefined && (eta === undefined || eta === null)) return;
  throw new ConfigurationError(
    `${what}: expected a signature without taskId and eta, since each of its runs has its own, got ${JSON.stringify(resultId(json) ?? eta)}.`,
  );
}

function noArray(what: string, args: unknown): ArgumentsError {
  return new ArgumentsError(`${what}: expected args to be an array such as [1, 2], got ${typeof args}.`);
}

function hasItsArguments(what: string): ConfigurationError {
  return new ConfigurationError(
    `${what}: expected no args and kwargs beside a signature, which has its own: task.s(1, 2).`,
  );
}
