import type { Delivery } from '../engine/delivery.ts';
import type { Start } from '../engine/follow-up.ts';
import { memberResultId } from '../flow/joined-by.ts';
import { optionsForParts, type Place } from '../flow/place.ts';
import { resultId, type SignatureJson, tasksOf } from '../wire/signature.ts';
import { type End, firstFailed, type Member, memberValue } from './end.ts';
import type { Scene } from './scene.ts';

/** Runs the members of a group, one after the other; its value is the list of theirs. */
export async function evaluateGroup(
  { signature, place }: Start,
  by: Delivery | undefined,
  scene: Scene,
): Promise<End> {
  const options = optionsForParts(signature, place);
  const { members, last } = await evaluateMembers(signature, { place: { ...place, options }, by }, scene);
  const values = members.map((member) => memberValue(member));
  return {
    ended: firstFailed(members) ?? { kind: 'done', value: values, isKept: true },
    added: [],
    by: last,
  };
}

/** Runs the members of a group or of a header: all of them, also after one has failed. */
export async function evaluateMembers(
  group: SignatureJson,
  { place, by }: { place: Place; by: Delivery | undefined },
  scene: Scene,
): Promise<{ readonly members: readonly Member[]; readonly last: Delivery | undefined }> {
  const groupId = resultId(group) ?? '';
  const members: Member[] = [];
  let last = by;
  for (const [index, signature] of tasksOf(group).entries()) {
    const around = { chain: [], group: { id: groupId, index } };
    const end = await scene.evaluate({ signature, place: { ...place, ...around } }, by);
    members.push({ id: memberResultId(signature, groupId, index), ended: end.ended }, ...end.added);
    last = end.by ?? last;
  }
  return { members, last };
}
