import { worldOf } from '../../../sdk/call/send-planned.ts';
import type { Effect, Failure } from '../../../sdk/engine/effect.ts';
import { failInstead } from '../../../sdk/engine/fail-instead.ts';
import { ChordError } from '../../../sdk/errors/index.ts';
import type { Completed } from '../../../sdk/flow/buckets.ts';
import { type Join, writeJoin } from '../../../sdk/flow/join.ts';
import type { IsServedByCelery } from '../../../sdk/flow/joined-by.ts';
import { unpaged } from '../../../sdk/flow/pages.ts';
import { nowhere } from '../../../sdk/flow/place.ts';
import { type Results, readResults, readValues, referenceTo } from '../../../sdk/flow/results-reference.ts';
import type { Json } from '../../../sdk/wire/json.ts';
import {
  headerOf,
  kindOf,
  memberId,
  readSignature,
  type SignatureJson,
  tasksOf,
} from '../../../sdk/wire/signature.ts';
import { claim } from '../claim.ts';
import type { Scene } from '../scene.ts';
import { chordFailure } from './chord-failure.ts';

/** Does what a join was for: its body starts, or fails if a member has; or it is itself a part of a larger join. */
export async function endJoin(join: Join, scene: Scene, completed: Completed): Promise<boolean> {
  const { next, group } = join;
  if ('part' in next) {
    await scene.act([partIn(next, join.size, completed)]);
    // Which message is to carry on with the larger join, each of them has to ask.
    return false;
  }
  if (!(await claim(`join-${group}`, scene))) return false;
  await beginBody(join, next.body, { scene, completed });
  return true;
}

async function beginBody(
  join: Join,
  reference: Json,
  { scene, completed }: { readonly scene: Scene; readonly completed: Completed },
): Promise<void> {
  const { group, settle } = join;
  const { envelope } = scene.delivery;
  const [body] = (await unpaged([reference], scene.connection.cloud.table)).slice(-1);
  const signature = readSignature(body, 'the body of a chord');
  const place = { ...nowhere, rootId: envelope.rootId, parentId: envelope.id };
  if (completed.failed.size > 0 && !settle) {
    const failure = await failureOf(memberId(group, Math.min(...completed.failed)), signature, scene);
    return scene.act(failInstead({ signature, place }, failure));
  }
  const args = [await argumentFor(signature, resultsOf(join, completed), scene)];
  return scene.act([{ kind: 'start', start: { signature, place: { ...place, args } } }]);
}

/** What a smaller join tells the larger one: a page of a header, or a task with the members that it has added, itself the last. */
function partIn(
  { part: { group, ...larger }, index }: { readonly part: Join; readonly index: number },
  size: number,
  { failed, silent }: Completed,
): Effect {
  const part = { chord: writeJoin({ group, ...larger }), group, index, id: memberId(group, index) };
  const hasSilent = silent === true || (larger.isOpen ? silent.size > 0 : silent.has(size - 1));
  const ending = hasSilent ? 'silent' : 'done';
  if (failed.size === 0) return { kind: 'part', part, ending };
  // An open join notes which member failed first; any other one that this part has.
  const firstFailed = Math.min(...failed);
  return { kind: 'part', part: { ...part, firstFailed }, ending: larger.isOpen ? ending : 'failed' };
}

function resultsOf({ group, size, settle }: Join, { silent }: Completed): Results {
  return { group, size, settle, silent: silent === true ? silent : [...silent] };
}

/** Where the results are, or the results themselves for a body that Python runs. */
async function argumentFor(
  body: SignatureJson,
  results: Results,
  { app, connection: { cloud } }: Scene,
): Promise<Json> {
  const { isServedByCelery } = worldOf(app, cloud.clock.now());
  return beginsOnCelery(body, isServedByCelery) ? readResults(results, cloud) : referenceTo(results);
}

function beginsOnCelery(signature: SignatureJson, is: IsServedByCelery): boolean {
  switch (kindOf(signature)) {
    case 'task':
      return is(signature);
    case 'chain':
      return tasksOf(signature)
        .slice(0, 1)
        .some((first) => beginsOnCelery(first, is));
    case 'group':
      return tasksOf(signature).some((member) => beginsOnCelery(member, is));
    case 'chord':
      return beginsOnCelery(headerOf(signature), is);
  }
}

/** The exception of the first failed member, in order. */
async function failureOf(first: string, body: SignatureJson, { connection }: Scene): Promise<Failure> {
  try {
    await readValues([first], { settle: false, silent: new Set() }, connection.cloud);
    return chordFailure(new ChordError(`Member ${first} failed.`), body);
  } catch (error) {
    if (error instanceof ChordError) return chordFailure(error, body);
    throw error;
  }
}
