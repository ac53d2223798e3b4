import type { $ZodTypes } from 'zod/v4/core';
import type { Schema } from '../../sdk/task/schema.ts';
import type { Json, JsonObject } from '../../sdk/wire/json.ts';
import { checkMarks } from './zod-checks.ts';

/** What an override is given beside the schema. */
interface Around {
  /** What zod has made of the schema. */
  readonly described: { allOf?: unknown };
  readonly describeInner: (inner: Schema) => JsonObject;
}

/** Kinds of values that JSON Schema does not know; zod describes them as any value. */
const kinds = new Set<string>([
  'bigint',
  'custom',
  'date',
  'function',
  'map',
  'nan',
  'set',
  'symbol',
  'transform',
  'undefined',
  'void',
]);

/**
 * What JSON Schema has no words for, in keywords of our own, so that a change of it is seen or at least known to be unseen:
 *
 * - `x-kind`: a value that is none of JSON's, such as a date
 * - `x-checks`: checks that only the program knows
 * - `x-order`: all checks in their order, where one of them changes the value before the next
 * - `x-convert`: what a codec or a transform makes of the value
 * - `x-open`: several objects at once, one of which keeps fields that it has no name for
 * - `x-coerce`, `x-catch`: values of other types are turned into this one, or replaced
 */
export function beyondJsonSchema(schema: Schema, around: Around): JsonObject {
  // Every schema of zod is one of these; what a later version adds is described as zod does.
  const { def } = (schema as $ZodTypes)._zod;
  const coerces = 'coerce' in def && def.coerce === true;
  return {
    ...(kinds.has(def.type) && { 'x-kind': def.type }),
    ...(coerces && { 'x-coerce': true }),
    ...(def.type === 'intersection' && keepsUnknown(schema) && { 'x-open': true }),
    ...(def.type === 'catch' && { 'x-catch': true }),
    ...checkMarks(schema, innerChecks(def, around)),
    ...literalMarks(def),
    ...pipeMarks(def, around),
  };
}

/** What is inside of a value that JSON Schema does not know, or narrows its keys: any change of it counts. */
function innerChecks(def: $ZodTypes['_zod']['def'], { describeInner }: Around): readonly string[] {
  const inside = (...inner: readonly Schema[]) => [`of ${JSON.stringify(inner.map(describeInner))}`];
  // Of forms that exclude each other only one may be left out.
  const optional = def.type === 'union' && def.inclusive === false ? def.options.filter(isOptional) : [];
  if (optional.length > 1) return inside(...optional);
  if (def.type === 'set') return inside(def.valueType);
  if (def.type === 'map') return inside(def.keyType, def.valueType);
  // Zod leaves out how keys are narrowed that are numbers.
  if (def.type === 'record' && def.keyType._zod.def.type === 'number') return inside(def.keyType);
  return [];
}

/** As far as can be seen. Zod's description of several objects at once tells of no such fields. */
function keepsUnknown(schema: Schema): boolean {
  const { def } = (schema as $ZodTypes)._zod;
  if (def.type === 'intersection') return keepsUnknown(def.left) || keepsUnknown(def.right);
  if (def.type !== 'object') return true;
  return def.catchall !== undefined && def.catchall._zod.def.type !== 'never';
}

function isOptional(schema: Schema): boolean {
  return schema._zod.optin !== undefined;
}

/** Literals that are not JSON's; zod leaves them out or makes numbers of them. */
function literalMarks(def: $ZodTypes['_zod']['def']): JsonObject {
  if (def.type !== 'literal') return {};
  const foreign = def.values.filter((value) => value === undefined || typeof value === 'bigint');
  if (foreign.length === 0) return {};
  return { 'x-kind': `literal of ${def.values.map(String).join(', ')}` };
}

function pipeMarks(def: $ZodTypes['_zod']['def'], { described, describeInner }: Around): JsonObject {
  if (def.type !== 'pipe') return {};
  const { in: first, out } = def;
  // A transform that comes first takes anything.
  if (first._zod.def.type === 'transform') return { 'x-kind': 'preprocessed' };
  // It has references of its own: by its $id they begin there.
  const then: Json = { $id: 'then', ...describeInner(out) };
  if (isConversion(def)) return { 'x-convert': then };
  const others = Array.isArray(described.allOf) ? described.allOf : [];
  return { allOf: [...others, then] };
}

/** Whether the value that comes out is another one than the value that goes in. */
function isConversion(def: $ZodTypes['_zod']['def']): boolean {
  if (def.type === 'transform') return true;
  if (def.type !== 'pipe') return false;
  if ('transform' in def) return true;
  // As above.
  return [def.in, def.out].some((part) => isConversion((part as $ZodTypes)._zod.def));
}
