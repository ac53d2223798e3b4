import type { AppCore } from '../app/app-core.ts';
import { isReady } from '../result/states.ts';
import type { Envelope } from '../wire/envelope.ts';
import type { Json } from '../wire/json.ts';
import { taskMetaKey } from '../wire/keys.ts';
import { readTaskMeta } from '../wire/task-meta.ts';
import { leavesOf, membersIn, nested } from './members.ts';
import { readRows, readValues } from './results-reference.ts';

/** The task by which Celery joins a chord where its result backend cannot count: it looks until all members have ended. */
export const chordUnlock = 'celery.chord_unlock';

/** Its message as a chain of two: the results are its own, and the body of the chord comes after it. */
export function withBodyAsNext(envelope: Envelope): Envelope {
  const [, body = null] = envelope.args;
  if (envelope.task !== chordUnlock || body === null) return envelope;
  return { ...envelope, ignoreResult: true, embed: { ...envelope.embed, chain: [body] } };
}

/**
 * The results of the members; undefined as long as some have not ended.
 *
 * @throws ChordError if one of them has failed
 */
export async function resultsToUnlock(
  { kwargs }: Envelope,
  app: AppCore,
): Promise<readonly Json[] | undefined> {
  const { cloud } = await app.connection();
  const members = membersIn([null, kwargs.result ?? []]) ?? [];
  const ids = leavesOf(members);
  const rows = await readRows(ids, cloud.table);
  const isThere = (id: string) => {
    const row = rows.get(taskMetaKey(id));
    return isReady((row && readTaskMeta(id, row, cloud.clock.now()))?.state ?? 'PENDING');
  };
  if (!ids.every(isThere)) return undefined;
  const values = await readValues(ids, { settle: false, silent: new Set() }, cloud);
  return nested(members, [...values]);
}
