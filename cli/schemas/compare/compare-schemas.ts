import { isDeepStrictEqual } from 'node:util';
import type { JsonObject } from '../../../sdk/wire/json.ts';
import { type Alternative, alternativesOf, type Node, resolveReference } from './alternatives.ts';
import { describeAlternatives } from './describe-alternative.ts';
import { breaks, type Compare, type Difference, isBreaking, type Pair } from './difference.ts';
import { areDisjoint } from './disjoint.ts';
import { compareFact, isStructured } from './facts.ts';
import { KnownPairs } from './known-pairs.ts';
import { compareMarks } from './marks.ts';

/**
 * Finds what a new schema has otherwise. If no difference breaks anything, then whatever fits the old schema fits the new one: what
 * cannot be proven counts as broken.
 */
export function compareSchemas(old: JsonObject, next: JsonObject, field: string): readonly Difference[] {
  const known = new KnownPairs();
  const compare: Compare = (given) => {
    const pair = { ...given, old: resolved(given.old), next: resolved(given.next) };
    if (isSame(pair)) return [];
    return known.find(pair) ?? known.compare(pair, () => compareNodes(pair, compare));
  };
  return compare({ old: { schema: old, root: old }, next: { schema: next, root: next }, field });
}

/** What a mere reference leads to, so that it is known again. One that leads to another is left to that. */
function resolved({ schema, root }: Node): Node {
  const { $ref, ...others } = schema;
  return typeof $ref === 'string' && Object.keys(others).length === 0
    ? resolveReference($ref, root)
    : { schema, root };
}

/** The same words mean the same, unless they refer to others. */
function isSame({ old, next }: Pair): boolean {
  if (!isDeepStrictEqual(old.schema, next.schema)) return false;
  return isDeepStrictEqual(old.root, next.root) || !JSON.stringify(old.schema).includes('"$ref"');
}

function compareNodes({ old, next, field }: Pair, compare: Compare): readonly Difference[] {
  const options = alternativesOf(next);
  const refused: Alternative[] = [];
  const found = split(alternativesOf(old), options).flatMap((one) => {
    const best = compareWithBest(one, { options, field, compare });
    if (best === undefined) refused.push(one);
    return best ?? [];
  });
  if (refused.length === 0) return found;
  const [before, now] = [describeAlternatives(refused), describeAlternatives(options)];
  if (options.length === 0)
    return [breaks(field, `takes nothing now, and waiting messages may hold ${before}.`)];
  if (before === now) {
    const message = 'takes other forms now, and whether waiting messages fit one of them cannot be told.';
    return [...found, breaks(field, message)];
  }
  return [...found, breaks(field, `takes only ${now} now, and waiting messages may hold ${before}.`)];
}

/** Where true and false are told apart, they are compared apart. */
function split(
  alternatives: readonly Alternative[],
  options: readonly Alternative[],
): readonly Alternative[] {
  const isTold = options.some((option) => option.type === 'boolean' && isFixed(option));
  if (!isTold) return alternatives;
  return alternatives.flatMap((one) => {
    if (one.type !== 'boolean' || isFixed(one)) return [one];
    return [true, false].map((value) => ({
      ...one,
      facts: [...one.facts, { schema: { const: value }, root: {} }],
    }));
  });
}

function isFixed({ facts }: Alternative): boolean {
  return facts.some(({ schema }) => schema.const !== undefined);
}

interface Options {
  readonly options: readonly Alternative[];
  readonly field: string;
  readonly compare: Compare;
}

/** Undefined if no option has to do with it, or several and none fits. */
function compareWithBest(one: Alternative, { options, field, compare }: Options) {
  const related = options.filter((option) => isRelated(one, option));
  const results = related.map((option) => compareAlternative({ one, option, field }, compare));
  const fitting = results.filter((differences) => !differences.some(isBreaking));
  if (fitting.length > 0) return fitting.toSorted((some, others) => some.length - others.length)[0];
  return results.length === 1 ? results[0] : undefined;
}

function isRelated(one: Alternative, option: Alternative): boolean {
  const isOfType =
    option.type === null || option.type === one.type || (option.type === 'number' && one.type === 'integer');
  return isOfType && !areDisjoint(one, option);
}

interface Couple {
  readonly one: Alternative;
  readonly option: Alternative;
  readonly field: string;
}

function compareAlternative({ one, option, field }: Couple, compare: Compare): readonly Difference[] {
  const found = option.facts.flatMap((next) => compareFact({ one, next, field }, compare));
  const isOne = option.facts.filter(isStructured).length < 2;
  return [
    ...compareMarks({ old: one.facts, next: option.facts, field }, compare),
    // What one of several objects does not know may be known to another.
    ...found.filter((difference) => isOne || isBreaking(difference)),
    ...compareRivals(one, option, field),
  ];
}

function compareRivals(one: Alternative, { rivals }: Alternative, field: string): readonly Difference[] {
  const forms = rivals.flatMap((rival) => alternativesOf(rival));
  if (forms.every((form) => areDisjoint(one, form))) return [];
  return [
    breaks(field, 'may fit several forms now, and waiting messages that fit more than one are refused.'),
  ];
}
