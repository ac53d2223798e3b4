import { readJoin } from '../flow/join.ts';
import { asOptions } from '../flow/place.ts';
import { isJsonObject, type Json, listOf } from '../wire/json.ts';
import {
  bodyOf,
  kindOf,
  memberId,
  readSignature,
  resultId,
  type SignatureJson,
  tasksOf,
  withOptions,
} from '../wire/signature.ts';
import type { Effect, Failure } from './effect.ts';
import type { Start } from './follow-up.ts';

/** What must be done where a signature fails instead of starting: it ends, with all that would have followed it. */
export function failInstead({ signature, place }: Start, failure: Failure): readonly Effect[] {
  const placed = withOptions(signature, { ...asOptions({ ...place, chain: [] }), ...signature.options });
  const later = errbacksAround(placed);
  const due = failedBy(signature, resultId(signature) ?? '').map(({ errbacks, id }) => ({
    errbacks: errbacks.filter((errback) => !later.has(JSON.stringify(errback))),
    id,
  }));
  return [
    { kind: 'abandon', chain: [...place.chain, placed], failure, ending: 'failed' },
    ...due.map((one): Effect => ({ kind: 'errbacks', failure, ...one })),
  ];
}

/**
 * The error callbacks of the chord of Celery's around it, which fails with it: Celery puts those of a chord on the chords in its
 * header as well, and means one call.
 */
function errbacksAround({ options }: SignatureJson): ReadonlySet<string> {
  const { chord = null } = options;
  const body = readJoin(chord) ? null : chord;
  const isSignature = isJsonObject(body) && typeof body.task === 'string';
  const errbacks = isSignature ? failedBy(readSignature(body), '').flatMap((one) => one.errbacks) : [];
  return new Set(errbacks.map((errback) => JSON.stringify(errback)));
}

interface Failed {
  readonly errbacks: readonly Json[];
  readonly id: string;
}

/** The error callbacks that are due: those of the tasks that the signature would have begun with. */
function failedBy(signature: SignatureJson, id: string): readonly Failed[] {
  switch (kindOf(signature)) {
    case 'chain':
      return tasksOf(signature)
        .slice(0, 1)
        .flatMap((first) => failedBy(first, id));
    case 'chord':
      return failedBy(bodyOf(signature), id);
    case 'group':
      return tasksOf(signature).flatMap((member, i) => failedBy(member, resultId(member) ?? memberId(id, i)));
    default:
      return [{ errbacks: listOf(signature.options.link_error ?? null), id }];
  }
}
