import { addressed } from '../call/planned-envelope.ts';
import type { Delivery } from '../engine/delivery.ts';
import type { Start } from '../engine/follow-up.ts';
import { tracebackOf } from '../errors/describe-error.ts';
import { TalloError } from '../errors/index.ts';
import { plan } from '../flow/plan.ts';
import { encodeException } from '../wire/exception.ts';
import type { End } from './end.ts';
import { evaluateCall } from './evaluate-call.ts';
import { fail } from './fail.ts';
import type { Scene } from './scene.ts';

/** Runs a signature of one task. One that can never start, such as a call of a queue that there is not, fails instead. */
export async function evaluateTask(start: Start, by: Delivery | undefined, scene: Scene): Promise<End> {
  const call = attempt(() => callOf(start, scene));
  if (!('error' in call)) return evaluateCall(call, start.place.chain, scene);
  const { error } = call;
  // The caller is told of what was wrong with the call itself, as when it is sent.
  if (!by || !(error instanceof TalloError)) throw error;
  const failure = { state: 'FAILURE', result: encodeException(error), traceback: tracebackOf(error) };
  return fail(start, { failure, by }, scene);
}

function callOf({ signature, place }: Start, { app, clock }: Scene) {
  // Everything runs here: nothing is written out for Python's workers, and nothing kept in a table.
  const world = { isServedByCelery: () => false, ttl: 0 };
  for (const planned of plan(signature, { ...place, chain: [] }, world)) {
    if (planned.kind === 'call') return addressed(app, planned, clock.now());
  }
  throw new Error(`Expected a call of '${signature.task}' to be planned, got none.`);
}

function attempt<T>(work: () => T): T | { readonly error: unknown } {
  try {
    return work();
  } catch (error) {
    return { error };
  }
}
