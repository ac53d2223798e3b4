import { dependencies, type GraphOptions } from './dependencies.ts';
import { isGroup, type Result } from './result.ts';
import type { State } from './states.ts';

/** A tree of results as plain data. */
export interface ResultGraph {
  /** `state` and `name` are null for a group. */
  readonly nodes: readonly {
    readonly id: string;
    readonly kind: 'task' | 'group';
    readonly state: State | null;
    readonly name: string | null;
  }[];
  /** Ids: `from` started `to`, or has it as a member. */
  readonly edges: readonly { readonly from: string; readonly to: string }[];
}

export async function graphOf(root: Result, options: GraphOptions): Promise<ResultGraph> {
  const [nodes, edges]: [ResultGraph['nodes'][number][], ResultGraph['edges'][number][]] = [[], []];
  for await (const [parent, result] of dependencies(root, options)) {
    nodes.push(await nodeOf(result));
    if (parent) edges.push({ from: parent.id, to: result.id });
  }
  return { nodes, edges };
}

async function nodeOf(result: Result): Promise<ResultGraph['nodes'][number]> {
  const { id } = result;
  if (isGroup(result)) return { id, kind: 'group', state: null, name: null };
  const { state, name } = await result.meta();
  return { id, kind: 'task', state, name };
}
