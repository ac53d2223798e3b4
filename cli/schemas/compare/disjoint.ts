import { isDeepStrictEqual } from 'node:util';
import { isJsonObject, listOf } from '../../../sdk/wire/json.ts';
import {
  type Alternative,
  alternativesOf,
  isJsonType,
  type Node,
  nodeOf,
  takesOthers,
} from './alternatives.ts';

/** How deep the fields are looked at that tell two forms of an object apart. */
const maxDepth = 4;

/** Whether no value at all fits both, as far as types, single values and fields that tell forms apart can show. */
export function areDisjoint(one: Alternative, other: Alternative, depth = 0): boolean {
  if (one.type === null || other.type === null) return false;
  if (takesOthers(one) || takesOthers(other)) return false;
  if (areOtherTypes(one.type, other.type)) return true;
  if (one.facts.some((fact) => other.facts.some((rival) => haveOtherConstants(fact, rival)))) return true;
  if (depth === maxDepth) return false;
  return one.facts.some((fact) =>
    other.facts.some((rival) => haveOtherFields(fact, rival, depth) || haveOtherFields(rival, fact, depth)),
  );
}

/** What JSON does not know, such as a date, may well be an object to zod, or anything at all. */
function areOtherTypes(one: string, other: string): boolean {
  if (one === other || (isNumeric(one) && isNumeric(other))) return false;
  if (isJsonType(one) && isJsonType(other)) return true;
  return [one, other].includes('date') && [one, other].some((type) => isJsonType(type) && type !== 'object');
}

function isNumeric(type: string): boolean {
  return type === 'number' || type === 'integer';
}

function haveOtherConstants(one: Node, other: Node): boolean {
  const [left, right] = [one.schema.const, other.schema.const];
  return left !== undefined && right !== undefined && !isDeepStrictEqual(left, right);
}

/** Whether the other one requires a field that is something else here. Where it is missing here, it does not fit there. */
function haveOtherFields(one: Node, other: Node, depth: number): boolean {
  return listOf(other.schema.required).some((name) => {
    const [left, right] = [fieldOf(one, String(name)), fieldOf(other, String(name))];
    if (left === undefined || right === undefined) return false;
    const [some, others] = [alternativesOf(left), alternativesOf(right)];
    // Nothing at all would be told apart from everything.
    if (some.length === 0 || others.length === 0) return false;
    return some.every((each) => others.every((rival) => areDisjoint(each, rival, depth + 1)));
  });
}

function fieldOf({ schema, root }: Node, name: string): Node | undefined {
  const { properties = null } = schema;
  if (!isJsonObject(properties) || !Object.hasOwn(properties, name)) return undefined;
  return nodeOf(properties[name], root);
}
