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

/** Results that a tuple names: a row has room for 400 KB, and each takes about a hundred bytes. */
const maxNamed = 1_000;

/** Steps before the last one that a tuple names: each lies one level deeper, and JSON is read to some hundred levels. */
const maxSteps = 100;

/**
 * The result of what a signature starts first, as Celery writes it into rows: `[[id, parent], members]`. It is the child of whoever
 * starts it; the others are children of that one.
 */
export function childTuple(signature: SignatureJson): Json {
  return tuple(resultsIn(signature).slice(0, 1), { named: 0 });
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

/** How many results a tuple names so far. */
interface Count {
  named: number;
}

function tuple(results: readonly SignatureJson[], count: Count): Json {
  return results.reduce<Json>((parent, signature) => {
    const id = resultId(signature) ?? '';
    count.named += 1;
    if (kindOf(signature) === 'task') return [[id, parent], null];
    const members: Json[] = [];
    for (const [i, member] of tasksOf(signature).entries()) {
      if (count.named >= maxNamed) break;
      members.push(memberTuple(member, memberId(id, i), count));
    }
    return [[id, parent], members];
  }, null);
}

function memberTuple(member: SignatureJson, derivedId: string, count: Count): Json {
  if (kindOf(member) !== 'task') return tuple(resultsIn(member).slice(-maxSteps), count);
  count.named += 1;
  return [[resultId(member) ?? derivedId, null], null];
}
