import type { ResultTuple } from '../wire/task-meta.ts';
import { isGroup, type Result } from './result.ts';

/**
 * Steps before a result that its tuple names, the nearest. Each is two levels of nesting, and JSON of more than 500 is refused by
 * whoever reads it, Python too.
 */
const maxSteps = 200;

/**
 * A result as Celery writes it into others: `[[id, parent], null]`, for a group `[[id, parent], members]`. As in Celery, members of a
 * group do not name the parent that they share with it: with 1,000 members and as many in the group before, it would be a million.
 */
export function tupleOf(result: Result): ResultTuple {
  return tuple(result, { steps: maxSteps, shared: null });
}

function tuple(
  result: Result,
  { steps, shared }: { readonly steps: number; readonly shared: Result | null },
): ResultTuple {
  const { id, parent } = result;
  const isLeftOut = parent === null || parent === shared || steps === 0;
  const head = [id, isLeftOut ? null : tuple(parent, { steps: steps - 1, shared })];
  if (!isGroup(result)) return [head, null];
  return [
    head,
    result.results.map((member) => tuple(member, { steps: Math.max(0, steps - 1), shared: parent })),
  ];
}

/** A tuple, taken apart; undefined if it is none. */
export function readTuple(
  json: ResultTuple,
): { id: string; parent: ResultTuple; members: readonly ResultTuple[] | null } | undefined {
  const [node, members = null] = Array.isArray(json) ? json : [];
  // Celery also reads an id alone, without a parent.
  const [id, parent = null] = Array.isArray(node) ? node : [node];
  if (typeof id !== 'string' || id === '') return undefined;
  return { id, parent, members: Array.isArray(members) ? members : null };
}
