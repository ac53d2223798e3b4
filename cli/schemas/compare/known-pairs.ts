import type { JsonObject } from '../../../sdk/wire/json.ts';
import { breaks, type Difference, isBreaking, type Pair } from './difference.ts';

interface Failure {
  readonly field: string;
  readonly differences: readonly Difference[];
}

/**
 * Which pairs of schemas have been compared, so that schemas that lead to each other are gone through once. A pair that is under way is taken
 * for granted, and so is one that has held under that; if what was taken for granted fails, so does what was built on it.
 */
export class KnownPairs {
  readonly #granted: Pair[] = [];
  readonly #failed = new Map<JsonObject, Map<JsonObject, Failure>>();

  /** Undefined if the pair is to be compared. */
  find({ old, next, field }: Pair): readonly Difference[] | undefined {
    if (this.#granted.some((known) => known.old.schema === old.schema && known.next.schema === next.schema))
      return [];
    const failure = this.#failed.get(old.schema)?.get(next.schema);
    if (failure === undefined || failure.field === field) return failure?.differences;
    return [breaks(field, `holds what has changed in ${failure.field}.`)];
  }

  /** Compares it. What fails while others are taken for granted fails for good: those could only have helped. */
  compare(pair: Pair, work: () => readonly Difference[]): readonly Difference[] {
    const before = this.#granted.length;
    this.#granted.push(pair);
    const differences = work();
    if (!differences.some(isBreaking)) return differences;
    this.#granted.length = before;
    const failures = this.#failed.get(pair.old.schema) ?? new Map<JsonObject, Failure>();
    this.#failed.set(pair.old.schema, failures.set(pair.next.schema, { field: pair.field, differences }));
    return differences;
  }
}
