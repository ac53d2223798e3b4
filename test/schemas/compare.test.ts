import { Tallo } from 'tallo';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import * as mini from 'zod/mini';
import { compareSnapshots, type Finding } from '../../cli/schemas/compare-snapshots.ts';
import { notCompared } from '../../cli/schemas/not-compared.ts';
import { takeSnapshot } from '../../cli/schemas/snapshot.ts';

type Args = z.ZodType<readonly unknown[], readonly unknown[]> | undefined;

function snapshot(define: (app: Tallo) => unknown) {
  const app = new Tallo('shop');
  define(app);
  // As it comes back from the file.
  return JSON.parse(JSON.stringify(takeSnapshot(app))) as ReturnType<typeof takeSnapshot>;
}

function ofArgs(args: Args) {
  return snapshot((app) => app.task('payments.charge', { ...(args && { args }) }, () => null));
}

const asText = ({ task, field, message }: Finding) =>
  `${task}: ${field === null ? '' : `${field} `}${message}`;

function changesOf(before: ReturnType<typeof snapshot>, after: ReturnType<typeof snapshot>) {
  const { findings, notes } = compareSnapshots(before, after);
  return { findings: findings.map(asText), notes: notes.map(asText) };
}

/** What is found when the one argument changes. */
function change(before: z.ZodType, after: z.ZodType) {
  return changesOf(ofArgs(z.tuple([before])), ofArgs(z.tuple([after])));
}

const keep = 'Go on taking both for a while, or deploy under a new task name.';
const optional = 'Make it optional or give it a default, or deploy under a new task name.';
const charge = z.object({ amount: z.number() });
const node: z.ZodType = z.object({ size: z.number(), parts: z.array(z.lazy(() => node)) });
const smallNode: z.ZodType = z.object({ size: z.number().max(9), parts: z.array(z.lazy(() => smallNode)) });
const date = z.codec(z.iso.datetime(), z.date(), {
  decode: (text) => new Date(text),
  encode: (at) => at.toISOString(),
});

const breaking: Readonly<Record<string, readonly [z.ZodType, z.ZodType, string]>> = {
  'a field that is required': [
    charge,
    charge.extend({ currency: z.string() }),
    `args[0].currency is required now, and waiting messages do not have it. ${optional}`,
  ],
  'a field that is optional no more': [
    charge.partial(),
    charge,
    `args[0].amount is required now, and waiting messages may not have it. ${optional}`,
  ],
  'another type': [
    z.string(),
    z.number(),
    `args[0] takes only a number now, and waiting messages may hold text. ${keep}`,
  ],
  'a narrower type': [
    z.number(),
    z.int(),
    `args[0] takes only a whole number now, and waiting messages may hold a number. ${keep}`,
  ],
  'anything that is text now': [
    z.unknown(),
    z.string(),
    `args[0] takes only text now, and waiting messages may hold any value. ${keep}`,
  ],
  'null that is refused': [
    z.string().nullable(),
    z.string(),
    `args[0] takes only text now, and waiting messages may hold null. ${keep}`,
  ],
  'values that an enum has lost': [
    z.object({ currency: z.enum(['EUR', 'USD', 'CHF', 'GBP']) }),
    z.object({ currency: z.enum(['EUR', 'CHF']) }),
    `args[0].currency takes only "EUR" or "CHF" now, and waiting messages may hold "USD" or "GBP". ${keep}`,
  ],
  'a branch that a union has lost': [
    z.union([z.string(), z.number(), z.boolean()]),
    z.union([z.string(), z.literal(true)]),
    `args[0] takes only text or true now, and waiting messages may hold a number or false. ${keep}`,
  ],
  'a form that a union has lost': [
    z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('card') }),
      z.object({ kind: z.literal('cash') }),
    ]),
    z.discriminatedUnion('kind', [z.object({ kind: z.literal('card') })]),
    `args[0] takes only an object with kind "card" now, and waiting messages may hold an object with kind "cash". ${keep}`,
  ],
  'a field within a form of a union': [
    z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('card') }),
      z.object({ kind: z.literal('cash') }),
    ]),
    z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('card'), cvc: z.string() }),
      z.object({ kind: z.literal('cash') }),
    ]),
    `args[0].cvc is required now, and waiting messages do not have it. ${optional}`,
  ],
  'a higher minimum': [
    z.number().min(1),
    z.number().min(5),
    `args[0] must be at least 5 now, and waiting messages may hold less. ${keep}`,
  ],
  'a minimum that is refused': [
    z.number().min(1),
    z.number().gt(1),
    `args[0] must be more than 1 now, and waiting messages may hold less. ${keep}`,
  ],
  'a lower maximum': [
    z.number(),
    z.number().max(5),
    `args[0] must be at most 5 now, and waiting messages may hold more. ${keep}`,
  ],
  'a maximum that is refused': [
    z.number().max(5),
    z.number().lt(5),
    `args[0] must be less than 5 now, and waiting messages may hold more. ${keep}`,
  ],
  'multiples only': [
    z.int().multipleOf(5),
    z.int().multipleOf(10),
    `args[0] must be a multiple of 10 now, and waiting messages may hold other numbers. ${keep}`,
  ],
  'longer texts': [
    z.string(),
    z.string().min(3),
    `args[0] must have at least 3 characters now, and waiting messages may have fewer. ${keep}`,
  ],
  'shorter texts': [
    z.string().max(9),
    z.string().max(8),
    `args[0] must have at most 8 characters now, and waiting messages may have more. ${keep}`,
  ],
  'a pattern': [
    z.string(),
    z.string().regex(/^[a-z]+$/),
    `args[0] must fit the pattern /^[a-z]+$/ now, and waiting messages may hold other text. ${keep}`,
  ],
  'another pattern': [
    z.string().regex(/^[a-y]+$/),
    z.string().regex(/^[a-z]+$/),
    `args[0] has another pattern now, /^[a-z]+$/, and whether waiting messages fit cannot be told. ${keep}`,
  ],
  'a pattern with other flags': [
    z.string().regex(/^[a-z]+$/),
    z.string().regex(/^[a-z]+$/i),
    `args[0] has the check regex {"pattern":"/^[a-z]+$/i"} that it had not, and whether waiting messages pass cannot be told. ${keep}`,
  ],
  'a format': [
    z.string(),
    z.email(),
    `args[0] must be text of the format email now, and waiting messages may hold other text. ${keep}`,
  ],
  'another format': [z.email(), z.url(), `args[0] must be text of the format uri now, it was email. ${keep}`],
  'fields that are refused': [
    charge,
    z.strictObject({ amount: z.number() }),
    `args[0] refuses fields that it does not know now, and waiting messages may have some. ${keep}`,
  ],
  'a known field that is refused': [
    z.strictObject({ amount: z.number(), note: z.string().optional() }),
    z.strictObject({ amount: z.number() }),
    `args[0].note is refused now, and waiting messages may have it. ${keep}`,
  ],
  'a field that anybody could have sent': [
    z.looseObject({}),
    z.looseObject({ note: z.string().optional() }),
    `args[0].note takes only text now, and waiting messages may hold any value. ${keep}`,
  ],
  'longer lists': [
    z.array(z.string()),
    z.array(z.string()).min(1),
    `args[0] must have at least 1 items now, and waiting messages may have fewer. ${keep}`,
  ],
  'shorter lists': [
    z.array(z.string()),
    z.array(z.string()).max(10),
    `args[0] must have at most 10 items now, and waiting messages may have more. ${keep}`,
  ],
  'items of a list of objects': [
    z.object({ orders: z.array(z.object({ lines: z.array(charge) })) }),
    z.object({ orders: z.array(z.object({ lines: z.array(charge.extend({ tax: z.number() })) })) }),
    `args[0].orders[].lines[].tax is required now, and waiting messages do not have it. ${optional}`,
  ],
  'a tuple within': [
    z.tuple([z.string(), z.string()]),
    z.tuple([z.string(), z.number()]),
    `args[0][1] takes only a number now, and waiting messages may hold text. ${keep}`,
  ],
  'values of a record': [
    z.record(z.string(), z.string()),
    z.record(z.string(), z.email()),
    `args[0].* must be text of the format email now, and waiting messages may hold other text. ${keep}`,
  ],
  'names of a record': [
    z.partialRecord(z.enum(['a', 'b']), z.string()),
    z.partialRecord(z.enum(['a']), z.string()),
    `the names in args[0] takes only "a" now, and waiting messages may hold "b". ${keep}`,
  ],
  'a field with an odd name': [
    z.object({}),
    z.object({ 'e-mail': z.string() }),
    `args[0]["e-mail"] is required now, and waiting messages do not have it. ${optional}`,
  ],
  'a schema within itself': [
    node,
    smallNode,
    `args[0].size must be at most 9 now, and waiting messages may hold more. ${keep}`,
  ],
  'a refinement': [
    z.string().refine(() => true),
    z
      .string()
      .refine(() => true)
      .refine(() => true),
    `args[0] has a refinement that it had not, and whether waiting messages pass cannot be told. ${keep}`,
  ],
  'trimming that is gone': [
    z.string().trim().max(3),
    z.string().max(3),
    `args[0] is changed and checked in other steps now, and whether waiting messages pass cannot be told. ${keep}`,
  ],
  'a conversion': [
    z.iso.datetime(),
    date,
    `args[0] is converted now, and waiting messages were written without that conversion. ${keep}`,
  ],
  'a conversion that is gone': [
    date,
    z.iso.datetime(),
    `args[0] is not converted any more, and waiting messages were written for a conversion. ${keep}`,
  ],
  'coercion that is gone': [
    z.coerce.number(),
    z.number(),
    `args[0] is not coerced any more, and waiting messages may hold values of other types. ${keep}`,
  ],
  'a fallback that is gone': [
    z.string().catch('none'),
    z.string(),
    `args[0] has no fallback any more, and waiting messages may hold any value. ${keep}`,
  ],
  'a date that is text': [
    z.date(),
    z.string(),
    `args[0] takes only text now, and waiting messages may hold a value of the kind 'date'. ${keep}`,
  ],
  'nothing at all': [
    z.string(),
    z.never(),
    `args[0] takes nothing now, and waiting messages may hold text. ${keep}`,
  ],
  'forms that exclude each other': [
    z.string(),
    z.xor([z.string(), z.coerce.number()]),
    `args[0] may fit several forms now, and waiting messages that fit more than one are refused. ${keep}`,
  ],
};

describe('waiting messages may not survive', () => {
  test.each(Object.entries(breaking))('%s', (_name, [before, after, message]) => {
    expect(change(before, after).findings).toEqual([`payments.charge: ${message}`]);
    expect(change(before, before)).toEqual({ findings: [], notes: [] });
  });

  test('an argument that is added without a default, or removed', () => {
    const [one, two] = [ofArgs(z.tuple([z.string()])), ofArgs(z.tuple([z.string(), z.number()]))];

    expect(changesOf(one, two).findings).toEqual([
      `payments.charge: args[1] is required now, and waiting messages do not have it. ${optional}`,
    ]);
    expect(changesOf(two, one).findings).toEqual([
      `payments.charge: args[1] is refused now, and waiting messages may have it. ${keep}`,
    ]);
  });

  test('arguments that change places', () => {
    const before = ofArgs(z.tuple([z.string(), z.number()]));
    const after = ofArgs(z.tuple([z.number(), z.string()]));

    expect(changesOf(before, after).findings).toEqual([
      `payments.charge: args[0] takes only a number now, and waiting messages may hold text. ${keep}`,
      `payments.charge: args[1] takes only text now, and waiting messages may hold a number. ${keep}`,
    ]);
  });

  test('a task that is gone, with its new name if it looks the same', () => {
    const args = z.tuple([charge]);
    const before = ofArgs(args);
    const gone = 'payments.charge: is gone, and waiting messages call it. Keep it until they have run.';

    expect(
      changesOf(
        before,
        snapshot(() => null),
      ).findings,
    ).toEqual([gone]);
    const renamed = snapshot((app) => app.task('payments.take', { args }, () => null));
    expect(changesOf(before, renamed)).toEqual({
      findings: [`${gone} If it is called 'payments.take' now, define it under both names.`],
      notes: ['payments.take: is new.'],
    });
  });

  test('one more parameter of a task without a schema', () => {
    const before = snapshot((app) => app.task('add', (x: number) => x));
    const after = snapshot((app) => app.task('add', { bind: true }, (_self, x: number, y: number) => x + y));

    expect(changesOf(before, after).findings).toEqual([
      `add: args[1] is required now, and waiting messages may not have it. ${optional}`,
    ]);
    expect(changesOf(after, before)).toEqual({ findings: [], notes: [] });
  });

  test('a schema where there was none', () => {
    const plain = ofArgs(undefined);
    const one = ofArgs(z.tuple([z.string()]));

    expect(changesOf(plain, one).findings).toEqual([
      'payments.charge: args have a schema now, and waiting messages were written without one. Accept it if you know that they fit.',
    ]);
    expect(changesOf(one, plain).findings).toEqual([]);
  });

  test('keyword arguments that are required, refused, or not taken at all', () => {
    const ofKwargs = (kwargs: z.ZodType<object, object> | undefined) =>
      snapshot((app) => app.task('greet', { ...(kwargs && { kwargs }) }, (_given: unknown = {}) => null));
    const [none, to, both] = [
      ofKwargs(undefined),
      ofKwargs(z.strictObject({ to: z.string() })),
      ofKwargs(z.strictObject({ to: z.string(), from: z.string() })),
    ];

    const isRequired = (field: string) =>
      `greet: ${field} is required now, and waiting messages do not have it. ${optional}`;
    const isRefused = (field: string) =>
      `greet: ${field} is refused now, and waiting messages may have it. ${keep}`;
    expect(changesOf(none, to).findings).toContain(isRequired('kwargs.to'));
    expect(changesOf(to, both).findings).toEqual([isRequired('kwargs.from')]);
    expect(changesOf(both, to).findings).toEqual([isRefused('kwargs.from')]);
    expect(changesOf(to, none).findings).toContain(isRefused('kwargs.to'));
  });

  test('by zod/mini as by zod', () => {
    const of = (shape: Parameters<typeof mini.object>[0]) =>
      snapshot((app) => app.task('payments.charge', { args: mini.tuple([mini.object(shape)]) }, () => null));
    const before = of({ amount: mini.optional(mini.number()), note: mini.string() });

    expect(
      changesOf(before, of({ amount: mini.number(), note: mini.string().check(mini.minLength(2)) })),
    ).toEqual({
      findings: [
        `payments.charge: args[0].amount is required now, and waiting messages may not have it. ${optional}`,
        `payments.charge: args[0].note must have at least 2 characters now, and waiting messages may have fewer. ${keep}`,
      ],
      notes: [],
    });
  });
});

const harmless: Readonly<Record<string, readonly [z.ZodType, z.ZodType, readonly string[]]>> = {
  'a new optional field': [charge, charge.extend({ note: z.string().optional() }), ['args[0].note is new.']],
  'a new field with a default': [
    charge,
    charge.extend({ note: z.string().default('') }),
    ['args[0].note is new.'],
  ],
  'a field that nobody reads any more': [
    charge,
    z.object({}),
    ['args[0].amount is not read any more, waiting messages may have it.'],
  ],
  'another default': [
    z.string().default('EUR'),
    z.string().default('USD'),
    ['args[0] has the default "USD" now, also where a waiting message counts on "EUR".'],
  ],
  'wider numbers': [z.int().min(3).max(4), z.number().gt(2), []],
  'whole numbers over 0, which are those from 1': [z.int().positive(), z.int().min(1), []],
  'one value of many': [z.literal('ada@open.example'), z.string().min(2).regex(/@/), []],
  'more values': [z.enum(['EUR']), z.enum(['USD', 'EUR']), []],
  'any text in place of some': [z.enum(['EUR']), z.string(), []],
  'true and false one by one': [z.boolean(), z.union([z.literal(true), z.literal(false)]), []],
  'one more branch': [z.string(), z.union([z.number(), z.string(), z.null()]), []],
  'a name that leads to the same': [node, z.lazy(() => node), []],
};

describe('waiting messages survive', () => {
  test.each(Object.entries(harmless))('%s', (_name, [before, after, notes]) => {
    expect(change(before, after)).toEqual({
      findings: [],
      notes: notes.map((text) => `payments.charge: ${text}`),
    });
  });

  test('a new argument that may be left out', () => {
    const after = ofArgs(z.tuple([z.string(), z.number().optional()]));

    expect(changesOf(ofArgs(z.tuple([z.string()])), after)).toEqual({
      findings: [],
      notes: ['payments.charge: args[1] is new.'],
    });
  });

  test('another result, which is told', () => {
    const of = (result: z.ZodType | undefined) =>
      snapshot((app) => app.task('total', { ...(result && { result }) }, () => null as never));

    expect(changesOf(of(z.number()), of(z.number().max(5)))).toEqual({
      findings: [],
      notes: ['total: result must be at most 5 now, and stored results may hold more.'],
    });
    expect(changesOf(of(undefined), of(z.number())).notes).toEqual([
      'total: result has a schema now, also for what is stored already.',
    ]);
  });
});

test('a snapshot does not depend on the order of tasks and fields, nor on what describes them', () => {
  const one = snapshot((app) => {
    app.task(
      'b',
      { args: z.tuple([z.object({ x: z.string(), y: z.number().describe('pixels') })]) },
      () => null,
    );
    app.task('a', () => null);
  });
  const other = snapshot((app) => {
    app.task('a', () => null);
    app.task('b', { args: z.tuple([z.object({ y: z.number(), x: z.string() })]) }, () => null);
  });

  expect(JSON.stringify(one)).toBe(JSON.stringify(other));
});

test('schemas that all lead to each other are gone through once', () => {
  const tangle = (max: number) => {
    const all: z.ZodType[] = Array.from({ length: 14 }, (_, i) => {
      const others = Array.from({ length: 14 }, (_each, j) => [
        `to${j}`,
        z.lazy(() => all[j] ?? z.never()).optional(),
      ]);
      return z.object({ ...Object.fromEntries(others), ...(i === 13 && { size: z.number().max(max) }) });
    });
    return z.object({ start: all[0] ?? z.never() });
  };

  expect(change(tangle(9), tangle(9).extend({ note: z.string().optional() }))).toEqual({
    findings: [],
    notes: ['payments.charge: args[0].note is new.'],
  });
  const { findings } = change(tangle(9), tangle(8));
  expect(findings.filter((text) => text.includes('must be at most 8 now'))).not.toEqual([]);
  expect(findings.length).toBeLessThan(14 * 14);
});

test('a conversion that leads to itself comes to an end', () => {
  const list: z.ZodType = z.object({
    next: z.codec(
      z.json(),
      z.lazy(() => list.nullable()),
      { decode: (json) => json, encode: (json) => json as never },
    ),
  });
  const small = z.tuple([list]);

  expect(changesOf(ofArgs(small), ofArgs(z.tuple([list, z.string().optional()])))).toEqual({
    findings: [],
    notes: ['payments.charge: args[1] is new.'],
  });
});

test('what only the program knows is told', () => {
  const all = snapshot((app) => {
    const tree: z.ZodType = z.object({ at: date, parts: z.array(z.lazy(() => tree)) });
    const card = z.string().refine((text) => text.length === 16);
    app.task('pay', { args: z.tuple([z.object({ card, tree }), z.custom<string>()]) }, () => null);
    app.task('plain', (x: number) => x);
    app.task('other', { args: { '~standard': { vendor: 'valibot' } } as never }, () => null);
  });

  expect(notCompared(all).map(asText)).toEqual([
    'other: args a foreign schema',
    'pay: args[0].card a refinement',
    'pay: args[0].tree.at a conversion',
    'pay: args[1] a custom schema',
    'plain: args no schema, only their number',
  ]);
});
