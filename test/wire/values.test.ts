import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DecodeError, EncodeError } from '../../sdk/errors/index.ts';
import { type Json, parseJson, writeJson } from '../../sdk/wire/json.ts';
import { decodeValue, encodeValue } from '../../sdk/wire/values.ts';

describe('values', () => {
  test('come back as they were', () => {
    const leaf = fc.oneof(
      fc.string(),
      fc.boolean(),
      fc.constant(null),
      // Without -0, which JSON does not tell from 0.
      fc.double().map((number) => number + 0),
      fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('2999-12-31') }),
      fc.uint8Array(),
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc.array(tie('tree')),
        fc.dictionary(
          fc.string().filter((key) => !key.startsWith('__')),
          tie('tree'),
          { noNullPrototype: true },
        ),
      ),
    }));

    fc.assert(
      fc.property(tree, (value) => {
        expect(decodeValue(parseJson(writeJson(encodeValue(value)), 'it'))).toEqual(value);
      }),
      { seed: 20_261_120 },
    );
  });

  test('are written as kombu writes them', () => {
    expect(encodeValue(new Date('2026-11-20T18:13:06.984Z'))).toEqual({
      __type__: 'datetime',
      __value__: '2026-11-20T18:13:06.984+00:00',
    });
    expect(encodeValue(new TextEncoder().encode('hi'))).toEqual({ __type__: 'bytes', __value__: 'hi' });
    expect(encodeValue(new Uint8Array([255, 254]))).toEqual({ __type__: 'base64', __value__: '//4=' });
  });

  test('treat undefined as JSON does, and ask whoever knows its own JSON', () => {
    expect(encodeValue({ a: undefined, b: [undefined], c: new URL('https://example.com/') })).toEqual({
      b: [null],
      c: 'https://example.com/',
    });
    expect(encodeValue(undefined)).toBeNull();
  });

  test('take a toJSON that is no function for data', () => {
    expect(encodeValue({ toJSON: 'no function' })).toEqual({ toJSON: 'no function' });
  });

  const cycle: unknown[] = [];
  cycle.push(cycle);
  test.each([
    ['a function', { call: () => 1 }, /value\.call to be something that JSON can hold, got a function/],
    ['a symbol', [Symbol('x')], /value\[0\].*got a symbol/],
    ['a bigint', 1n, /got a bigint/],
    ['an invalid date', { deep: [new Date('x')] }, /value\.deep\[0\].*got an invalid Date/],
    ['a map', new Map(), /got a Map. Send an array or an object instead/],
    ['a set', new Set(), /got a Set/],
    ['a cycle', cycle, /at most 500 levels.*Is there a cycle/],
    ['a forbidden key', JSON.parse('{"__proto__": 1}'), /the key '__proto__'/],
  ])('refuse %s and say where', (_what, value, reason) => {
    expect(() => encodeValue(value)).toThrow(EncodeError);
    expect(() => encodeValue(value)).toThrow(reason);
  });

  test('of an unknown type are refused when they are read', () => {
    expect(() => decodeValue({ __type__: 'model', __value__: 'x' })).toThrow(DecodeError);
    expect(() => decodeValue({ __type__: 'constructor', __value__: 'x' })).toThrow(
      /known __type__, got 'constructor'/,
    );
  });

  test.each([
    ['datetime', null],
    ['datetime', 7],
    ['uuid', null],
    ['uuid', { hex: 7 }],
    ['decimal', { hex: '11111111222243338444555555555555' }],
  ])('of type %s are refused when they hold %j', (type, value) => {
    expect(() => decodeValue({ __type__: type, __value__: value })).toThrow(DecodeError);
  });

  test('with more keys than __type__ and __value__ are objects of the user, as for kombu', () => {
    const mine = { __type__: 'datetime', __value__: 'now', unit: 's' };

    expect(decodeValue(encodeValue(mine))).toEqual(mine);
  });

  test('without a zone are UTC', () => {
    expect(decodeValue({ __type__: 'datetime', __value__: '2026-11-20T18:13:06' })).toEqual(
      new Date('2026-11-20T18:13:06Z'),
    );
  });
});

describe('NaN and Infinity', () => {
  test.each([
    [Number.NaN, 'NaN'],
    [Number.POSITIVE_INFINITY, 'Infinity'],
    [Number.NEGATIVE_INFINITY, '-Infinity'],
  ])('%d is the literal that Python reads', (number, literal) => {
    expect(encodeValue(number)).toEqual({ __type__: 'float', __value__: literal });
    expect(writeJson(encodeValue({ a: [number, 'x', number], b: number }))).toBe(
      `{"a":[${literal},"x",${literal}],"b":${literal}}`,
    );
  });

  test('any JSON is read as it was written, also texts and keys that look like a literal or its extension', () => {
    const extension = (value: string) => ({ __type__: 'float', __value__: value });
    const piece = fc.constantFrom(
      ...['NaN', '-Infinity', 'Infinity', '{"__type__":"float","__value__":"NaN"}', '__type__', 'float'],
      ...['{', '"', '\\', '\\"', '}', ',', ':', '-', '\uFFFE', '\uD800', '\u0000', '\u2028'],
    );
    const text = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''));
    const { json } = fc.letrec<{ json: Json }>((tie) => ({
      json: fc.oneof(
        { maxDepth: 4 },
        text,
        fc.string({ unit: 'binary' }),
        fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
        fc.constantFrom(null, true, ...['NaN', 'Infinity', '-Infinity', 'Inf', ''].map(extension)),
        fc.array(tie('json')),
        fc.dictionary(text, tie('json'), { noNullPrototype: true }),
        fc.record({ __type__: fc.constant('float'), __value__: tie('json'), more: tie('json') }),
      ),
    }));

    fc.assert(
      fc.property(json, (value) => {
        expect(parseJson(writeJson(value), 'it')).toEqual(value);
      }),
      { numRuns: 2_000, seed: 20_261_120 },
    );
  });
});
