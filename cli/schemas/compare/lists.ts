import { type Json, listOf } from '../../../sdk/wire/json.ts';
import { type Node, nodeOf } from './alternatives.ts';
import { breaks, type Compare, type Difference, note, type Pair, requiredAdvice } from './difference.ts';

/** Compares lists: those whose places have a meaning each, such as arguments, and those of any length. */
export function compareLists(pair: Pair, compare: Compare): readonly Difference[] {
  return [...tooShort(pair), ...tooLong(pair), ...compareItems(pair, compare)];
}

function tooShort({ old, next, field }: Pair): readonly Difference[] {
  const [before, now] = [countOf(old, 'minItems', 0), countOf(next, 'minItems', 0)];
  if (before >= now) return [];
  if (field !== 'args' && placesOf(next).length < now)
    return [breaks(field, `must have at least ${now} items now, and waiting messages may have fewer.`)];
  const isKnown = longest(old) <= before;
  return Array.from({ length: now - before }, (_, i) => {
    const lacks = isKnown ? 'do not have it' : 'may not have it';
    return breaks(
      `${field}[${before + i}]`,
      `is required now, and waiting messages ${lacks}.`,
      requiredAdvice,
    );
  });
}

function tooLong({ old, next, field }: Pair): readonly Difference[] {
  const [before, now] = [longest(old), longest(next)];
  if (before <= now) return [];
  // Only some of the places have a meaning each.
  if (!Number.isFinite(before) || before > placesOf(old).length)
    return [breaks(field, `must have at most ${now} items now, and waiting messages may have more.`)];
  return Array.from({ length: before - now }, (_, i) =>
    breaks(`${field}[${now + i}]`, 'is refused now, and waiting messages may have it.'),
  );
}

function compareItems({ old, next, field }: Pair, compare: Compare): readonly Difference[] {
  const places = Math.max(placesOf(old).length, placesOf(next).length);
  const found: Difference[] = [];
  for (let place = 0; place < Math.min(places, longest(next)); place += 1) {
    const inner = `${field}[${place}]`;
    if (place >= longest(old)) found.push(note(inner, 'is new.'));
    else found.push(...compare({ old: itemAt(old, place), next: itemAt(next, place), field: inner }));
  }
  if (longest(old) <= places || longest(next) <= places) return found;
  const rest = { old: itemAt(old, places), next: itemAt(next, places), field: `${field}[]` };
  return [...found, ...compare(rest)];
}

function placesOf({ schema }: Node): readonly Json[] {
  return listOf(schema.prefixItems);
}

function itemAt(node: Node, place: number): Node {
  return nodeOf(placesOf(node)[place] ?? node.schema.items, node.root);
}

function longest(node: Node): number {
  const closed = node.schema.items === false ? placesOf(node).length : Number.POSITIVE_INFINITY;
  return Math.min(closed, countOf(node, 'maxItems', closed));
}

function countOf({ schema }: Node, keyword: 'minItems' | 'maxItems', otherwise: number): number {
  const count = schema[keyword];
  return typeof count === 'number' ? count : otherwise;
}
