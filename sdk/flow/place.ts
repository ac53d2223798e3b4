import type { Json, JsonObject } from '../wire/json.ts';
import type { SignatureJson } from '../wire/signature.ts';
import { placeOptions } from './normalise.ts';

/** Where a signature stands when it is started: what it is given, what follows it, and what it is a part of. */
export interface Place {
  /** Put before its own arguments: the result of the step before. */
  readonly args: readonly Json[];
  readonly kwargs: JsonObject;
  /** Options of the call, under Celery's names; they win over the signature's own. */
  readonly options: JsonObject;
  /** What follows, reversed as Celery has it: the next step is the last element. */
  readonly chain: readonly Json[];
  /** What waits for its end: a join of ours, or the body of a chord in Celery's form. */
  readonly chord: Json;
  readonly group: { readonly id: string; readonly index: number | null } | null;
  /** Null: its own id. */
  readonly rootId: string | null;
  readonly parentId: string | null;
  /** What tasks inherit that say nothing themselves; null: nothing. */
  readonly priority: number | null;
}

/** A place of its own: nothing before, nothing after. */
export const nowhere: Place = {
  args: [],
  kwargs: {},
  options: {},
  chain: [],
  chord: null,
  group: null,
  rootId: null,
  parentId: null,
  priority: null,
};

/** The place of a signature's own parts: what its options and arguments say is added to what it stands in. */
export function within(signature: SignatureJson, place: Place): Place {
  const { args, immutable, options } = signature;
  const { chain, chord, group_id, group_index } = options;
  const group =
    typeof group_id === 'string'
      ? { id: group_id, index: typeof group_index === 'number' ? group_index : null }
      : null;
  return {
    ...place,
    args: immutable ? args : [...place.args, ...args],
    kwargs: immutable ? {} : place.kwargs,
    chain: Array.isArray(chain) ? [...place.chain, ...chain] : place.chain,
    chord: place.chord ?? chord ?? null,
    group: place.group ?? group,
  };
}

/** How a place is written into the options of a signature that will be started later. */
export function asOptions({ chain, chord, group }: Place): Record<string, Json | undefined> {
  return {
    chain: chain.length === 0 ? undefined : chain,
    chord: chord ?? undefined,
    group_id: group?.id,
    group_index: group?.index ?? undefined,
  };
}

const notForParts: ReadonlySet<string> = new Set([
  ...placeOptions,
  'task_id',
  'root_id',
  'parent_id',
  'reply_to',
  'link',
  'link_error',
]);

/** The options of a frame that hold for the tasks in it, such as a queue. */
export function optionsForParts(signature: SignatureJson, place: Place): JsonObject {
  const own = Object.entries(signature.options).filter(([name]) => !notForParts.has(name));
  return { ...Object.fromEntries(own), ...place.options };
}
