import type { Json } from '../wire/json.ts';

/** The id of a member's result, or of those of a group inside. */
export type Member = string | readonly Member[];

/** The members of a group from its tuple, `[[id, parent], members]`. */
export function membersIn(tuple: Json | undefined): readonly Member[] | undefined {
  const [, members] = Array.isArray(tuple) ? tuple : [];
  return Array.isArray(members) ? members.map(memberIn) : undefined;
}

function memberIn(tuple: Json): Member {
  const inner = membersIn(tuple);
  if (inner) return inner;
  const [node] = Array.isArray(tuple) ? tuple : [];
  const [id] = Array.isArray(node) ? node : [];
  return typeof id === 'string' ? id : '';
}

/** The ids of all results, those of groups inside among them. */
export function leavesOf(members: readonly Member[]): readonly string[] {
  return members.flatMap((member) => (typeof member === 'string' ? [member] : leavesOf(member)));
}

/** Values in the shape of the members; takes them from the front. */
export function nested(members: readonly Member[], values: Json[]): readonly Json[] {
  return members.map((member) =>
    typeof member === 'string' ? (values.shift() ?? null) : nested(member, values),
  );
}
