import {
  bodyOf,
  groupSignature,
  headerOf,
  kindOf,
  memberId,
  resultId,
  type SignatureJson,
  tasksOf,
  withOptions,
} from '../wire/signature.ts';

/** A signature as Celery writes it: ids that follow from a group's are there for each member, too. */
export function withIds(signature: SignatureJson): SignatureJson {
  const { kwargs } = signature;
  switch (kindOf(signature)) {
    case 'chain':
      return { ...signature, kwargs: { ...kwargs, tasks: tasksOf(signature).map(withIds) } };
    case 'group':
      return membersWithIds(signature);
    case 'chord': {
      const header = membersWithIds(headerOf(signature));
      return { ...signature, kwargs: { ...kwargs, header, body: withIds(bodyOf(signature)) } };
    }
    default:
      return signature;
  }
}

function membersWithIds(group: SignatureJson): SignatureJson {
  const groupId = resultId(group) ?? '';
  const members = tasksOf(group).map((member, i) =>
    kindOf(member) === 'task' && resultId(member) === undefined
      ? withOptions(member, { task_id: memberId(groupId, i) })
      : withIds(member),
  );
  return groupSignature(members, group.options);
}
