import { asOptions } from '../flow/place.ts';
import type { Json } from '../wire/json.ts';
import {
  bodyOf,
  kindOf,
  memberId,
  resultId,
  type SignatureJson,
  tasksOf,
  withOptions,
} from '../wire/signature.ts';
import type { Effect, Failure } from './effect.ts';
import { listOf, type Start } from './follow-up.ts';

/** What must be done where a signature fails instead of starting: it ends, with all that would have followed it. */
export function failInstead({ signature, place }: Start, failure: Failure): readonly Effect[] {
  const placed = withOptions(signature, { ...asOptions({ ...place, chain: [] }), ...signature.options });
  const errbacks = failedBy(signature, resultId(signature) ?? '');
  return [
    { kind: 'abandon', chain: [...place.chain, placed], failure, ending: 'failed' },
    ...errbacks.map((one): Effect => ({ kind: 'errbacks', failure, ...one })),
  ];
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
