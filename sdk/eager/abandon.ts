import type { Failure } from '../engine/effect.ts';
import {
  bodyOf,
  headerOf,
  kindOf,
  memberId,
  resultId,
  type SignatureJson,
  tasksOf,
} from '../wire/signature.ts';
import { pendingMeta } from '../wire/task-meta.ts';
import type { Scene } from './scene.ts';

/** Ends what will not start any more: every task in it gets the row of the failure. */
export function abandon(
  steps: readonly SignatureJson[],
  { state, result, traceback }: Failure,
  { rows, clock }: Scene,
): void {
  const dateDone = new Date(clock.now());
  for (const step of steps) {
    for (const { id, task } of tasksIn(step)) {
      rows.set(id, { ...pendingMeta(id), state, result, traceback, dateDone, name: task });
    }
  }
}

function* tasksIn(signature: SignatureJson, derivedId?: string): Generator<{ id: string; task: string }> {
  switch (kindOf(signature)) {
    case 'task': {
      const id = resultId(signature) ?? derivedId;
      if (id !== undefined) yield { id, task: signature.task };
      return;
    }
    case 'chain':
      for (const step of tasksOf(signature)) yield* tasksIn(step);
      return;
    case 'group': {
      const groupId = resultId(signature) ?? '';
      for (const [i, member] of tasksOf(signature).entries()) yield* tasksIn(member, memberId(groupId, i));
      return;
    }
    case 'chord':
      yield* tasksIn(headerOf(signature));
      yield* tasksIn(bodyOf(signature));
  }
}
