import type { $ZodCheckDef } from 'zod/v4/core';
import type { Schema } from '../../sdk/task/schema.ts';
import type { JsonObject } from '../../sdk/wire/json.ts';

/** Checks whose whole meaning zod writes into JSON Schema, by the type that they are about. */
const expressed: Readonly<Record<string, readonly string[]>> = {
  number: ['greater_than', 'less_than', 'multiple_of', 'number_format'],
  string: ['min_length', 'max_length', 'length_equals', 'string_format'],
  array: ['min_length', 'max_length', 'length_equals'],
  tuple: ['min_length', 'max_length', 'length_equals'],
};

/** A text that trimming, changing case and normalising make different texts of. */
const sample = ' aBe\u0301 ';

/** The checks of a schema that JSON Schema does not tell of: each by a text that changes with what it demands, as far as that can be seen. */
export function checkMarks(schema: Schema, others: readonly string[]): JsonObject {
  const { def, traits } = schema._zod;
  const own = traits.has('$ZodCheck') ? [schema._zod.def as unknown as CheckDef] : [];
  const checks = [...own, ...(def.checks ?? []).map((check) => check._zod.def as CheckDef)];
  const unseen = [...checks.flatMap((check) => unseenPart(check, def.type)), ...others];
  const changesValue = checks.some(({ check }) => check === 'overwrite');
  return {
    ...(unseen.length > 0 && { 'x-checks': unseen.toSorted() }),
    ...(changesValue && { 'x-order': checks.map(describe) }),
  };
}

type CheckDef = $ZodCheckDef & Readonly<Record<string, unknown>>;

/** Empty for what JSON Schema tells. */
function unseenPart(check: CheckDef, type: string): readonly string[] {
  if (!expressed[type]?.includes(check.check)) return [describe(check)];
  if (check.check !== 'string_format') return [];
  // A pattern is written without its flags, and some formats have settings that no pattern tells.
  const { format, pattern, hostname, protocol, alg } = check;
  const flags = pattern instanceof RegExp ? pattern.flags.replace(/[gy]/g, '') : '';
  const extras = { ...(flags !== '' && { pattern: String(pattern) }), hostname, protocol, alg };
  const given = Object.entries(extras).filter(([, extra]) => extra !== undefined && extra !== null);
  return given.length === 0 ? [] : [`${String(format)} ${write(Object.fromEntries(given))}`];
}

function describe(check: CheckDef): string {
  const { check: name, abort: _abort, error: _error, when: _when, fn: _fn, tx, ...settings } = check;
  if (name === 'overwrite') return `overwrite ${JSON.stringify(madeOfSample(tx))}`;
  if (name === 'custom') return 'custom';
  return `${name} ${write(settings)}`;
}

/** What a change of texts is: told by what it does, since a function's source differs between builds. */
function madeOfSample(change: unknown): unknown {
  try {
    return typeof change === 'function' ? change(sample) : null;
  } catch {
    return null;
  }
}

function write(settings: object): string {
  return JSON.stringify(settings, (_name, value) => {
    if (value instanceof RegExp || typeof value === 'bigint') return String(value);
    return typeof value === 'object' && value !== null && '_zod' in value ? 'schema' : value;
  });
}
