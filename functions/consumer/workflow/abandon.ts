import type { Part } from '../../../sdk/engine/addition.ts';
import type { Effect } from '../../../sdk/engine/effect.ts';
import { DecodeError } from '../../../sdk/errors/index.ts';
import { unpagedWholly } from '../../../sdk/flow/pages.ts';
import type { Table } from '../../../sdk/ports/table.ts';
import type { Json } from '../../../sdk/wire/json.ts';
import {
  bodyOf,
  headerOf,
  kindOf,
  memberId,
  readSignature,
  resultId,
  type SignatureJson,
  tasksOf,
} from '../../../sdk/wire/signature.ts';
import { pendingMeta } from '../../../sdk/wire/task-meta.ts';
import type { Scene } from '../scene.ts';
import { rowOf } from '../store-row.ts';

/**
 * Ends what will not start any more, so that nobody waits for it: every task in it gets the row of the failure, and every
 * chord that it belongs to is told.
 */
export async function abandon(
  { chain, failure, ending }: Extract<Effect, { kind: 'abandon' }>,
  scene: Scene,
): Promise<void> {
  const { connection, app } = scene;
  const now = connection.cloud.clock.now();
  const stored: Promise<void>[] = [];
  const parts: Part[] = [];
  for await (const end of endsOf(chain, connection.cloud.table)) {
    if ('chord' in end) parts.push(end);
    else {
      const meta = { ...pendingMeta(end.id), ...failure, dateDone: new Date(now), name: end.task };
      stored.push(connection.writes.put(rowOf(meta, app, now)));
    }
  }
  connection.writes.flush();
  await Promise.all(stored);
  await scene.act(parts.map((part) => ({ kind: 'part', part, ending })));
}

/** A task that has an end now, or a part that it would have had in a chord. */
type End = { readonly id: string; readonly task: string } | Part;

async function* endsOf(chain: readonly Json[], table: Pick<Table, 'read'>): AsyncGenerator<End> {
  for (const step of await unpagedWholly(chain, table)) {
    try {
      yield* endsIn(readSignature(step), undefined, table);
    } catch (error) {
      // A signature that cannot be read has no end that somebody could wait for.
      if (!(error instanceof DecodeError)) throw error;
    }
  }
}

async function* endsIn(
  signature: SignatureJson,
  derivedId: string | undefined,
  table: Pick<Table, 'read'>,
): AsyncGenerator<End> {
  yield* endsInside(signature, derivedId, table);
  const { chain, chord = null, group_id, group_index } = signature.options;
  if (Array.isArray(chain)) yield* endsOf(chain, table);
  if (chord === null) return;
  yield {
    chord,
    group: typeof group_id === 'string' ? group_id : null,
    index: typeof group_index === 'number' ? group_index : 0,
    id: resultId(signature) ?? derivedId ?? '',
  };
}

async function* endsInside(
  signature: SignatureJson,
  derivedId: string | undefined,
  table: Pick<Table, 'read'>,
): AsyncGenerator<End> {
  switch (kindOf(signature)) {
    case 'task': {
      const id = resultId(signature) ?? derivedId;
      if (id !== undefined) yield { id, task: signature.task };
      return;
    }
    case 'chain':
      for (const step of tasksOf(signature)) yield* endsIn(step, undefined, table);
      return;
    case 'group':
      yield* endsOfMembers(signature, (member, id) => endsIn(member, id, table));
      return;
    case 'chord':
      // What the header's members say of a chord is of this one, which has never begun.
      yield* endsOfMembers(headerOf(signature), (member, id) => endsInside(member, id, table));
      yield* endsIn(bodyOf(signature), undefined, table);
  }
}

async function* endsOfMembers(
  group: SignatureJson,
  ends: (member: SignatureJson, derivedId: string) => AsyncGenerator<End>,
): AsyncGenerator<End> {
  const groupId = resultId(group) ?? '';
  for (const [index, member] of tasksOf(group).entries()) yield* ends(member, memberId(groupId, index));
}
