import { isJsonObject, type Json, type JsonObject, listOf } from '../../../sdk/wire/json.ts';
import type { Alternative } from './alternatives.ts';

const names: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  null: 'null',
  array: 'a list',
  object: 'an object',
};

/** More would hide the sentence that they stand in. */
const mostShown = 8;

/** Says what a value may be, in words. */
export function describeAlternatives(alternatives: readonly Alternative[]): string {
  const words = [...new Set(alternatives.map(describe))];
  const shown = words.slice(0, mostShown);
  const last = words.length > mostShown ? `${words.length - mostShown} others` : shown.pop();
  return shown.length === 0 ? String(last) : `${shown.join(', ')} or ${last}`;
}

function describe({ type, facts }: Alternative): string {
  const schemas = facts.map(({ schema }) => schema);
  const fixed = schemas.find((schema) => schema.const !== undefined);
  if (fixed) return JSON.stringify(fixed.const);
  if (type === null) return 'any value';
  const name = names[type] ?? `a value of the kind '${type}'`;
  if (type === 'object') return `${name}${marksOf(schemas)}`;
  return type === 'string' ? `${name}${formatOf(schemas)}` : name;
}

function formatOf(schemas: readonly JsonObject[]): string {
  const [format] = schemas.flatMap((schema) => schema.format ?? []);
  return format === undefined ? '' : ` of the format ${format}`;
}

/** The fields of one value each, which tell the forms of an object apart. */
function marksOf(schemas: readonly JsonObject[]): string {
  const marks = schemas.flatMap(({ properties = null }) =>
    isJsonObject(properties) ? Object.entries(properties).flatMap(markOf) : [],
  );
  return marks.length === 0 ? '' : ` with ${marks.join(', ')}`;
}

function markOf([name, schema]: [string, Json]): readonly string[] {
  if (!isJsonObject(schema)) return [];
  const values = schema.const === undefined ? listOf(schema.enum) : [schema.const];
  return values.length === 1 ? [`${name} ${JSON.stringify(values[0])}`] : [];
}
