import type { Json } from '../wire/json.ts';
import {
  bodyOf,
  headerOf,
  kindOf,
  memberId,
  resultId,
  type SignatureJson,
  tasksOf,
} from '../wire/signature.ts';

/** Members that a tuple lists: a row has room for 400 KB. */
const maxListed = 1_000;

/** Steps before the last one that a tuple names: each lies one level deeper, and JSON is read to some hundred levels. */
const maxSteps = 100;

/** The result of what a signature starts first, which is the child of whoever starts it: the others are that one's children. */
export function childTuple(signature: SignatureJson): Json {
  return resultsIn(signature).slice(0, 1).reduce<Json>(tupleOf, null);
}

/** The result of a started signature as Celery writes it into rows: `[[id, parent], members]`. */
export function resultTuple(signature: SignatureJson): Json {
  return resultsIn(signature).slice(-maxSteps).reduce<Json>(tupleOf, null);
}

/** What has a result of its own, one after the other: tasks and groups. */
function resultsIn(signature: SignatureJson): readonly SignatureJson[] {
  switch (kindOf(signature)) {
    case 'chain':
      return tasksOf(signature).flatMap(resultsIn);
    case 'chord':
      return [headerOf(signature), ...resultsIn(bodyOf(signature))];
    default:
      return [signature];
  }
}

function tupleOf(parent: Json, signature: SignatureJson): Json {
  const id = resultId(signature) ?? '';
  if (kindOf(signature) === 'task') return [[id, parent], null];
  const members = tasksOf(signature).slice(0, maxListed);
  return [[id, parent], members.map((member, i) => memberTuple(member, memberId(id, i)))];
}

function memberTuple(member: SignatureJson, derivedId: string): Json {
  return kindOf(member) === 'task' ? [[resultId(member) ?? derivedId, null], null] : resultTuple(member);
}
