import type { Delivery } from '../../../sdk/engine/delivery.ts';
import type { Outcome } from '../../../sdk/engine/outcome.ts';
import type { Worker } from '../scene.ts';
import type { Admitted, Candidate, Stage } from './stage.ts';

/** A delivery that may run now. */
export interface Admission {
  readonly delivery: Delivery;
  /** To be told of the outcome, before its effects are carried out; answers the outcome that counts. */
  readonly ended: (outcome: Outcome) => Promise<Outcome>;
  /** To be told when they are carried out. */
  readonly settled: (isTold: boolean) => Promise<void>;
  /** Does what leads to an outcome. Where an error comes instead, what the stages took is given back. */
  readonly orDrop: <T>(work: () => Promise<T>) => Promise<T>;
}

/** What comes to the first stage. */
export interface Arrival extends Omit<Candidate, 'parameters'> {
  /** The arguments of a delivery, as `parameters` of a candidate. */
  readonly parametersOf: (delivery: Delivery) => Promise<readonly unknown[]>;
}

/** Takes a delivery through the stages, in order. If one of them says no, those before it give back what they took. */
export async function admit(
  { delivery: arrived, parametersOf, ...candidate }: Arrival,
  stages: readonly Stage[],
  worker: Worker,
): Promise<Admission | Outcome> {
  const passage = new Passage();
  let delivery = arrived;
  let parameters = once(() => parametersOf(arrived));
  for (const stage of stages) {
    const answer = await passage.orDrop(() => stage({ ...candidate, parameters, delivery }, worker));
    if ('kind' in answer) return passage.ended(answer, false);
    passage.passed.push(answer);
    const { delivery: changed } = answer;
    if (!changed) continue;
    delivery = changed;
    parameters = once(() => parametersOf(changed));
  }
  const { settled, orDrop } = passage;
  return { delivery, ended: (outcome) => passage.ended(outcome, true), settled, orDrop };
}

/** The stages that have let a delivery through. They are told in reverse: the last one that took something is the first to give it back. */
class Passage {
  readonly passed: Admitted[] = [];

  readonly ended = async (outcome: Outcome, hasRun: boolean): Promise<Outcome> => {
    let judged = outcome;
    for (const stage of this.passed.toReversed()) judged = (await stage.ended?.(judged, hasRun)) ?? judged;
    return judged;
  };

  readonly settled = async (isTold: boolean): Promise<void> => {
    for (const stage of this.passed.toReversed()) await stage.settled?.(isTold);
  };

  readonly orDrop = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      for (const stage of this.passed.toReversed()) await stage.dropped?.();
      throw error;
    }
  };
}

/** Several limits may go by the arguments, and to look them up may take requests. */
function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => {
    result ??= work();
    return result;
  };
}
