import { PayloadTooLargeError } from '../errors/index.ts';
import type { Item } from '../ports/table.ts';
import { isJsonObject, parseJson, writeJson } from './json.ts';
import { groupMetaKey } from './keys.ts';
import { maxResultBytes } from './size.ts';
import type { ResultTuple, RowTimes } from './task-meta.ts';

/**
 * Writes the row of a group: its results as tuples, `{"result": [[id, parent], members]}`, as Celery does for `GroupResult.save`
 * and for a chord.
 *
 * @throws PayloadTooLargeError if the group has too many members for one row
 */
export function writeGroupMeta(id: string, tuple: ResultTuple, { writtenAt, expiresAt }: RowTimes): Item {
  refuseTooLarge(id, leastSize(tuple));
  const result = new TextEncoder().encode(writeJson({ result: tuple }));
  refuseTooLarge(id, result.byteLength);
  return {
    id: groupMetaKey(id),
    result,
    timestamp: writtenAt / 1_000,
    ttl: Math.ceil(expiresAt / 1_000),
  };
}

/**
 * Reads the row of a group, whichever language wrote it; undefined if it is none, or if it has expired by then (DynamoDB deletes
 * late).
 */
export function readGroupMeta(item: Item, now = 0): ResultTuple | undefined {
  const { id, ttl, result } = item;
  if (typeof ttl === 'number' && ttl * 1_000 <= now) return undefined;
  if (!(result instanceof Uint8Array)) return undefined;
  const meta = parseJson(new TextDecoder().decode(result), `the group in row ${id}`);
  const tuple = isJsonObject(meta) ? meta.result : undefined;
  return Array.isArray(tuple) && Array.isArray(tuple[1]) ? tuple : undefined;
}

function refuseTooLarge(id: string, size: number): void {
  if (size <= maxResultBytes) return;
  throw PayloadTooLargeError.of(`the list of the results of group ${id}`, {
    size,
    limit: maxResultBytes,
    advice: 'Save several smaller groups, or keep the ids of the results elsewhere.',
  });
}

/** What a tuple takes at least, told before gigabytes of text are made of it: counted only until it is too much. */
function leastSize(tuple: ResultTuple): number {
  let size = 0;
  const pending: ResultTuple[] = [tuple];
  for (let next = pending.pop(); next !== undefined && size <= maxResultBytes; next = pending.pop()) {
    size += typeof next === 'string' ? next.length + 2 : 2;
    if (!Array.isArray(next)) continue;
    for (const child of next) pending.push(child);
  }
  return size;
}
