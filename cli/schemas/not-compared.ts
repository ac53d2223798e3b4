import { isJsonObject, type Json, type JsonObject, listOf } from '../../sdk/wire/json.ts';
import { resolveReference } from './compare/alternatives.ts';
import { fieldIn } from './compare/difference.ts';
import { type Finding, hasSchema } from './compare-snapshots.ts';
import type { Snapshot } from './snapshot.ts';

/** A kind of which only the kind is compared. */
const hiddenKinds = new Set(['custom', 'foreign', 'function', 'preprocessed', 'transform']);

/** What a change could hide in: parts of schemas that only the program knows. */
export function notCompared({ tasks }: Snapshot): readonly Finding[] {
  return Object.entries(tasks).flatMap(([task, { args, kwargs }]) => {
    const found = [
      ...(hasSchema(args)
        ? lookInto(args, 'args')
        : [{ field: 'args', message: 'no schema, only their number' }]),
      ...(kwargs ? lookInto(kwargs, 'kwargs') : []),
    ];
    return found.map((hidden) => ({ task, ...hidden }));
  });
}

type Hidden = Omit<Finding, 'task'>;

function lookInto(document: JsonObject, name: string): readonly Hidden[] {
  const seen = new Set<JsonObject>();
  const found = new Map<string, Hidden>();
  const look = (json: Json, field: string, root: JsonObject): void => {
    if (!isJsonObject(json) || seen.has(json)) return;
    seen.add(json);
    const within = json.$id === undefined ? root : json;
    for (const message of hiddenIn(json)) found.set(`${field} ${message}`, { field, message });
    for (const [inner, child] of childrenOf(json, field)) look(child, inner, within);
    if (typeof json.$ref === 'string') look(resolveReference(json.$ref, within).schema, field, within);
  };
  look(document, name, document);
  return [...found.values()];
}

function hiddenIn(json: JsonObject): readonly string[] {
  const { 'x-kind': kind, 'x-checks': checks, 'x-convert': conversion, 'x-catch': fallback } = json;
  return [
    ...(listOf(checks).includes('custom') && kind !== 'custom' ? ['a refinement'] : []),
    ...(typeof kind === 'string' && hiddenKinds.has(kind) ? [`a ${kind} schema`] : []),
    ...(conversion === undefined ? [] : ['a conversion']),
    ...(fallback === undefined ? [] : ['a fallback']),
  ];
}

function childrenOf(json: JsonObject, field: string): readonly (readonly [string, Json])[] {
  const { properties = {}, additionalProperties, items, 'x-convert': conversion } = json;
  const named = isJsonObject(properties) ? Object.entries(properties) : [];
  const same = ['anyOf', 'allOf', 'oneOf'].flatMap((keyword) => listOf(json[keyword]));
  return [
    ...named.map(([name, child]) => [fieldIn(field, name), child] as const),
    ...listOf(json.prefixItems).map((child, i) => [`${field}[${i}]`, child] as const),
    ...listOf(items).map((child) => [`${field}[]`, child] as const),
    ...listOf(additionalProperties).map((child) => [`${field}.*`, child] as const),
    ...listOf(conversion).map((child) => [`${field} (converted)`, child] as const),
    ...same.map((child) => [field, child] as const),
  ];
}
