import { failing } from '../outbox/insist.ts';
import { readGroupMeta, writeGroupMeta } from '../wire/group-meta.ts';
import { groupMetaKey } from '../wire/keys.ts';
import type { ResultTuple } from '../wire/task-meta.ts';
import type { GroupResult } from './group-result.ts';
import { isGroup } from './result.ts';
import type { ResultSource } from './result-source.ts';

/** Stores the tuple of a group. What else stands in its row, such as the parts of a running chord, stays. */
export async function saveGroup(id: string, tuple: ResultTuple, source: ResultSource): Promise<void> {
  const { table, clock } = await source.connect();
  const now = clock.now();
  const times = { writtenAt: now, expiresAt: now + source.resultExpiresMs };
  const { id: key, ...set } = writeGroupMeta(id, tuple, times);
  await table.change(key, { set }).catch(failing(`Saving group ${id}`));
}

/** The group that was saved under that id; null if there is none. */
export async function restoredGroup<T extends readonly unknown[]>(
  id: string,
  source: ResultSource,
): Promise<GroupResult<T> | null> {
  const { table, clock } = await source.connect();
  // Who saves a group and restores it at once, elsewhere, must find it.
  const [row] = await table
    .read([groupMetaKey(id)], { consistent: true })
    .catch(failing(`Restoring group ${id}`));
  const tuple = row && readGroupMeta(row, clock.now());
  const result = tuple === undefined ? undefined : source.fromTuple(tuple);
  // What the members return only their caller knows.
  return result && isGroup(result) ? (result as GroupResult<T>) : null;
}

export async function deleteGroup(id: string, source: ResultSource): Promise<void> {
  const { table } = await source.connect();
  await table.delete(groupMetaKey(id)).catch(failing(`Deleting group ${id}`));
}
