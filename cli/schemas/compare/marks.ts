import { isDeepStrictEqual } from 'node:util';
import { type Json, type JsonObject, listOf } from '../../../sdk/wire/json.ts';
import { type Node, nodeOf } from './alternatives.ts';
import { breaks, type Compare, type Difference, note } from './difference.ts';

/** All that one alternative says, of the old schema and of the new one. */
interface Marked {
  readonly old: readonly Node[];
  readonly next: readonly Node[];
  readonly field: string;
}

const cannotBeTold = 'whether waiting messages pass cannot be told.';

/** Compares what JSON Schema has no words for: checks of the program, conversions, fallbacks. */
export function compareMarks(marked: Marked, compare: Compare): readonly Difference[] {
  return [
    ...checkDifferences(marked),
    ...lost(
      marked,
      'x-coerce',
      'is not coerced any more, and waiting messages may hold values of other types.',
    ),
    ...lost(marked, 'x-catch', 'has no fallback any more, and waiting messages may hold any value.'),
    ...conversionDifferences(marked, compare),
    ...defaultNotes(marked),
  ];
}

function checkDifferences({ old, next, field }: Marked): readonly Difference[] {
  const left = marksOf(old, 'x-checks').flatMap(listOf);
  const added = marksOf(next, 'x-checks')
    .flatMap(listOf)
    .filter((check) => {
      const at = left.indexOf(check);
      if (at !== -1) left.splice(at, 1);
      return at === -1;
    });
  const differences = added.map((check) => {
    const what = check === 'custom' ? 'a refinement' : `the check ${String(check).slice(0, 80)}`;
    return breaks(field, `has ${what} that it had not, and ${cannotBeTold}`);
  });
  const isSameOrder = isDeepStrictEqual(marksOf(old, 'x-order'), marksOf(next, 'x-order'));
  if (differences.length > 0 || isSameOrder) return differences;
  return [breaks(field, `is changed and checked in other steps now, and ${cannotBeTold}`)];
}

/** Whoever takes any value in place of one has taken what nobody else takes. */
function lost({ old, next, field }: Marked, keyword: string, message: string): readonly Difference[] {
  const isLost = marksOf(old, keyword).length > 0 && marksOf(next, keyword).length === 0;
  return isLost ? [breaks(field, message)] : [];
}

function conversionDifferences({ old, next, field }: Marked, compare: Compare): readonly Difference[] {
  const [before, now] = [conversionsOf(old), conversionsOf(next)];
  if (before.length < now.length)
    return [breaks(field, 'is converted now, and waiting messages were written without that conversion.')];
  if (before.length > now.length)
    return [breaks(field, 'is not converted any more, and waiting messages were written for a conversion.')];
  return before.flatMap((was, i) => {
    const is = now[i];
    return is === undefined ? [] : compare({ old: was, next: is, field: `${field} (converted)` });
  });
}

function conversionsOf(facts: readonly Node[]): readonly Node[] {
  return facts.flatMap(({ schema, root }) => {
    const { 'x-convert': conversion } = schema;
    return conversion === undefined ? [] : [nodeOf(conversion, root)];
  });
}

function defaultNotes({ old, next, field }: Marked): readonly Difference[] {
  const [[before], [now]] = [marksOf(old, 'default'), marksOf(next, 'default')];
  if (before === undefined || now === undefined || isDeepStrictEqual(before, now)) return [];
  const [was, is] = [JSON.stringify(before), JSON.stringify(now)];
  return [note(field, `has the default ${is} now, also where a waiting message counts on ${was}.`)];
}

function marksOf(facts: readonly Node[], keyword: string): readonly Json[] {
  return facts.flatMap(({ schema }) => (schema[keyword] === undefined ? [] : [schema[keyword]]));
}

const understood = new Set([
  'additionalProperties',
  'const',
  'contentEncoding',
  'contentMediaType',
  'default',
  'exclusiveMaximum',
  'exclusiveMinimum',
  'format',
  'items',
  'maxItems',
  'maxLength',
  'maximum',
  'minItems',
  'minLength',
  'minimum',
  'multipleOf',
  'pattern',
  'prefixItems',
  'properties',
  'propertyNames',
  'readOnly',
  'required',
  'type',
  'x-catch',
  'x-checks',
  'x-coerce',
  'x-convert',
  'x-open',
  'x-order',
]);

/** What a later version of zod, or a schema's own description, may say beside what is compared here. */
export function compareOthers(
  old: readonly JsonObject[],
  next: JsonObject,
  field: string,
): readonly Difference[] {
  return Object.entries(next).flatMap(([keyword, value]) => {
    if (understood.has(keyword)) return [];
    // References mean what they lead to, which is not looked at here.
    const isSame = old.some((fact) => isDeepStrictEqual(fact[keyword], value));
    if (isSame && !JSON.stringify(value).includes('"$ref"')) return [];
    return [breaks(field, `has another '${keyword}' now, and ${cannotBeTold}`)];
  });
}
