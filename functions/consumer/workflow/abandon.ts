import type { Part } from '../../../sdk/engine/addition.ts';
import type { Effect, Failure } from '../../../sdk/engine/effect.ts';
import { DecodeError } from '../../../sdk/errors/index.ts';
import { unpagedWholly } from '../../../sdk/flow/pages.ts';
import type { Table } from '../../../sdk/ports/table.ts';
import type { Json } from '../../../sdk/wire/json.ts';
import { isTaskId } from '../../../sdk/wire/keys.ts';
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
  const parts: Part[] = [];
  let ends: EndOfTask[] = [];
  for await (const end of endsOf(chain, scene.connection.cloud.table)) {
    if ('chord' in end) parts.push(end);
    else ends.push(end);
    if (ends.length < rowsAtOnce) continue;
    await store(ends, failure, scene);
    ends = [];
  }
  await store(ends, failure, scene);
  await scene.act(parts.map((part) => ({ kind: 'part', part, ending })));
}

/** So that a large header does not ask more of the table than it gives at once. */
const rowsAtOnce = 250;

async function store(
  ends: readonly EndOfTask[],
  failure: Failure,
  { app, connection }: Pick<Scene, 'app' | 'connection'>,
): Promise<void> {
  const now = connection.cloud.clock.now();
  const stored = ends.map(({ id, task }) => {
    const meta = { ...pendingMeta(id), ...failure, dateDone: new Date(now), name: task };
    return connection.writes.put(rowOf(meta, app, now));
  });
  connection.writes.flush();
  await Promise.all(stored);
}

interface EndOfTask {
  readonly id: string;
  readonly task: string;
}

/** A task that has an end now, or a part that it would have had in a chord. */
type End = EndOfTask | Part;

async function* endsOf(chain: readonly Json[], table: Pick<Table, 'read'>): AsyncGenerator<End> {
  for (const step of chain) {
    try {
      const steps = await unpagedWholly([step], table);
      const [only] = steps;
      if (steps.length === 1 && only === step) yield* endsIn(readSignature(step), undefined, table);
      else yield* endsOf(steps, table);
    } catch (error) {
      // A signature that cannot be read, or a page that is gone, has no end that could be told.
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
      if (id !== undefined && isTaskId(id)) yield { id, task: signature.task };
      return;
    }
    case 'chain':
      for (const step of tasksOf(signature)) yield* endsIn(step, undefined, table);
      return;
    case 'group':
      yield* endsOfMembers(signature, (member, id) => endsIn(member, id, table));
      return;
    case 'chord':
      yield* endsIn(bodyOf(signature), undefined, table);
      // What the header's members say of a chord is of this one, which has never begun.
      yield* endsOfMembers(headerOf(signature), (member, id) => endsInside(member, id, table));
  }
}

async function* endsOfMembers(
  group: SignatureJson,
  ends: (member: SignatureJson, derivedId: string) => AsyncGenerator<End>,
): AsyncGenerator<End> {
  const groupId = resultId(group) ?? '';
  for (const [index, member] of tasksOf(group).entries()) yield* ends(member, memberId(groupId, index));
}
