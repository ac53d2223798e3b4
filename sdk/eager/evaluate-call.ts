import type { Addressed } from '../call/planned-envelope.ts';
import { additionOf } from '../engine/addition.ts';
import { findTask } from '../engine/builtin-tasks.ts';
import { replacementOf, startsAfter } from '../engine/follow-up.ts';
import { isStored } from '../engine/storing.ts';
import type { Json } from '../wire/json.ts';
import { resultId } from '../wire/signature.ts';
import { callErrbacks } from './call-errbacks.ts';
import type { End, Ended, Member } from './end.ts';
import { type EagerRun, runToEnd } from './run-to-end.ts';
import type { Scene } from './scene.ts';

/** Runs a call to its end, with its callbacks and with whatever takes its place. `chain`: the step that comes next, if any. */
export async function evaluateCall(call: Addressed, chain: readonly Json[], scene: Scene): Promise<End> {
  const run = await runToEnd({ ...call, chain }, scene);
  const { outcome, delivery } = run;
  if (outcome.kind === 'replaced') {
    const { signature, place } = replacementOf(delivery.envelope, outcome.signature);
    return scene.evaluate({ signature, place: { ...place, chain } }, delivery);
  }
  const ended = await settle(call, run, scene);
  return { ended, added: ended.kind === 'done' ? await evaluateAdded(run, scene) : [], by: delivery };
}

/** Stores the row and calls whatever is to be called then. */
async function settle(call: Addressed, run: EagerRun, scene: Scene): Promise<Ended> {
  const { outcome, delivery, effects } = run;
  const stored = effects.find((effect) => effect.kind === 'store');
  if (!stored) return { kind: 'silent' };
  const { id, state, result, traceback } = stored.meta;
  scene.rows.set(id, stored.meta);
  if (outcome.kind === 'success') {
    for (const callback of startsAfter(delivery.envelope, [], outcome.result)) {
      await scene.evaluate(callback, delivery);
    }
    const isKept = isStored('SUCCESS', call.envelope, findTask(scene.app, call.envelope.task));
    return { kind: 'done', value: outcome.result, isKept };
  }
  for (const effect of effects) {
    if (effect.kind === 'errbacks') await callErrbacks(effect, delivery, scene);
  }
  return { kind: 'failed', failure: { state, result, traceback }, delivery };
}

async function evaluateAdded({ delivery, added }: EagerRun, scene: Scene): Promise<readonly Member[]> {
  const members: Member[] = [];
  for (const start of additionOf(delivery.envelope, added)?.starts ?? []) {
    const end = await scene.evaluate(start, delivery);
    members.push({ id: resultId(start.signature) ?? '', ended: end.ended }, ...end.added);
  }
  return members;
}
