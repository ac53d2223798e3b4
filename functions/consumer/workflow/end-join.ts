import { worldOf } from '../../../sdk/call/send-planned.ts';
import type { Effect } from '../../../sdk/engine/effect.ts';
import { ChordError, DecodeError } from '../../../sdk/errors/index.ts';
import type { Completed } from '../../../sdk/flow/buckets.ts';
import { type Join, writeJoin } from '../../../sdk/flow/join.ts';
import type { IsServedByCelery } from '../../../sdk/flow/joined-by.ts';
import { unpaged } from '../../../sdk/flow/pages.ts';
import { nowhere } from '../../../sdk/flow/place.ts';
import { type Results, readResults, readValues, referenceTo } from '../../../sdk/flow/results-reference.ts';
import type { Json } from '../../../sdk/wire/json.ts';
import { inheritedPriority } from '../../../sdk/wire/priority.ts';
import {
  headerOf,
  kindOf,
  memberId,
  readSignature,
  type SignatureJson,
  tasksOf,
} from '../../../sdk/wire/signature.ts';
import { claimForever } from '../claim.ts';
import type { Scene } from '../scene.ts';
import { failBody } from './fail-body.ts';

/** Does what a join was for: its body starts, or fails if a member has; or it is itself a part of a larger join. */
export async function endJoin(join: Join, scene: Scene, completed: Completed): Promise<boolean> {
  const { next, group } = join;
  if ('part' in next) {
    await scene.act([partIn(next, join.size, completed)]);
    // Which message is to carry on with the larger join, each of them has to ask.
    return false;
  }
  if (!(await claimForever(`join-${group}`, scene))) return false;
  await beginBody(join, next.body, { scene, completed });
  return true;
}

async function beginBody(
  join: Join,
  reference: Json,
  { scene, completed }: { readonly scene: Scene; readonly completed: Completed },
): Promise<void> {
  const { envelope } = scene.delivery;
  const signature = await bodyAt(reference, scene);
  if (!signature) return;
  const priority = inheritedPriority(envelope);
  const place = { ...nowhere, rootId: envelope.rootId, parentId: envelope.id, priority };
  const error = join.settle ? undefined : await errorOf(join, completed, scene);
  if (error) return failBody({ signature, place }, error, scene);
  try {
    const args = [await argumentFor(signature, resultsOf(join, completed), scene)];
    return await scene.act([{ kind: 'start', start: { signature, place: { ...place, args } } }]);
  } catch (cause) {
    // A result that has expired meanwhile, for a body that Python runs.
    if (!(cause instanceof ChordError)) throw cause;
    return failBody({ signature, place }, cause, scene);
  }
}

/** Undefined if nobody can read it: a page that is gone, or what was never a signature. Then nobody knows whom to tell. */
async function bodyAt(reference: Json, { connection, log }: Scene): Promise<SignatureJson | undefined> {
  try {
    const [body] = (await unpaged([reference], connection.cloud.table)).slice(-1);
    return readSignature(body, 'the body of a chord');
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    log.error('the body of a chord is lost', { error });
    return undefined;
  }
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
  const firstFailed = [...failed].reduce((least, index) => Math.min(least, index));
  return { kind: 'part', part: { ...part, firstFailed }, ending: larger.isOpen ? ending : 'failed' };
}

/** More than this are not listed: whichever have no result count as null then. */
const maxSilent = 1_000;

function resultsOf({ group, size, settle }: Join, { silent }: Completed): Results {
  const isListed = silent !== true && silent.size <= maxSilent;
  return { group, size, settle, silent: isListed ? [...silent] : true };
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

/** The exception of the first member, in order, that has failed and has not succeeded since. */
async function errorOf(
  { group }: Join,
  { failed }: Completed,
  { connection }: Scene,
): Promise<ChordError | undefined> {
  for (const index of [...failed].sort((a, b) => a - b)) {
    try {
      await readValues([memberId(group, index)], { settle: false, silent: new Set() }, connection.cloud);
    } catch (error) {
      if (error instanceof ChordError) return error;
      throw error;
    }
  }
  return undefined;
}
