import fc from 'fast-check';
import * as z from 'zod';

/** A schema as plain data, so that it can be changed a little. */
export type Spec =
  | { readonly kind: 'any' | 'null' | 'boolean' | 'date' }
  | { readonly kind: 'string'; readonly min?: number; readonly max?: number; readonly form?: TextForm }
  | { readonly kind: 'number'; readonly from?: number; readonly to?: number; readonly form?: NumberForm }
  | { readonly kind: 'literal'; readonly values: readonly (string | number | boolean | null)[] }
  | {
      readonly kind: 'optional' | 'nullable' | 'default' | 'refined' | 'lazy' | 'codec';
      readonly inner: Spec;
    }
  | { readonly kind: 'array'; readonly inner: Spec; readonly min?: number; readonly max?: number }
  | { readonly kind: 'tuple'; readonly items: readonly Spec[]; readonly rest: Spec | null }
  | { readonly kind: 'object'; readonly fields: Readonly<Record<string, Spec>>; readonly rest: Rest }
  | { readonly kind: 'record'; readonly keys: readonly string[] | null; readonly inner: Spec }
  | { readonly kind: 'union' | 'xor' | 'both'; readonly options: readonly Spec[] }
  | { readonly kind: 'forms'; readonly forms: Readonly<Record<string, Spec>> }
  | { readonly kind: 'tree'; readonly leaf: Spec };

type TextForm = 'email' | 'uuid' | 'trim' | 'upper' | 'startsWithA' | 'regexI' | 'piped';
type NumberForm = 'int' | 'over' | 'even' | 'third' | 'coerce';
type Rest = 'strip' | 'strict' | 'loose' | 'numbers';

const names = ['a', 'b', 'c', 'odd key'] as const;
const limit = fc.option(fc.nat(4), { nil: undefined });
const number = fc.option(fc.integer({ min: -3, max: 6 }), { nil: undefined });
const scalar = fc.constantFrom<string | number | boolean | null>(
  'a',
  'b',
  'EUR',
  1,
  2,
  0.5,
  true,
  false,
  null,
);

/** Any schema that zod can build of these parts. */
export const specs: fc.Arbitrary<Spec> = fc.letrec<{ spec: Spec }>((tie) => {
  const inner = tie('spec');
  const of = <K extends string>(...kinds: K[]) => fc.constantFrom(...kinds);
  const leaf = fc.oneof(
    fc.record({ kind: of('any', 'null', 'boolean', 'date') }),
    fc.record({
      kind: of('string'),
      min: limit,
      max: limit,
      form: fc.option(of('email', 'uuid', 'trim', 'upper', 'startsWithA', 'regexI', 'piped'), {
        nil: undefined,
      }),
    }),
    fc.record({
      kind: of('number'),
      from: number,
      to: number,
      form: fc.option(of('int', 'over', 'even', 'third', 'coerce'), { nil: undefined }),
    }),
    fc.record({ kind: of('literal'), values: fc.uniqueArray(scalar, { minLength: 1, maxLength: 3 }) }),
  );
  const nested = fc.oneof(
    fc.record({ kind: of('optional', 'nullable', 'default', 'refined', 'lazy', 'codec'), inner }),
    fc.record({ kind: of('array'), inner, min: limit, max: limit }),
    fc.record({ kind: of('tuple'), items: fc.array(inner, { maxLength: 3 }), rest: fc.option(inner) }),
    fc.record({
      kind: of('object'),
      fields: fc.dictionary(fc.constantFrom(...names), inner, { maxKeys: 3 }),
      rest: of('strip', 'strict', 'loose', 'numbers'),
    }),
    fc.record({
      kind: of('record'),
      keys: fc.option(fc.uniqueArray(fc.constantFrom(...names), { minLength: 1 })),
      inner,
    }),
    fc.record({ kind: of('union', 'xor', 'both'), options: fc.array(inner, { minLength: 2, maxLength: 3 }) }),
    fc.record({
      kind: of('forms'),
      forms: fc.dictionary(fc.constantFrom('x', 'y', 'z'), inner, { minKeys: 1, maxKeys: 3 }),
    }),
    fc.record({ kind: of('tree'), leaf: inner }),
  );
  return {
    spec: fc.oneof({ depthSize: 'small', withCrossShrink: true }, leaf, nested) as fc.Arbitrary<Spec>,
  };
}).spec;

/** The same schema with one thing or another changed, at any depth. */
export function changed(spec: Spec): fc.Arbitrary<Spec> {
  const here = changedHere(spec).map((one) => fc.constant(one));
  const inside = changedInside(spec);
  return fc.oneof(
    fc.constant(spec),
    specs,
    fc.constant<Spec>({ kind: 'optional', inner: spec }),
    ...here,
    ...inside,
    ...inside,
    ...inside,
  );
}

function changedHere(spec: Spec): Spec[] {
  switch (spec.kind) {
    case 'string':
      return [
        { ...spec, min: (spec.min ?? 0) + 1 },
        { kind: 'string' },
        { ...spec, form: 'trim' },
        { kind: 'literal', values: ['a'] },
      ];
    case 'number':
      return [
        { ...spec, from: (spec.from ?? 0) + 1 },
        { kind: 'number' },
        { ...spec, form: 'int' },
        { kind: 'literal', values: [1, 2] },
      ];
    case 'literal':
      return [
        { ...spec, values: [...new Set([...spec.values, 'a', 2])] },
        { ...spec, values: spec.values.slice(0, 1) },
      ];
    case 'object':
      return [
        { ...spec, rest: 'strict' },
        { ...spec, rest: 'strip' },
        { ...spec, fields: { ...spec.fields, c: { kind: 'optional', inner: { kind: 'number' } } } },
      ];
    case 'tuple':
      return [
        { ...spec, rest: { kind: 'any' } },
        { ...spec, items: spec.items.slice(0, -1) },
        { ...spec, items: [...spec.items, { kind: 'optional', inner: { kind: 'string' } }] },
      ];
    case 'union':
    case 'xor':
      return [
        { ...spec, kind: 'union', options: [...spec.options, { kind: 'boolean' }] },
        { ...spec, options: spec.options.slice(0, 1) },
      ];
    case 'boolean':
      return [
        { kind: 'literal', values: [true, false] },
        { kind: 'literal', values: [true] },
      ];
    default:
      return [];
  }
}

function changedInside(spec: Spec): fc.Arbitrary<Spec>[] {
  if ('inner' in spec) return [changed(spec.inner).map((inner) => ({ ...spec, inner }))];
  if (spec.kind === 'tree') return [changed(spec.leaf).map((leaf) => ({ ...spec, leaf }))];
  if ('options' in spec)
    return spec.options.map((option, at) =>
      changed(option).map((other) => ({ ...spec, options: spec.options.with(at, other) })),
    );
  if (spec.kind === 'tuple')
    return spec.items.map((item, at) =>
      changed(item).map((other) => ({ ...spec, items: spec.items.with(at, other) })),
    );
  const parts = spec.kind === 'object' ? spec.fields : spec.kind === 'forms' ? spec.forms : {};
  return Object.entries(parts).map(([name, part]) =>
    changed(part).map((other) => {
      const all = { ...parts, [name]: other };
      return (spec.kind === 'object' ? { ...spec, fields: all } : { kind: 'forms', forms: all }) as Spec;
    }),
  );
}

/** The schema itself. */
export function build(spec: Spec): z.ZodType {
  switch (spec.kind) {
    case 'any':
      return z.any();
    case 'null':
      return z.null();
    case 'boolean':
      return z.boolean();
    case 'date':
      return z.date();
    case 'string':
      return buildText(spec);
    case 'number':
      return buildNumber(spec);
    case 'literal':
      return z.literal([...spec.values]);
    case 'array': {
      const { min, max } = spec;
      const array = min === undefined ? z.array(build(spec.inner)) : z.array(build(spec.inner)).min(min);
      return max === undefined ? array : array.max(max);
    }
    case 'tuple': {
      const items = spec.items.map(build) as [z.ZodType];
      return spec.rest ? z.tuple(items, build(spec.rest)) : z.tuple(items);
    }
    case 'object':
      return buildObject(spec);
    case 'record':
      return spec.keys
        ? z.record(z.enum([...spec.keys]), build(spec.inner))
        : z.record(z.string(), build(spec.inner));
    case 'union':
      return z.union(spec.options.map(build));
    case 'xor':
      return z.xor(spec.options.map(build));
    case 'both':
      return spec.options.map(build).reduce((one, other) => z.intersection(one, other));
    case 'forms':
      return z.discriminatedUnion(
        'form',
        Object.entries(spec.forms).map(([form, part]) =>
          z.object({ form: z.literal(form), part: build(part) }),
        ) as never,
      );
    case 'tree': {
      const tree: z.ZodType = z.object({
        leaf: build(spec.leaf),
        branches: z.array(z.lazy(() => tree)).optional(),
      });
      return tree;
    }
    default:
      return buildAround(spec.kind, build(spec.inner));
  }
}

function buildAround(
  kind: 'optional' | 'nullable' | 'default' | 'refined' | 'lazy' | 'codec',
  inner: z.ZodType,
): z.ZodType {
  if (kind === 'optional') return inner.optional();
  if (kind === 'nullable') return inner.nullable();
  if (kind === 'default') return inner.default('other');
  if (kind === 'refined') return inner.refine((value) => value !== 2 && value !== 'b');
  if (kind === 'lazy') return z.lazy(() => inner);
  return z.codec(z.any(), inner, { decode: (value) => value as never, encode: (value) => value });
}

function buildText({ min, max, form }: Extract<Spec, { kind: 'string' }>): z.ZodType {
  const start = form === 'email' ? z.email() : form === 'uuid' ? z.uuid() : z.string();
  const early =
    form === 'trim'
      ? (start as z.ZodString).trim()
      : form === 'upper'
        ? (start as z.ZodString).toUpperCase()
        : start;
  const long = min === undefined ? early : early.min(min);
  const short = max === undefined ? long : long.max(max);
  if (form === 'startsWithA') return short.startsWith('a');
  if (form === 'piped') return short.pipe(z.string().min(2));
  return form === 'regexI' ? short.regex(/^A/i) : short;
}

function buildNumber({ from, to, form }: Extract<Spec, { kind: 'number' }>): z.ZodType {
  const start = form === 'int' ? z.int() : form === 'coerce' ? z.coerce.number() : z.number();
  const low = from === undefined ? start : form === 'over' ? start.gt(from) : start.min(from);
  const high = to === undefined ? low : form === 'over' ? low.lt(to) : low.max(to);
  if (form === 'even') return high.multipleOf(2);
  return form === 'third' ? high.multipleOf(3) : high;
}

function buildObject({ fields, rest }: Extract<Spec, { kind: 'object' }>): z.ZodType {
  const shape = Object.fromEntries(Object.entries(fields).map(([name, part]) => [name, build(part)]));
  if (rest === 'strict') return z.strictObject(shape);
  if (rest === 'loose') return z.looseObject(shape);
  return rest === 'numbers' ? z.object(shape).catchall(z.number()) : z.object(shape);
}

const texts = fc.constantFrom(
  '',
  'a',
  'b',
  'A',
  ' a ',
  'EUR',
  'abc',
  'abcdef',
  'ada@open.example',
  '11111111-2222-4333-8444-555555555555',
);
const numbers = fc.constantFrom(-3, -1, 0, 0.5, 1, 1.5, 2, 3, 4, 5, 6, 7, 12);
const anything: fc.Arbitrary<unknown> = fc.oneof(
  texts,
  numbers,
  fc.constantFrom(true, false, null, new Date(0), [], {}),
  fc.array(numbers, { maxLength: 3 }),
  fc.dictionary(fc.constantFrom(...names, 'other'), fc.oneof(texts, numbers), { maxKeys: 3 }),
);

/** Values of which many fit the schema. */
export function valuesOf(spec: Spec): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 8, arbitrary: near(spec) }, { weight: 1, arbitrary: anything });
}

function near(spec: Spec): fc.Arbitrary<unknown> {
  switch (spec.kind) {
    case 'null':
      return fc.constant(null);
    case 'boolean':
      return fc.boolean();
    case 'date':
      return fc.constant(new Date(0));
    case 'string':
      return texts;
    case 'number':
      return numbers;
    case 'literal':
      return fc.constantFrom(...spec.values);
    case 'array':
      return fc.array(valuesOf(spec.inner), { maxLength: 4 });
    case 'tuple':
      return fc
        .tuple(
          fc.tuple(...spec.items.map(valuesOf)),
          spec.rest ? fc.array(valuesOf(spec.rest), { maxLength: 2 }) : fc.constant([]),
        )
        .chain(([items, rest]) =>
          fc.nat(1).map((less) => [...items.slice(0, items.length - less * 1), ...(less ? [] : rest)]),
        );
    case 'object':
      return fc
        .tuple(
          fields(spec.fields),
          fc.dictionary(fc.constantFrom(...names, 'other'), fc.oneof(numbers, texts), { maxKeys: 1 }),
        )
        .map(([own, others]) => ({ ...others, ...own }));
    case 'record':
      return fc.dictionary(fc.constantFrom(...(spec.keys ?? names)), valuesOf(spec.inner));
    case 'forms':
      return fc.oneof(
        ...Object.entries(spec.forms).map(([form, part]) =>
          valuesOf(part).map((value) => ({ form, part: value })),
        ),
      );
    case 'tree': {
      const leaf = valuesOf(spec.leaf);
      const branch = leaf.map((value) => ({ leaf: value }));
      return fc.oneof(branch, fc.record({ leaf, branches: fc.array(branch, { maxLength: 2 }) }));
    }
    case 'union':
    case 'xor':
      return fc.oneof(...spec.options.map(valuesOf));
    case 'both':
      return fc.tuple(...spec.options.map(valuesOf)).map((parts) => {
        const isObject = parts.every(
          (part) => typeof part === 'object' && part !== null && !Array.isArray(part),
        );
        return isObject ? Object.assign({}, ...parts) : parts[0];
      });
    case 'any':
      return anything;
    default:
      return fc.oneof(
        { weight: 5, arbitrary: valuesOf(spec.inner) },
        { weight: 1, arbitrary: fc.constant(null) },
      );
  }
}

function fields(parts: Readonly<Record<string, Spec>>): fc.Arbitrary<object> {
  const entries = Object.entries(parts).map(([name, part]) => [name, valuesOf(part)] as const);
  return fc.record(Object.fromEntries(entries), { requiredKeys: [] });
}
