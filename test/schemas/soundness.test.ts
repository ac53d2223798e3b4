import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { compareSchemas } from '../../cli/schemas/compare/compare-schemas.ts';
import { isBreaking } from '../../cli/schemas/compare/difference.ts';
import { describeSchema } from '../../cli/schemas/zod-schema.ts';
import { build, changed, type Spec, specs, valuesOf } from './random-schemas.ts';

interface Change {
  readonly before: Spec;
  readonly after: Spec;
  readonly values: readonly unknown[];
}

const changes: fc.Arbitrary<Change> = specs.chain((before) =>
  changed(before).chain((after) =>
    fc.record({
      before: fc.constant(before),
      after: fc.constant(after),
      values: fc.array(fc.oneof(valuesOf(before), valuesOf(after)), { minLength: 25, maxLength: 25 }),
    }),
  ),
);

/** Zod refuses to build or to describe some combinations, such as a union of forms with one name: those are nobody's tasks. */
function described({ before, after }: Change) {
  try {
    const [old, next] = [build(before), build(after)];
    return { old, next, differences: compareSchemas(describeSchema(old), describeSchema(next), 'args[0]') };
  } catch (error) {
    if (error instanceof Error && /iscriminator|intersection|Unmergable/.test(error.message))
      return undefined;
    throw error;
  }
}

/**
 * Whether a message of the old version may hold it. What a schema drops unseen, as z.object does with fields that it does not know, no
 * message of ours holds.
 */
function isSent(schema: z.ZodType, value: unknown): boolean {
  const read = parse(schema, value);
  return read.success && dropsNothing(value, read.data);
}

/** Zod throws where two parts of an intersection change a value differently: nobody can send that. */
function parse(schema: z.ZodType, value: unknown) {
  try {
    return z.safeParse(schema, value);
  } catch (error) {
    return { success: false, data: undefined, error } as const;
  }
}

function dropsNothing(value: unknown, read: unknown): boolean {
  if (Array.isArray(value) && Array.isArray(read))
    return value.every((item, i) => dropsNothing(item, read[i]));
  // To z.object a date is an object without fields.
  if (value instanceof Date) return read instanceof Date;
  if (typeof value !== 'object' || value === null) return true;
  if (typeof read !== 'object' || read === null) return true;
  return Object.entries(value).every(
    ([name, item]) => Object.hasOwn(read, name) && dropsNothing(item, Reflect.get(read, name)),
  );
}

test('whatever the old schema takes the new one takes, where no difference breaks anything', () => {
  const seen = { compatible: 0, changed: 0, values: 0 };

  fc.assert(
    fc.property(changes, (change) => {
      const both = described(change);
      if (!both || both.differences.some(isBreaking)) return;
      seen.compatible += 1;
      if (!isDeepStrictEqual(change.before, change.after)) seen.changed += 1;
      for (const value of change.values.filter((each) => isSent(both.old, each))) {
        seen.values += 1;
        expect(parse(both.next, value).success, JSON.stringify(value)).toBe(true);
      }
    }),
    { numRuns: 4_000, seed: 20_260_101 },
  );

  // Else nothing was shown.
  expect(seen.compatible).toBeGreaterThan(600);
  expect(seen.changed).toBeGreaterThan(200);
  expect(seen.values).toBeGreaterThan(3_000);
}, 120_000);

test('a schema is compatible with itself, also where something is new beside it', () => {
  fc.assert(
    // What fits one form only, or several objects at once, cannot always be told once they refer to others.
    fc.property(
      specs.filter((spec) => !/xor|both/.test(JSON.stringify(spec))),
      (spec) => {
        const inner = build(spec);
        const [before, after] = [z.tuple([inner]), z.tuple([inner, z.lazy(() => z.string()).optional()])];
        const differences = compareSchemas(describeSchema(before), describeSchema(after), 'args');
        expect(differences.filter(isBreaking)).toEqual([]);
      },
    ),
    { numRuns: 2_000, seed: 20_260_101 },
  );
});
