import { isJsonObject, type Json, type JsonObject, listOf } from '../../../sdk/wire/json.ts';
import { type Node, nodeOf } from './alternatives.ts';
import {
  breaks,
  type Compare,
  type Difference,
  fieldIn,
  note,
  type Pair,
  requiredAdvice,
} from './difference.ts';

/** Compares the fields of two objects, named ones and others. */
export function compareObjects(pair: Pair, compare: Compare): readonly Difference[] {
  const { old, next } = pair;
  const names = new Set([...Object.keys(propertiesOf(old)), ...Object.keys(propertiesOf(next))]);
  const required = new Set([...listOf(old.schema.required), ...listOf(next.schema.required)]);
  for (const name of required) names.add(String(name));
  return [
    ...[...names].flatMap((name) => compareProperty(pair, name, compare)),
    ...compareNames(pair, compare),
    ...compareUnnamed(pair, compare),
  ];
}

function compareProperty({ old, next, field }: Pair, name: string, compare: Compare): readonly Difference[] {
  const inner = fieldIn(field, name);
  const [before, now] = [propertyOf(old, name), propertyOf(next, name)];
  const isMissing = isRequired(next, name) && !isRequired(old, name);
  // Who has never known the field has never sent it.
  const lacks = before === undefined && unnamed(old) === undefined ? 'do not have it' : 'may not have it';
  if (isMissing) return [breaks(inner, `is required now, and waiting messages ${lacks}.`, requiredAdvice)];
  if (now !== undefined) return compareKnown({ before: before ?? unnamed(old), now, inner }, compare);
  if (before === undefined) return [];
  return compareForgotten({ before, rest: next.schema.additionalProperties, inner, next }, compare);
}

interface Known {
  readonly before: Node | undefined;
  readonly now: Node;
  readonly inner: string;
}

function compareKnown({ before, now, inner }: Known, compare: Compare): readonly Difference[] {
  if (before === undefined) return [note(inner, 'is new.')];
  return compare({ old: before, next: now, field: inner });
}

interface Forgotten {
  readonly before: Node;
  readonly rest: Json | undefined;
  readonly inner: string;
  readonly next: Node;
}

function compareForgotten({ before, rest, inner, next }: Forgotten, compare: Compare): readonly Difference[] {
  if (rest === undefined) return [note(inner, 'is not read any more, waiting messages may have it.')];
  if (rest === false) return [breaks(inner, 'is refused now, and waiting messages may have it.')];
  return compare({ old: before, next: nodeOf(rest, next.root), field: inner });
}

/** Fields that no name tells of. */
function compareUnnamed({ old, next, field }: Pair, compare: Compare): readonly Difference[] {
  const [before, now] = [old.schema.additionalProperties, next.schema.additionalProperties];
  if (before === false || now === undefined) return [];
  if (now === false)
    return [breaks(field, 'refuses fields that it does not know now, and waiting messages may have some.')];
  return compare({ old: nodeOf(before, old.root), next: nodeOf(now, next.root), field: `${field}.*` });
}

/** Of a record: which names its fields may have. */
function compareNames({ old, next, field }: Pair, compare: Compare): readonly Difference[] {
  const { propertyNames } = next.schema;
  if (propertyNames === undefined) return [];
  const inner = `the names in ${field}`;
  const names = nodeOf(propertyNames, next.root);
  const text: Json = { type: 'string' };
  const known = Object.keys(propertiesOf(old)).map((name): Json => ({ const: name }));
  const others = old.schema.additionalProperties === false ? [] : [old.schema.propertyNames ?? text];
  return [...known, ...others].flatMap((schema) =>
    compare({ old: nodeOf(schema, old.root), next: names, field: inner }),
  );
}

function propertiesOf({ schema }: Node): JsonObject {
  const { properties = null } = schema;
  return isJsonObject(properties) ? properties : {};
}

function propertyOf(node: Node, name: string): Node | undefined {
  const properties = propertiesOf(node);
  return Object.hasOwn(properties, name) ? nodeOf(properties[name], node.root) : undefined;
}

/** What a field may hold that has no name here; undefined: it is dropped or refused, so nobody sends it. */
function unnamed({ schema, root }: Node): Node | undefined {
  const { additionalProperties } = schema;
  return additionalProperties === undefined || additionalProperties === false
    ? undefined
    : nodeOf(additionalProperties, root);
}

function isRequired({ schema }: Node, name: string): boolean {
  return listOf(schema.required).includes(name);
}
