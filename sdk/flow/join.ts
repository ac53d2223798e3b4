import { isJsonObject, type Json, type JsonObject } from '../wire/json.ts';

/** What each member of a chord of ours carries: whom to tell, and what happens when all have told. */
export interface Join {
  readonly group: string;
  /** How many members there are; of an open join only its row will tell. */
  readonly size: number;
  /** The join of a header that is made while it is sent: its members are pages, and their number is not known yet. */
  readonly isOpen: boolean;
  /** The body is given every outcome, not only values. */
  readonly settle: boolean;
  /** What happens then: the body starts, or the whole counts as one part of a larger join. */
  readonly next: { readonly body: Json } | { readonly part: Join; readonly index: number };
}

/** The join of a chord with that body, as it travels in the place of Celery's chord. */
export function joinOf({
  group,
  size,
  body,
  settle,
}: {
  group: string;
  size: number;
  /** The signature, or a reference to it. */
  body: Json;
  settle: boolean;
}): Json {
  return writeJoin({ group, size, isOpen: false, settle, next: { body } });
}

export function writeJoin({ group, size, isOpen, settle, next }: Join): JsonObject {
  const whatNext = 'body' in next ? next : { part: writeJoin(next.part), index: next.index };
  const flags = { ...(isOpen ? { open: true } : {}), ...(settle ? { settle } : {}) };
  return { join: { group, size, ...flags, ...whatNext } };
}

/** It becomes part of keys. */
const maxGroupLength = 500;

/** Undefined: the chord is none of ours, but Celery's. */
export function readJoin(chord: Json): Join | undefined {
  const join = isJsonObject(chord) ? chord.join : undefined;
  if (!isJsonObject(join)) return undefined;
  const { group, size, open, settle, body = null, part = null, index } = join;
  if (typeof group !== 'string' || group.length > maxGroupLength || typeof size !== 'number')
    return undefined;
  const larger = readJoin(part);
  const next = larger && typeof index === 'number' ? { part: larger, index } : { body };
  return { group, size, isOpen: open === true, settle: settle === true, next };
}
