import { isJsonObject, type Json, type JsonObject, listOf } from '../../../sdk/wire/json.ts';

/** A piece of JSON Schema, with the document that its references lead into. */
export interface Node {
  readonly schema: JsonObject;
  readonly root: JsonObject;
}

/** One way in which a value can fit a schema: all facts hold, and none of the rivals. */
export interface Alternative {
  /** JSON's type, or what `x-kind` calls it; null: any value. */
  readonly type: string | null;
  /** Schemas without `anyOf`, `allOf` and references. None: nothing is demanded. */
  readonly facts: readonly Node[];
  readonly rivals: readonly Node[];
}

/** Longer chains of references than anybody writes: they lead nowhere. */
const maxReferences = 50;

/** A schema as a plain list of alternatives; none: it takes nothing. */
export function alternativesOf(node: Node, references = 0): readonly Alternative[] {
  const { $ref, $id, $schema: _draft, $defs: _defs, allOf, anyOf, oneOf, ...own } = node.schema;
  const root = $id === undefined ? node.root : node.schema;
  const nodes = (schemas: Json | undefined) => listOf(schemas).map((schema) => nodeOf(schema, root));
  let found = plain(own, root);
  if (typeof $ref === 'string') {
    if (references === maxReferences) return [];
    found = both(found, alternativesOf(resolveReference($ref, root), references + 1));
  }
  for (const member of nodes(allOf)) found = both(found, alternativesOf(member, references));
  if (anyOf !== undefined)
    found = both(
      found,
      nodes(anyOf).flatMap((option) => alternativesOf(option, references)),
    );
  if (oneOf === undefined) return found;
  const options = nodes(oneOf);
  const exclusive = options.flatMap((option) => {
    const others = options.filter((other) => other !== option);
    return alternativesOf(option, references).map((one) => ({ ...one, rivals: [...one.rivals, ...others] }));
  });
  return both(found, exclusive);
}

/** A schema within another; true and false are schemas as well. */
export function nodeOf(schema: Json | undefined, root: JsonObject): Node {
  if (schema === false) return { schema: { not: {} }, root };
  return { schema: schema !== undefined && isJsonObject(schema) ? schema : {}, root };
}

function plain(own: JsonObject, root: JsonObject): readonly Alternative[] {
  const { type, enum: values, const: value, 'x-kind': kind, ...rest } = own;
  const one = (type: string | null, keywords: JsonObject): Alternative => ({
    type,
    facts: Object.keys(keywords).length === 0 ? [] : [{ schema: keywords, root }],
    rivals: [],
  });
  if (rest.not !== undefined && isJsonObject(rest.not) && Object.keys(rest.not).length === 0) return [];
  if (typeof kind === 'string') return [one(kind, rest)];
  const fixed = value === undefined ? values : [value];
  if (Array.isArray(fixed)) return fixed.map((each: Json) => one(typeOf(each), { ...rest, const: each }));
  if (type === undefined) return [one(null, rest)];
  return listOf(type).map((each) => one(String(each), rest));
}

export function resolveReference(reference: string, root: JsonObject): Node {
  const steps = reference.replace(/^#\/?/, '').split('/').filter(Boolean);
  let found: Json | undefined = root;
  for (const step of steps) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
    found = found !== undefined && isJsonObject(found) ? found[name] : undefined;
  }
  return nodeOf(found ?? false, root);
}

function both(some: readonly Alternative[], others: readonly Alternative[]): readonly Alternative[] {
  return some.flatMap((one) => others.flatMap((other) => conjoined(one, other)));
}

/** Empty if nothing is of both types. */
function conjoined(one: Alternative, other: Alternative): readonly Alternative[] {
  const facts = [...one.facts, ...other.facts];
  const rivals = [...one.rivals, ...other.rivals];
  const type = narrower(one.type, other.type);
  if (type !== undefined) return [{ type, facts, rivals }];
  // What is coerced to one type may have been of the other, and a date is an object as well: nobody can tell what such a pair takes.
  const isPlain = [one, other].every((each) => isJsonType(each.type) && !takesOthers(each));
  if (isPlain) return [];
  return [{ type: null, facts: [...facts, { schema: { 'x-mixed': true }, root: {} }], rivals }];
}

const jsonTypes = new Set<string | null>([
  'array',
  'boolean',
  'integer',
  'null',
  'number',
  'object',
  'string',
]);

/** As opposed to what `x-kind` says. */
export function isJsonType(type: string | null): boolean {
  return jsonTypes.has(type);
}

/** Values of other types as well, which it makes its own of. */
export function takesOthers({ facts }: Alternative): boolean {
  return facts.some(({ schema }) => schema['x-coerce'] === true || schema['x-catch'] === true);
}

function narrower(one: string | null, other: string | null): string | null | undefined {
  if (one === other || other === null) return one;
  if (one === null) return other;
  const isNumeric = [one, other].every((type) => type === 'number' || type === 'integer');
  return isNumeric ? 'integer' : undefined;
}

function typeOf(value: Json): string {
  if (value === null) return 'null';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return Array.isArray(value) ? 'array' : typeof value;
}
