import type { Delivery } from '../../../sdk/engine/delivery.ts';
import type { Outcome } from '../../../sdk/engine/outcome.ts';
import type { Worker } from '../scene.ts';
import type { Admitted, Candidate, Stage } from './stage.ts';

/** A delivery that may run now. */
export interface Admission {
  readonly delivery: Delivery;
  /** To be told of the outcome, before its effects are carried out; answers the outcome that counts. */
  readonly ended: (outcome: Outcome) => Promise<Outcome>;
}

/** Takes a delivery through the stages, in order. If one of them says no, those before it give back what they took. */
export async function admit(
  candidate: Candidate,
  stages: readonly Stage[],
  worker: Worker,
): Promise<Admission | Outcome> {
  const passed: Admitted[] = [];
  let { delivery } = candidate;
  const ended = async (outcome: Outcome): Promise<Outcome> => {
    let judged = outcome;
    for (const stage of passed.toReversed()) judged = (await stage.ended?.(judged)) ?? judged;
    return judged;
  };
  for (const stage of stages) {
    const answer = await stage({ ...candidate, delivery }, worker);
    if ('kind' in answer) return ended(answer);
    passed.push(answer);
    delivery = answer.delivery ?? delivery;
  }
  return { delivery, ended };
}
