import { isJsonObject, type Json, parseJson, writeJson } from '../wire/json.ts';

/** What was revoked: one call, the members of a group, or calls that were made up to an instant (epoch milliseconds). */
export type Subject =
  | { readonly id: string }
  | { readonly group: string }
  | { readonly task: string; readonly before: number }
  /** A stamp, or a header of the caller's own, of that value. */
  | { readonly header: string; readonly value: Json; readonly before: number };

/** One thing that was revoked, as the list keeps it. */
export interface Entry {
  readonly subject: Subject;
  /** Running tasks are aborted too. */
  readonly terminate: boolean;
}

/** Compact: a page of the list has room for 100 kB, and is read by every worker. */
export function writeEntry({ subject, terminate }: Entry): string {
  return writeJson({ ...subject, ...(terminate && { terminate }) });
}

/** Undefined for what a later version may have written. */
export function readEntry(text: string): Entry | undefined {
  const json = parseJson(text, 'an entry of the revoked list');
  const subject = isJsonObject(json) ? subjectIn(json) : undefined;
  return subject && { subject, terminate: isJsonObject(json) && json.terminate === true };
}

function subjectIn({
  id,
  group,
  task,
  header,
  value = null,
  before,
}: {
  readonly [key: string]: Json;
}): Subject | undefined {
  if (typeof id === 'string') return { id };
  if (typeof group === 'string') return { group };
  if (typeof before !== 'number') return undefined;
  if (typeof task === 'string') return { task, before };
  return typeof header === 'string' ? { header, value, before } : undefined;
}
