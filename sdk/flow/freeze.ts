import type { JsonObject } from '../wire/json.ts';
import {
  bodyOf,
  chainSignature,
  groupSignature,
  headerOf,
  kindOf,
  memberId,
  resultId,
  type SignatureJson,
  withOptions,
} from '../wire/signature.ts';
import { collected, membersOf, placeOptions, stepsOf, unchunked } from './normalise.ts';

/**
 * Gives a signature its ids, so that the same workflow is made again wherever it is started again. What has an id keeps it,
 * except that the result is found under `id` if one is given. Tasks in a group need none: theirs follow from the group's.
 */
export function freeze(given: SignatureJson, newId: () => string, id?: string): SignatureJson {
  const signature = unchunked(given);
  switch (kindOf(signature)) {
    case 'task':
      return withOptions(signature, { task_id: id ?? resultId(signature) ?? newId() });
    case 'chain': {
      const steps = stepsOf(signature);
      const last = steps.length - 1;
      const frozen = steps.map((step, i) => freeze(step, newId, i === last ? id : undefined));
      return chainSignature(frozen, optionsOfFrame(signature));
    }
    case 'group':
      return frozenGroup(signature, newId, id);
    case 'chord': {
      const header = frozenGroup(collecting(headerOf(signature)), newId);
      const body = freeze(bodyOf(signature), newId, id);
      const { task_id: _, ...options } = signature.options;
      return { ...signature, kwargs: { ...signature.kwargs, header, body }, options };
    }
  }
}

function frozenGroup(group: SignatureJson, newId: () => string, id?: string): SignatureJson {
  const groupId = id ?? resultId(group) ?? newId();
  const members = membersOf(group).map((member, i) =>
    kindOf(member) === 'task' ? member : freeze(member, newId, resultId(member) ?? memberId(groupId, i)),
  );
  return groupSignature(members, { ...group.options, task_id: groupId });
}

/** In a header a chain that ends in a group is one member with one result: the list. */
function collecting(header: SignatureJson): SignatureJson {
  return groupSignature(membersOf(header).map(collected), header.options);
}

/** What the frame of a chain says has gone to its steps, but for its place in a larger workflow. */
function optionsOfFrame({ options }: SignatureJson): JsonObject {
  return Object.fromEntries(
    placeOptions.flatMap((name) => (name in options ? [[name, options[name] ?? null]] : [])),
  );
}
