import type { AppCore } from '../app/app-core.ts';
import { ConfigurationError } from '../errors/index.ts';
import { kindOf, type SignatureJson } from '../wire/signature.ts';
import type { BeatCall, BeatTask, BeatTiming } from './beat-entry.ts';
import { type CheckedEntry, checkedEntry } from './checked-entry.ts';
import { type EntryCall, entryPart } from './entry-part.ts';

/** What is to be changed of an entry: another task with its arguments, or other arguments for the task that it has. */
export type BeatChanges<T = BeatTask> = Partial<BeatTiming> & (BeatCall<T> | OtherArguments);

/** As they travel, since nothing here tells their types. */
interface OtherArguments {
  readonly task?: undefined;
  readonly args?: readonly unknown[];
  readonly kwargs?: Readonly<Record<string, unknown>>;
}

/** What is kept of an entry where nothing else is said. */
export interface KeptEntry extends Required<Omit<BeatTiming, 'options'>> {
  readonly name: string;
  readonly signature: SignatureJson;
}

type Changes = Partial<BeatTiming> & Omit<EntryCall, 'task'> & { readonly task?: BeatTask | undefined };

/**
 * The entry with its changes.
 *
 * @throws ConfigurationError, ArgumentsError or EncodeError where it would not be as it must be
 */
export function changedEntry(app: AppCore, kept: KeptEntry, changes: Changes): CheckedEntry {
  const { name, schedule, timezone, missed, enabled } = kept;
  const timing = { schedule, timezone, missed, enabled };
  const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
  const { task } = changes;
  if (task !== undefined) return checkedEntry(app, name, { ...timing, ...given, task });
  const { args: _, kwargs: __, options: ___, ...others } = given;
  return checkedEntry(app, name, { ...timing, ...others, task: changedSignature(app, kept, changes) });
}

function changedSignature(app: AppCore, { name, signature }: KeptEntry, changes: Changes): SignatureJson {
  const { args, kwargs, options } = changes;
  if (args === undefined && kwargs === undefined && options === undefined) return signature;
  if (kindOf(signature) !== 'task') {
    throw new ConfigurationError(
      `Beat entry '${name}' starts a workflow: expected another one as task, got other ${args || kwargs ? 'arguments' : 'options'} for it.`,
    );
  }
  const call = {
    task: signature.task,
    args: args ?? signature.args,
    kwargs: kwargs ?? signature.kwargs,
    options,
  };
  const { json } = entryPart(app, name, call);
  return {
    ...signature,
    args: json.args,
    kwargs: json.kwargs,
    options: options === undefined ? signature.options : json.options,
  };
}
