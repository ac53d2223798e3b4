import { groupSignature, kindOf, type SignatureJson, tasksOf } from '../wire/signature.ts';
import { readMembers } from './members.ts';
import { appOf, type Part } from './part.ts';
import { Signature } from './signature.ts';
import type { AnySignature, TakesOf } from './types/any-signature.ts';
import type { Group, GroupIn, HandleOfGroup, Listed, Results } from './types/group.ts';

/**
 * Calls tasks at the same time; the handle gives their results in order, as a tuple if they are listed and as an array if they come in
 * one. Arguments of the call go to every member. Groups inside give their results one by one.
 *
 * Mirrors {@link https://docs.celeryq.dev/en/stable/userguide/canvas.html#groups celery.group}.
 *
 * @example
 * ```ts
 * import { group, Tallo } from 'tallo';
 *
 * const app = new Tallo('store');
 * const add = app.task('math.add', (x: number, y: number) => x + y);
 *
 * const sums = group([1, 2, 3].map((x) => add.s(x, x))); // await sums.delay() sends them
 * console.log(sums.tasks.length); // 3
 * ```
 */
export function group<S extends readonly AnySignature[]>(
  ...members: Listed<S>
): Group<GroupIn<S>, Results<S>, TakesOf<S[number]>, HandleOfGroup<S>>;
export function group<M extends AnySignature>(
  members: Iterable<M>,
): Group<GroupIn<readonly M[]>, Results<readonly M[]>, TakesOf<M>>;
export function group(...given: readonly unknown[]): unknown {
  const { parts, isListed } = readMembers(given, 'a group', 'member');
  const [only] = parts;
  const isOnly = isListed && parts.length === 1 && only !== undefined;
  return new Signature({
    app: appOf(parts),
    json: groupSignature(parts.flatMap(membersOf)),
    isLone: isOnly && (kindOf(only.json) !== 'group' || only.isLone),
  });

  function membersOf({ json }: Part): readonly SignatureJson[] {
    // As in Celery, a group around nothing but a group is the same group.
    const isFrameOnly = isOnly && kindOf(json) === 'group' && Object.keys(json.options).length === 0;
    return isFrameOnly ? tasksOf(json) : [json];
  }
}
