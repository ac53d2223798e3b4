import type { CallOptions } from '../call/call-options.ts';
import type { SharingName } from '../call/sharing-options.ts';
import { writeCallOptions } from '../call/wire-options.ts';
import type { JsonObject } from '../wire/json.ts';
import type { SignatureJson } from '../wire/signature.ts';
import { readParts } from './part.ts';

/** What may be said where a signature is made, copied or started. */
export interface SignatureOptions extends Omit<CallOptions, SharingName> {
  /** Keyword arguments by their names on the wire, added to those that the signature has. In a workflow they are for what starts at once. */
  readonly kwargs?: Readonly<Record<string, unknown>>;
}

/** The same, taken apart: each goes to another place of a signature. */
export interface ReadOptions {
  readonly kwargs: Readonly<Record<string, unknown>>;
  readonly callbacks: readonly SignatureJson[];
  readonly errbacks: readonly SignatureJson[];
  /** The others under Celery's names. */
  readonly others: JsonObject;
}

/** @throws ConfigurationError for an unknown option, or a callback that is no signature */
export function readSignatureOptions(options: SignatureOptions, what: string): ReadOptions {
  const { kwargs = {}, link = [], linkError = [], ...others } = options;
  return {
    kwargs,
    callbacks: readParts(link, 'link').map(({ json }) => json),
    errbacks: readParts(linkError, 'linkError').map(({ json }) => json),
    others: writeCallOptions(others, what),
  };
}
