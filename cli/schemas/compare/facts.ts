import { isDeepStrictEqual } from 'node:util';
import type { JsonObject } from '../../../sdk/wire/json.ts';
import type { Alternative, Node } from './alternatives.ts';
import { breaks, type Compare, type Difference, isBreaking } from './difference.ts';
import { compareLists } from './lists.ts';
import { compareOthers } from './marks.ts';
import { compareObjects } from './objects.ts';
import { compareNumber, compareText } from './scalars.ts';

/** One alternative of the old schema, and one fact of the new one. */
interface FactPair {
  readonly one: Alternative;
  readonly next: Node;
  readonly field: string;
}

/** Compares what one fact demands. */
export function compareFact({ one, next, field }: FactPair, compare: Compare): readonly Difference[] {
  const old = one.facts.map(({ schema }) => schema);
  return [
    ...compareConstant(old, next.schema, field),
    ...compareOthers(old, next.schema, field),
    ...compareByType({ one, next, field }, compare),
  ];
}

function compareConstant(old: readonly JsonObject[], next: JsonObject, field: string): readonly Difference[] {
  const { const: value } = next;
  if (value === undefined || old.some((fact) => isDeepStrictEqual(fact.const, value))) return [];
  return [
    breaks(field, `takes only ${JSON.stringify(value)} now, and waiting messages may hold other values.`),
  ];
}

function compareByType({ one, next, field }: FactPair, compare: Compare): readonly Difference[] {
  const old = one.facts.map(({ schema }) => schema);
  switch (one.type) {
    case 'string':
      return compareText({ old, next: next.schema, field });
    case 'number':
    case 'integer':
      return compareNumber({
        old: old.map((fact) => ({ ...fact, type: one.type })),
        next: next.schema,
        field,
      });
    case 'object':
      if (!isStructured(next)) return [];
      return nearest(compositesOf(one).map((fact) => compareObjects({ old: fact, next, field }, compare)));
    case 'array':
      if (!isStructured(next)) return [];
      return nearest(compositesOf(one).map((fact) => compareLists({ old: fact, next, field }, compare)));
    default:
      return [];
  }
}

/** Of objects that are several at once, each may have the fields of the others, and none is known in full. */
function compositesOf({ facts }: Alternative): readonly Node[] {
  const structured = facts.filter(isStructured);
  if (structured.length === 0) return [{ schema: {}, root: {} }];
  const isOpen = facts.some(({ schema }) => schema['x-open'] === true);
  if (structured.length === 1 && !isOpen) return structured;
  return structured.map(({ schema, root }) => ({ schema: { ...schema, additionalProperties: {} }, root }));
}

const structure = [
  'additionalProperties',
  'items',
  'maxItems',
  'minItems',
  'prefixItems',
  'properties',
  'propertyNames',
  'required',
];

/** Whether it says something of what an object or a list holds. */
export function isStructured({ schema }: Node): boolean {
  return structure.some((keyword) => schema[keyword] !== undefined);
}

/** The one that breaks least: one that breaks nothing is proof enough. */
function nearest(results: readonly (readonly Difference[])[]): readonly Difference[] {
  const count = (differences: readonly Difference[]) => differences.filter(isBreaking).length;
  return results.toSorted((some, others) => count(some) - count(others))[0] ?? [];
}
