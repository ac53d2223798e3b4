import { derivedIds } from '../flow/derived-ids.ts';
import { freeze } from '../flow/freeze.ts';
import { collected, withCallbacks, withErrbacks } from '../flow/normalise.ts';
import { nowhere, type Place } from '../flow/place.ts';
import type { Envelope } from '../wire/envelope.ts';
import { isJsonObject, type Json, listOf } from '../wire/json.ts';
import { inheritedPriority } from '../wire/priority.ts';
import {
  bodyOf,
  kindOf,
  readSignature,
  readSignatures,
  type SignatureJson,
  tasksOf,
  withOptions,
} from '../wire/signature.ts';

/** A signature that starts now, and where. */
export interface Start {
  readonly signature: SignatureJson;
  readonly place: Place;
}

/** The calls that a success starts: callbacks, then the next step of the chain. `chain` has its next step at the end. */
export function startsAfter(envelope: Envelope, chain: readonly Json[], value: Json): readonly Start[] {
  const { id, rootId, embed } = envelope;
  const place = { ...nowhere, args: [value], rootId, parentId: id, priority: inheritedPriority(envelope) };
  const callbacks = readSignatures(embed.callbacks, 'a callback').map((callback, i) => ({
    signature: freeze(callback, derivedIds(`${id}:link:${i}`)),
    place,
  }));
  const step = chain.at(-1);
  if (step === undefined) return callbacks;
  const next = {
    signature: freeze(readSignature(step, 'the next step'), derivedIds(`${id}:next`)),
    place: { ...place, chain: chain.slice(0, -1) },
  };
  return [...callbacks, next];
}

/** What stands in for a task that has replaced itself: under its id, in its place, with its callbacks. */
export function replacementOf(envelope: Envelope, replacement: SignatureJson): Start {
  const { id, embed, rootId, group, groupIndex } = envelope;
  const nesting = nestingOf(envelope) + 1;
  // The value of a group is its list: somebody must collect it under the id of the task.
  const whole = collected(replacement);
  const linked = withErrbacks(withCallbacks(whole, listOf(embed.callbacks)), listOf(embed.errbacks));
  const frozen = freeze(withStamps(linked, envelope), derivedIds(`${id}:replace:${nesting}`), id);
  const signature = withNesting(frozen, nesting);
  return {
    signature,
    place: {
      ...nowhere,
      options: { replaced_task_nesting: nesting },
      chain: listOf(embed.chain),
      chord: embed.chord,
      group: group === null ? null : { id: group, index: groupIndex },
      rootId,
      parentId: kindOf(signature) === 'task' ? envelope.parentId : id,
      priority: inheritedPriority(envelope),
    },
  };
}

/** The task that ends under the id of the one that was replaced knows how often: it may replace itself again. */
function withNesting(signature: SignatureJson, nesting: number): SignatureJson {
  const { kwargs } = signature;
  switch (kindOf(signature)) {
    case 'chain': {
      const steps = tasksOf(signature);
      const last = steps.slice(-1).map((step) => withNesting(step, nesting));
      return { ...signature, kwargs: { ...kwargs, tasks: [...steps.slice(0, -1), ...last] } };
    }
    case 'chord':
      return { ...signature, kwargs: { ...kwargs, body: withNesting(bodyOf(signature), nesting) } };
    default:
      return withOptions(signature, { replaced_task_nesting: nesting });
  }
}

/** How often a call has stood in for another. */
export function nestingOf({ headers }: Pick<Envelope, 'headers'>): number {
  const { replaced_task_nesting } = headers;
  return typeof replaced_task_nesting === 'number' ? replaced_task_nesting : 0;
}

/** Stamps of the task that was replaced stay, unless the replacement has its own of that name. */
function withStamps(signature: SignatureJson, { headers }: Envelope): SignatureJson {
  const { stamped_headers, stamps } = headers;
  if (!Array.isArray(stamped_headers) || !isJsonObject(stamps)) return signature;
  const own = signature.options.stamped_headers;
  const names = new Set([...stamped_headers, ...(Array.isArray(own) ? own : [])]);
  return withOptions(signature, { ...stamps, ...signature.options, stamped_headers: [...names] });
}
