import { registry, toJSONSchema } from 'zod/v4/core';
import type { Schema } from '../../sdk/task/schema.ts';
import type { Json, JsonObject } from '../../sdk/wire/json.ts';
import { beyondJsonSchema } from './zod-marks.ts';

/** Neither titles nor examples: they say nothing of what a message may hold. */
const noMetadata = registry<Record<string, unknown>>();

/**
 * Describes what a schema takes from the wire, as JSON Schema. What that has no words for stands under keywords that begin with
 * `x-`: see `zod-marks.ts`.
 *
 * @param parents conversions that the schema is a part of: one may lead to itself
 */
export function describeSchema(schema: Schema, parents: readonly Schema[] = []): JsonObject {
  if (parents.includes(schema)) return { 'x-kind': 'a conversion within itself' };
  // Types say that it is one of zod; a program in JavaScript may say otherwise.
  if (!('_zod' in schema)) return { 'x-kind': 'foreign' };
  const described = toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    metadata: noMetadata,
    override: ({ zodSchema, jsonSchema }) => {
      const describeInner = (inner: Schema) => describeSchema(inner, [...parents, schema]);
      Object.assign(jsonSchema, beyondJsonSchema(zodSchema, { described: jsonSchema, describeInner }));
    },
  });
  const { $schema: _draft, ...own } = described;
  // toJSONSchema answers what JSON.parse has made.
  return sorted(own as unknown as JsonObject) as JsonObject;
}

/** By name, so that fields that change places in the code change nothing here. */
function sorted(json: Json, keyword = ''): Json {
  if (Array.isArray(json)) {
    const items = json.map((item) => sorted(item));
    return keyword === 'required' ? items.toSorted() : items;
  }
  if (typeof json !== 'object' || json === null) return json;
  const entries = Object.entries(json).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([name, child]) => [name, sorted(child, name)]));
}
