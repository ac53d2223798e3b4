import type { GroupResult } from '../result/group-result.ts';
import { isGroup, type Result } from '../result/result.ts';
import { memberId } from '../wire/signature.ts';

/** A group whose members' ids follow from its own: one entry of the list stands for them all. */
export interface TargetGroup {
  readonly id: string;
  readonly size: number;
}

/** What is to be revoked. */
export interface Targets {
  readonly ids: readonly string[];
  readonly groups: readonly TargetGroup[];
}

/** Everything that handles know of: the calls themselves, the steps before them and the members of groups. */
export function targetsOf(results: Iterable<Result>): Targets {
  const ids = new Set<string>();
  const groups: TargetGroup[] = [];
  const all = new Set(results);
  // A set goes on with what is added on the way.
  for (const result of all) {
    const others = isGroup(result) ? othersIn(result) : [];
    for (const other of [result.parent, ...others]) if (other) all.add(other);
    if (!isGroup(result)) ids.add(result.id);
    else if (result.results.some(isDerived(result))) groups.push({ id: result.id, size: result.length });
  }
  return { ids: [...ids], groups };
}

/** What the group's own entry does not cover: other members, and the steps of members that are workflows. */
function othersIn(group: GroupResult<readonly unknown[]>): readonly (Result | null)[] {
  const isCovered = isDerived(group);
  return group.results.map((member, i) => (isCovered(member, i) ? member.parent : member));
}

function isDerived({ id }: Pick<Result, 'id'>): (member: Result, index: number) => boolean {
  return (member, index) => !isGroup(member) && member.id === memberId(id, index);
}
