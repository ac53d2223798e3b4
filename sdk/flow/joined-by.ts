import {
  bodyOf,
  headerOf,
  kindOf,
  memberId,
  resultId,
  type SignatureJson,
  tasksOf,
} from '../wire/signature.ts';

/** Whether a Celery worker in Python serves that task. */
export type IsServedByCelery = (task: SignatureJson) => boolean;

/** Celery's workers know their own way only, and in it the ids of the members are listed. */
export function isJoinedByCelery(
  members: readonly SignatureJson[],
  groupId: string,
  isServedByCelery: IsServedByCelery,
): boolean {
  return members.some(
    (member, i) =>
      memberResultId(member, groupId, i) !== memberId(groupId, i) || hasLeaf(member, isServedByCelery),
  );
}

/** Whether any task in a signature is such a one. */
export function hasLeaf(signature: SignatureJson, is: IsServedByCelery): boolean {
  switch (kindOf(signature)) {
    case 'task':
      return is(signature);
    case 'chord':
      return hasLeaf(bodyOf(signature), is) || hasLeaf(headerOf(signature), is);
    default:
      return tasksOf(signature).some((inner) => hasLeaf(inner, is));
  }
}

/** The id of the result that a member of a group ends with. */
export function memberResultId(member: SignatureJson, groupId: string, index: number): string {
  return resultId(member) ?? memberId(groupId, index);
}
