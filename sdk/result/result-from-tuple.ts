import { DecodeError } from '../errors/index.ts';
import type { ResultTuple } from '../wire/task-meta.ts';
import { AsyncResult } from './async-result.ts';
import { GroupResult } from './group-result.ts';
import type { Result } from './result.ts';
import type { ResultSource } from './result-source.ts';
import { readTuple } from './result-tuple.ts';

/**
 * The handle that a tuple names, with those of its parents and members. Members that name no parent have the group's: what stands
 * before the group stands before each of them.
 *
 * @throws DecodeError if it is no tuple `[[id, parent], members]`; for members, when they are asked for
 */
export function resultFromTuple(
  json: ResultTuple,
  source: ResultSource,
  shared: Result | null = null,
): Result {
  const tuple = readTuple(json);
  if (!tuple) {
    const got = JSON.stringify(json)?.slice(0, 200);
    throw new DecodeError(`Expected a result as a tuple [[id, parent], members or null], got ${got}.`);
  }
  const { id, members } = tuple;
  const parent = tuple.parent === null ? shared : parentOf(tuple.parent, source, shared);
  if (!members) return new AsyncResult(id, source, { parent });
  return new GroupResult(id, source, {
    parent,
    results: () => members.map((member) => resultFromTuple(member, source, parent)),
  });
}

/** One that a member shares with its group is one object: what is known of it is known for all. */
function parentOf(json: ResultTuple, source: ResultSource, shared: Result | null): Result {
  if (shared && readTuple(json)?.id === shared.id) return shared;
  return resultFromTuple(json, source, shared);
}
