import type { Json, JsonObject } from '../../../sdk/wire/json.ts';
import { breaks, type Difference } from './difference.ts';

/** What all facts of the old schema demand, beside one fact of the new one. */
export interface Facts {
  readonly old: readonly JsonObject[];
  readonly next: JsonObject;
  readonly field: string;
}

const cannotBeTold = 'whether waiting messages fit cannot be told.';

/** What texts have to be. */
export function compareText(facts: Facts): readonly Difference[] {
  const { old, next, field } = facts;
  const [fixed] = valuesOf(old, 'const');
  const lengths = typeof fixed === 'string' ? [{ minLength: fixed.length, maxLength: fixed.length }] : old;
  const known = new Set(valuesOf(old, 'pattern'));
  const isMatched = (pattern: string) => typeof fixed === 'string' && new RegExp(pattern).test(fixed);
  const { pattern } = next;
  const isNewPattern = typeof pattern === 'string' && !known.has(pattern) && !isMatched(pattern);
  const formats = formatDifferences(facts);
  return [
    ...atLeast({ old: lengths, next, field }, 'minLength', (n) => `must have at least ${n} characters now`),
    ...atMost({ old: lengths, next, field }, 'maxLength', (n) => `must have at most ${n} characters now`),
    ...formats,
    // A format brings its pattern.
    ...(isNewPattern && formats.length === 0 ? [patternDifference(field, pattern, known.size > 0)] : []),
  ];
}

function patternDifference(field: string, pattern: string, hadAnother: boolean): Difference {
  const now = pattern.length > 60 ? `${pattern.slice(0, 60)}...` : pattern;
  if (hadAnother) return breaks(field, `has another pattern now, /${now}/, and ${cannotBeTold}`);
  return breaks(field, `must fit the pattern /${now}/ now, and waiting messages may hold other text.`);
}

function formatDifferences({ old, next, field }: Facts): readonly Difference[] {
  return ['format', 'contentEncoding', 'contentMediaType'].flatMap((keyword) => {
    const format = next[keyword];
    const before = valuesOf(old, keyword);
    if (format === undefined || before.includes(format)) return [];
    if (before.length === 0)
      return [
        breaks(field, `must be text of the format ${format} now, and waiting messages may hold other text.`),
      ];
    return [breaks(field, `must be text of the format ${format} now, it was ${before.join(' and ')}.`)];
  });
}

/** What numbers have to be. */
export function compareNumber({ old, next, field }: Facts): readonly Difference[] {
  const [fixed] = valuesOf(old, 'const');
  const bounds = typeof fixed === 'number' ? [{ minimum: fixed, maximum: fixed }] : old;
  const isWhole =
    typeof fixed === 'number' ? Number.isInteger(fixed) : old.some((fact) => fact.type === 'integer');
  const lowest = Math.max(...bounds.map((fact) => lowerBound(fact, isWhole)));
  const highest = Math.min(...bounds.map((fact) => upperBound(fact, isWhole)));
  const isOver = bounds.some((fact) => fact.exclusiveMinimum === lowest);
  const isUnder = bounds.some((fact) => fact.exclusiveMaximum === highest);
  return [
    ...lowerDifferences({ next, field }, { bound: lowest, isOpen: isOver }),
    ...upperDifferences({ next, field }, { bound: highest, isOpen: isUnder }),
    ...multipleDifferences({ old, next, field }, fixed),
  ];
}

interface Bound {
  readonly bound: number;
  /** Whether the bound itself is not taken. */
  readonly isOpen: boolean;
}

function lowerDifferences({ next, field }: Pick<Facts, 'next' | 'field'>, { bound, isOpen }: Bound) {
  const { minimum, exclusiveMinimum } = next;
  const found: Difference[] = [];
  if (typeof minimum === 'number' && bound < minimum)
    found.push(breaks(field, `must be at least ${minimum} now, and waiting messages may hold less.`));
  if (
    typeof exclusiveMinimum === 'number' &&
    !(bound > exclusiveMinimum || (isOpen && bound === exclusiveMinimum))
  )
    found.push(
      breaks(field, `must be more than ${exclusiveMinimum} now, and waiting messages may hold less.`),
    );
  return found;
}

function upperDifferences({ next, field }: Pick<Facts, 'next' | 'field'>, { bound, isOpen }: Bound) {
  const { maximum, exclusiveMaximum } = next;
  const found: Difference[] = [];
  if (typeof maximum === 'number' && bound > maximum)
    found.push(breaks(field, `must be at most ${maximum} now, and waiting messages may hold more.`));
  if (
    typeof exclusiveMaximum === 'number' &&
    !(bound < exclusiveMaximum || (isOpen && bound === exclusiveMaximum))
  )
    found.push(
      breaks(field, `must be less than ${exclusiveMaximum} now, and waiting messages may hold more.`),
    );
  return found;
}

function multipleDifferences({ old, next, field }: Facts, fixed: Json | undefined): readonly Difference[] {
  const { multipleOf } = next;
  if (typeof multipleOf !== 'number') return [];
  const steps = typeof fixed === 'number' ? [fixed] : valuesOf(old, 'multipleOf');
  const isMultiple = (step: Json) =>
    step === multipleOf ||
    (Number.isSafeInteger(step) && Number.isSafeInteger(multipleOf) && Number(step) % multipleOf === 0);
  if (steps.some(isMultiple)) return [];
  return [
    breaks(field, `must be a multiple of ${multipleOf} now, and waiting messages may hold other numbers.`),
  ];
}

/** Whole numbers over 0 are those from 1. */
function lowerBound({ minimum, exclusiveMinimum }: JsonObject, isWhole: boolean): number {
  if (typeof exclusiveMinimum === 'number')
    return isWhole ? Math.floor(exclusiveMinimum) + 1 : exclusiveMinimum;
  return typeof minimum === 'number' ? minimum : Number.NEGATIVE_INFINITY;
}

function upperBound({ maximum, exclusiveMaximum }: JsonObject, isWhole: boolean): number {
  if (typeof exclusiveMaximum === 'number')
    return isWhole ? Math.ceil(exclusiveMaximum) - 1 : exclusiveMaximum;
  return typeof maximum === 'number' ? maximum : Number.POSITIVE_INFINITY;
}

function atLeast(facts: Facts, keyword: string, sentence: (limit: number) => string): readonly Difference[] {
  const limit = facts.next[keyword];
  const before = Math.max(0, ...valuesOf(facts.old, keyword).map(Number));
  if (typeof limit !== 'number' || before >= limit) return [];
  return [breaks(facts.field, `${sentence(limit)}, and waiting messages may have fewer.`)];
}

function atMost(facts: Facts, keyword: string, sentence: (limit: number) => string): readonly Difference[] {
  const limit = facts.next[keyword];
  const before = Math.min(...valuesOf(facts.old, keyword).map(Number));
  if (typeof limit !== 'number' || before <= limit) return [];
  return [breaks(facts.field, `${sentence(limit)}, and waiting messages may have more.`)];
}

/** What the facts say under a keyword, each that says something. */
function valuesOf(facts: readonly JsonObject[], keyword: string): readonly Json[] {
  return facts.flatMap((fact) => fact[keyword] ?? []);
}
