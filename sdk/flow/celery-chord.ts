import type { Item } from '../ports/table.ts';
import { writeGroupMeta } from '../wire/group-meta.ts';
import { chordUnlockKey } from '../wire/keys.ts';
import type { PlannedChord } from './planned.ts';

/** The two rows by which Celery joins a chord: how many members have ended, and which members there are. */
export function celeryChordRows(
  { groupId, members }: PlannedChord,
  { now, ttl }: { now: number; ttl: number },
): { counter: Item; members: Item } {
  const tuple = [[groupId, null], members.map((id) => [[id, null], null])];
  return {
    counter: { id: chordUnlockKey(groupId), chord_count: 0, timestamp: now / 1_000, ttl },
    members: writeGroupMeta(groupId, tuple, { writtenAt: now, expiresAt: ttl * 1_000 }),
  };
}
