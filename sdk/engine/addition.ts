import { derivedIds } from '../flow/derived-ids.ts';
import { freeze } from '../flow/freeze.ts';
import { readJoin, writeJoin } from '../flow/join.ts';
import { collected } from '../flow/normalise.ts';
import { nowhere } from '../flow/place.ts';
import { referenceTo } from '../flow/results-reference.ts';
import type { Envelope } from '../wire/envelope.ts';
import { isJsonObject, type Json } from '../wire/json.ts';
import { inheritedPriority } from '../wire/priority.ts';
import { memberId, type SignatureJson } from '../wire/signature.ts';
import type { Start } from './follow-up.ts';

/**
 * Members that a task adds to its own chord. They and the task make a smaller join, which counts as the task's part in the
 * larger one: so the number that the larger one waits for stays as it was.
 */
export interface Addition {
  readonly starts: readonly Start[];
  /** Where their results are; kept in the task's row. */
  readonly reference: Json;
  /** What the task tells of its own end. */
  readonly part: Part;
}

/** A member's place in a chord. */
export interface Part {
  /** A join of ours, or the body of a chord in Celery's form. */
  readonly chord: Json;
  readonly group: string | null;
  readonly index: number;
  /** Of the member's result. */
  readonly id: string;
  /** Where it stands for many members of a larger join: the number of the first one that failed. */
  readonly firstFailed?: number;
}

export function additionOf(envelope: Envelope, added: readonly SignatureJson[]): Addition | undefined {
  if (added.length === 0) return undefined;
  const group = derivedIds(`${envelope.id}:added`)();
  const part = partOfAddition(envelope, { group, size: added.length });
  if (!part) return undefined;
  const priority = inheritedPriority(envelope);
  const place = { ...nowhere, rootId: envelope.rootId, parentId: envelope.id, priority, chord: part.chord };
  const starts = added.map((signature, index) => ({
    signature: frozenMember(signature, group, index),
    place: { ...place, group: { id: group, index } },
  }));
  // Which of them have no result is known only when they have ended: those count as null.
  const reference = referenceTo({ group, size: added.length, settle: false, silent: true });
  return { starts, reference, part };
}

/** The part of a task that has added members, from what its row tells of them. */
export function partOfAdded(envelope: Envelope, added: Json): Part | undefined {
  const value = isJsonObject(added) ? added.__value__ : undefined;
  if (!isJsonObject(value) || typeof value.group !== 'string' || typeof value.size !== 'number')
    return undefined;
  return partOfAddition(envelope, { group: value.group, size: value.size });
}

/** The task comes last in the smaller join. */
function partOfAddition(
  { id, embed, groupIndex }: Envelope,
  { group, size }: { group: string; size: number },
): Part | undefined {
  const larger = readJoin(embed.chord);
  if (!larger) return undefined;
  const next = { part: larger, index: groupIndex ?? 0 };
  return {
    id,
    group,
    chord: writeJoin({ group, size: size + 1, isOpen: false, settle: larger.settle, next }),
    index: size,
  };
}

function frozenMember(signature: SignatureJson, group: string, index: number): SignatureJson {
  const member = collected(signature);
  const id = memberId(group, index);
  return freeze(member, derivedIds(`${id}:freeze`), id);
}
