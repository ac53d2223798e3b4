import { workflowTtl } from '../../../sdk/call/send-planned.ts';
import type { Part } from '../../../sdk/engine/addition.ts';
import { newMeta } from '../../../sdk/engine/storing.ts';
import { ChordError } from '../../../sdk/errors/index.ts';
import type { Ending } from '../../../sdk/flow/buckets.ts';
import { derivedIds } from '../../../sdk/flow/derived-ids.ts';
import { freeze } from '../../../sdk/flow/freeze.ts';
import { leavesOf, type Member, membersIn, nested } from '../../../sdk/flow/members.ts';
import { nowhere } from '../../../sdk/flow/place.ts';
import { readRows, readValues } from '../../../sdk/flow/results-reference.ts';
import { isReady } from '../../../sdk/result/states.ts';
import { readGroupMeta } from '../../../sdk/wire/group-meta.ts';
import type { Json } from '../../../sdk/wire/json.ts';
import { chordUnlockKey, groupMetaKey, taskMetaKey } from '../../../sdk/wire/keys.ts';
import { inheritedPriority } from '../../../sdk/wire/priority.ts';
import { readSignature, type SignatureJson } from '../../../sdk/wire/signature.ts';
import { readTaskMeta } from '../../../sdk/wire/task-meta.ts';
import { claimForever } from '../claim.ts';
import type { Scene } from '../scene.ts';
import { storeUnlessReady } from '../store-row.ts';
import { failBody } from './fail-body.ts';

/**
 * Counts a member of a chord that is joined in Celery's way, since Python has started it or serves a part of it. Celery's
 * counter does not know whom it has counted; ours are noted beside it, so that none of them counts twice.
 *
 * @see https://docs.celeryq.dev/en/stable/internals/reference/celery.backends.dynamodb.html
 */
export async function tellCelery(part: Part, ending: Ending, scene: Scene): Promise<void> {
  const { chord, group, index, id } = part;
  if (group === null) return;
  if (ending === 'silent') await storeNothing(id, scene);
  const { cloud } = scene.connection;
  const [row] = await cloud.table.read([groupMetaKey(group)], { consistent: true });
  const members = row && membersIn(readGroupMeta(row));
  // Gone once the chord has ended.
  if (!members) return;
  const count = await counted({ group, index, id }, scene);
  if (count < sizeOf(chord, members.length)) return;
  const results = await resultsOf(members, cloud);
  // Celery counts the members of a group inside one by one, but waits for the whole: the others will tell as well.
  if (results === undefined && count < leavesOf(members).length) return;
  if (!(await claimForever(`chord-${group}`, scene))) return;
  await startBody(readSignature(chord, 'the body of a chord'), { group, results }, scene);
  await Promise.all([cloud.table.delete(groupMetaKey(group)), cloud.table.delete(chordUnlockKey(group))]);
}

/** A member without a result counts as null: Python's workers would wait for its row. */
async function storeNothing(id: string, { app, connection, delivery }: Scene): Promise<void> {
  const now = connection.cloud.clock.now();
  const meta = {
    ...newMeta(delivery.envelope, delivery.queue.name),
    id,
    state: 'SUCCESS',
    dateDone: new Date(now),
  };
  await storeUnlessReady(meta, { app, connection });
}

/** Counts a member once. A member is known by its number and its id: one id may stand in a header twice. */
async function counted(
  { group, index, id }: { group: string; index: number; id: string },
  { connection }: Scene,
): Promise<number> {
  const { table, clock } = connection.cloud;
  const key = chordUnlockKey(group);
  const member = `${index}:${id}`;
  const change = { add: { chord_count: 1, seen: new Set([member]) }, set: { ttl: workflowTtl(clock.now()) } };
  const row = await table.change(key, change, { unless: { attribute: 'seen', contains: member } });
  const [known] = row ? [row] : await table.read([key], { consistent: true });
  return typeof known?.chord_count === 'number' ? known.chord_count : 0;
}

/** Undefined: some are not there yet. */
async function resultsOf(
  members: readonly Member[],
  cloud: Scene['connection']['cloud'],
): Promise<readonly Json[] | ChordError | undefined> {
  const ids = leavesOf(members);
  const rows = await readRows(ids, cloud.table);
  const isThere = (id: string) => {
    const row = rows.get(taskMetaKey(id));
    return isReady((row && readTaskMeta(id, row, cloud.clock.now()))?.state ?? 'PENDING');
  };
  if (!ids.every(isThere)) return undefined;
  try {
    const values = await readValues(ids, { settle: false, silent: new Set() }, cloud);
    return nested(members, [...values]);
  } catch (error) {
    if (error instanceof ChordError) return error;
    throw error;
  }
}

async function startBody(
  body: SignatureJson,
  { group, results }: { group: string; results: readonly Json[] | ChordError | undefined },
  scene: Scene,
): Promise<void> {
  const { envelope } = scene.delivery;
  const signature = freeze(body, derivedIds(`${group}:body`));
  const priority = inheritedPriority(envelope);
  const place = { ...nowhere, rootId: envelope.rootId, parentId: envelope.id, priority };
  if (results && !(results instanceof ChordError)) {
    return scene.act([{ kind: 'start', start: { signature, place: { ...place, args: [results] } } }]);
  }
  const error =
    results ?? new ChordError(`Expected the results of all members of group ${group}, found some missing.`);
  return failBody({ signature, place }, error, scene);
}

/** An old producer may have written how many members it counts. */
function sizeOf(chord: Json, members: number): number {
  const size = typeof chord === 'object' && chord !== null && 'chord_size' in chord ? chord.chord_size : null;
  return typeof size === 'number' ? size : members;
}
