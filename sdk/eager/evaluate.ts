import type { Delivery } from '../engine/delivery.ts';
import type { Failure } from '../engine/effect.ts';
import type { Start } from '../engine/follow-up.ts';
import { ConfigurationError, TaskRevokedError } from '../errors/index.ts';
import { freeze } from '../flow/freeze.ts';
import { nowhere, optionsForParts, type Place, within } from '../flow/place.ts';
import { encodeException } from '../wire/exception.ts';
import { inheritedPriority } from '../wire/priority.ts';
import { chainSignature, kindOf, readSignatures, tasksOf, withOptions } from '../wire/signature.ts';
import { abandon } from './abandon.ts';
import type { End } from './end.ts';
import { evaluateChord } from './evaluate-chord.ts';
import { evaluateGroup } from './evaluate-group.ts';
import { evaluateTask } from './evaluate-task.ts';
import type { Scene } from './scene.ts';

/**
 * Runs a signature that has its ids to its end, in order: where a worker would send a call, it is run. The rules are the worker's
 * (functions/consumer), without what makes it survive crashes.
 */
export function evaluate(start: Start, by: Delivery | undefined, scene: Scene): Promise<End> {
  const { signature, place } = start;
  const { chain } = signature.options;
  if (Array.isArray(chain) && chain.length > 0) {
    // In Celery's form what follows a signature may stand in its options, the next step last.
    const later = readSignatures(chain).map((step) => freeze(step, scene.chance.newId));
    const steps = [withOptions(signature, { chain: undefined }), ...later.reverse()];
    return evaluateChain({ signature: chainSignature(steps), place }, by, scene);
  }
  switch (kindOf(signature)) {
    case 'task':
      return evaluateTask(start, by, scene);
    case 'chain':
      return evaluateChain({ signature, place: within(signature, place) }, by, scene);
    case 'group':
      return evaluateGroup({ signature, place: within(signature, place) }, by, scene);
    case 'chord':
      return evaluateChord({ signature, place: within(signature, place) }, by, scene);
  }
}

async function evaluateChain(
  { signature, place }: Start,
  by: Delivery | undefined,
  scene: Scene,
): Promise<End> {
  const steps = tasksOf(signature);
  const { chain, chord, group } = place;
  let given = { ...place, options: optionsForParts(signature, place) };
  let before = by;
  for (const [i, step] of steps.entries()) {
    const next = steps[i + 1];
    // The place in a larger workflow is that of the last step.
    const around = next ? { chain: [next], chord: null, group: null } : { chain, chord, group };
    const end = await scene.evaluate({ signature: step, place: { ...given, ...around } }, before);
    const { ended } = end;
    if (!next) return end;
    if (ended.kind !== 'done') {
      abandon(steps.slice(i + 1), ended.kind === 'failed' ? ended.failure : afterSilence(), scene);
      return end;
    }
    before = end.by ?? before;
    given = { ...nowhere, args: [ended.value], ...originOf(before, place) };
  }
  throw new ConfigurationError('Expected a chain to have at least one step, got none.');
}

function originOf(by: Delivery | undefined, { rootId, parentId, priority }: Place): Partial<Place> {
  if (!by) return { rootId, parentId, priority };
  const { envelope } = by;
  return { rootId: envelope.rootId, parentId: envelope.id, priority: inheritedPriority(envelope) };
}

/** Whoever waits for a later step must not wait for ever. */
function afterSilence(): Failure {
  return { state: 'REVOKED', result: encodeException(new TaskRevokedError('ignored')), traceback: null };
}
