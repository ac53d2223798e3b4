import type { AppCore } from '../app/app-core.ts';
import { ArgumentsError, ConfigurationError } from '../errors/index.ts';
import type { JsonObject } from '../wire/json.ts';
import { kindOf, type SignatureJson } from '../wire/signature.ts';
import { completed } from './complete.ts';
import type { Added } from './prepend.ts';
import { type ReadOptions, readSignatureOptions, type SignatureOptions } from './signature-options.ts';

/** A call of a signature: the arguments that it missed, and options that hold for this call. */
export interface SignatureCall {
  readonly missing: readonly unknown[];
  readonly options: SignatureOptions;
  /** Run it here instead of sending it. */
  readonly eagerly?: boolean;
}

/** @throws ConfigurationError for an option that the signature cannot have; ArgumentsError */
export function readCall(json: SignatureJson, { missing, options }: SignatureCall): ReadOptions & Added {
  const read = readSignatureOptions(options, `A call of '${json.task}'`);
  if (kindOf(json) === 'group' && read.callbacks.length > 0) {
    throw new ConfigurationError('Cannot add link to a group: use a chord.');
  }
  if (kindOf(json) === 'group' && read.errbacks.length > 0) {
    throw new ConfigurationError(
      'Cannot add linkError to the call of a group: use group.linkError(...), which is for each member.',
    );
  }
  return { ...read, args: argumentsIn(missing) };
}

/** The options of a call under Celery's names, its callbacks complete. */
export async function wireOptions(
  { others, callbacks, errbacks }: ReadOptions,
  app: AppCore,
): Promise<JsonObject> {
  const complete = (links: readonly SignatureJson[]) =>
    Promise.all(links.map((link) => completed(link, app, 'follows')));
  return {
    ...others,
    ...(callbacks.length === 0 ? {} : { link: await complete(callbacks) }),
    ...(errbacks.length === 0 ? {} : { link_error: await complete(errbacks) }),
  };
}

export function belongsToNoApp({ task }: SignatureJson): ConfigurationError {
  return new ConfigurationError(
    `Expected this ${task} to have a part that an app made, by task.s() or app.signature(), got none: nobody knows where to send it.`,
  );
}

function argumentsIn(missing: unknown): readonly unknown[] {
  if (missing === undefined) return [];
  if (Array.isArray(missing)) return missing;
  throw new ArgumentsError(
    `Expected the missing arguments as an array, applyAsync([1, 2], options), got ${typeof missing}. delay(1, 2) takes them one by one.`,
  );
}
