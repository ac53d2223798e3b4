import { ConfigurationError } from '../../errors/index.ts';
import type { JsonObject } from '../../wire/json.ts';
import { described } from '../part.ts';
import type { UntypedSignature } from '../signature.ts';

/** Stamps by name. A list of names under `stamped_headers` says which of them are stamps; without it all are. */
export type StampHeaders = Readonly<Record<string, unknown>>;

/** Asked for the stamps of one signature; it is told those that come from above. */
export type StampHook = (signature: UntypedSignature, headers: JsonObject) => StampHeaders | undefined;

/**
 * Stamps each part of a workflow by what it is. What the start of a chain, a group or a header gives holds for everything inside.
 *
 * Mirrors {@link https://docs.celeryq.dev/en/stable/userguide/canvas.html#stamping Celery's StampingVisitor}.
 */
export interface StampingVisitor {
  readonly onSignature?: StampHook;
  readonly onChainStart?: StampHook;
  readonly onChainEnd?: (chain: UntypedSignature, headers: JsonObject) => void;
  readonly onGroupStart?: StampHook;
  readonly onGroupEnd?: (group: UntypedSignature, headers: JsonObject) => void;
  /** Asked with the chord. @default `onGroupStart`, asked with its header */
  readonly onChordHeaderStart?: StampHook;
  /** @default `onGroupEnd`, with the header */
  readonly onChordHeaderEnd?: (chord: UntypedSignature, headers: JsonObject) => void;
  /** Asked with the chord; it is told what its header got, which holds for the body too. */
  readonly onChordBody?: StampHook;
  readonly onCallback?: StampHook;
  readonly onErrback?: StampHook;
}

const hooks = [
  'onSignature',
  'onChainStart',
  'onChainEnd',
  'onGroupStart',
  'onGroupEnd',
  'onChordHeaderStart',
  'onChordHeaderEnd',
  'onChordBody',
  'onCallback',
  'onErrback',
] as const satisfies readonly (keyof StampingVisitor)[];

/** Tells a visitor from stamps, of which none is a function. */
export function readStamping(
  given: StampingVisitor | StampHeaders,
  headers: StampHeaders,
): { visitor: StampingVisitor; headers: StampHeaders } {
  if (typeof given !== 'object' || given === null) {
    throw new ConfigurationError(`Expected stamps { name: value } or a visitor, got ${described(given)}.`);
  }
  const isVisitor = hooks.some((hook) => hook in given && typeof given[hook] === 'function');
  return isVisitor ? { visitor: given, headers } : { visitor: {}, headers: { ...given, ...headers } };
}
