import { readFileSync } from 'node:fs';
import { deflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { DecodeError } from '../../sdk/errors/index.ts';
import { customHeaders } from '../../sdk/wire/envelope.ts';
import { writeJson } from '../../sdk/wire/json.ts';
import { readEnvelope } from '../../sdk/wire/read-envelope.ts';
import { decodeValue, encodeValue } from '../../sdk/wire/values.ts';

const id = '11111111-2222-4333-8444-555555555555';

/** A message that real Celery wrote (celery-messages/make.py). */
function fromCelery(name: string) {
  return readEnvelope(textOf(name));
}

function textOf(name: string): string {
  return readFileSync(new URL(`celery-messages/${name}.txt`, import.meta.url), 'utf8').trim();
}

function message(change: { headers?: object; body?: unknown; properties?: object; rest?: object }): string {
  return JSON.stringify({
    body: typeof change.body === 'string' ? change.body : JSON.stringify(change.body ?? [[], {}, null]),
    'content-encoding': 'utf-8',
    'content-type': 'application/json',
    headers: { task: 'math.add', id, ...change.headers },
    properties: { delivery_info: { routing_key: 'q' }, ...change.properties },
    ...change.rest,
  });
}

describe('messages of real Celery', () => {
  test.each(['delay', 'delay-base64'])('%s: is read, plain and in base64', (name) => {
    const envelope = fromCelery(name);

    expect(envelope).toMatchObject({
      task: 'math.add',
      id,
      args: [2, 3],
      kwargs: {},
      retries: 0,
      rootId: id,
      parentId: null,
      eta: null,
      expires: null,
      queue: 'celery',
      priority: 0,
      ignoreResult: false,
    });
  });

  test.each([
    ['compressed-zlib', 'application/x-gzip'],
    ['compressed-brotli', 'application/x-brotli'],
    ['compressed-zstd', 'application/zstd'],
  ])('%s: is read, and how it was compressed', (name, compression) => {
    const envelope = fromCelery(name);

    expect(envelope).toMatchObject({ args: [2, 3], compression });
    expect(envelope.headers).not.toHaveProperty('compression');
  });

  test.each(['compressed-bzip2', 'compressed-lzma'])('%s: is refused with advice', (name) => {
    expect(() => fromCelery(name)).toThrow(
      /Expected a compression of .*zstd, got 'application\/x-.*Use zlib in the producer/,
    );
  });

  test('a body is not blown up beyond all measure', () => {
    const bomb = deflateSync(Buffer.alloc(64 * 1_024 * 1_024)).toString('base64');

    expect(() =>
      readEnvelope(message({ headers: { compression: 'application/x-gzip' }, body: bomb })),
    ).toThrow(/at most 16 MiB/);
  });

  test('options travel in headers and properties', () => {
    const envelope = fromCelery('options');

    expect(envelope).toMatchObject({ kwargs: { y: 3 }, priority: 7, timeLimit: 30, softTimeLimit: 20 });
    expect(customHeaders(envelope)).toEqual({ 'x-tenant': 'acme' });
  });

  test('instants become epoch milliseconds', () => {
    const { eta, expires } = fromCelery('eta-expires');

    expect(eta).toBe(Date.UTC(2099, 0, 1, 12, 30));
    expect(expires).toBe(Date.UTC(2099, 0, 2, 12, 30));
  });

  test("values of kombu's JSON extension become values of ours", () => {
    const [values] = fromCelery('values').args.map(decodeValue) as [unknown[]];

    expect(values).toEqual([
      new Date('2026-11-20T18:13:06.984Z'),
      '2026-11-20',
      '18:13:06',
      '12.50',
      id,
      new TextEncoder().encode('hello'),
      new Uint8Array([0xff, 0xfe]),
      'mañana 🌿',
    ]);
  });

  test('NaN and Infinity stand in it as Python writes them', () => {
    const [floats] = fromCelery('floats').args.map(decodeValue);

    const { NaN: nan, POSITIVE_INFINITY, NEGATIVE_INFINITY } = Number;
    expect(floats).toEqual([nan, POSITIVE_INFINITY, NEGATIVE_INFINITY, 1.5, 1e-7, 'NaN', { a: [nan] }]);
  });

  test('a datetime is UTC without a zone, and loses what is finer than a millisecond', () => {
    const [instants] = fromCelery('instants').args.map(decodeValue);

    expect(instants).toEqual([
      new Date('2026-11-20T18:13:06Z'),
      new Date('2026-11-20T12:43:06Z'),
      new Date('0001-01-01T00:00:00Z'),
      new Date('9999-12-31T23:59:59.999Z'),
    ]);
  });

  test('values of ours come back from Python as they were', () => {
    const values = [
      new Date('2026-11-20T18:13:06.984Z'),
      new Date('0001-01-01T00:00:00Z'),
      new Date('9999-12-31T23:59:59.999Z'),
      new TextEncoder().encode('mañana 🌿\uFEFF\u0000'),
      new Uint8Array(),
      Uint8Array.from({ length: 256 }, (_, i) => i),
      Number.NaN,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      { NaN: 'NaN', text: '{"__type__":"float","__value__":"NaN"}' },
      { __type__: 'x', __value__: 1, and: 'more' },
      '\uFFFE\uFFFF\uD800 "\\',
    ];
    const [returned] = fromCelery('ours-returned').args.map(decodeValue);

    // What make.py read is what is still written.
    expect(writeJson(encodeValue(values))).toBe(textOf('ours'));
    expect(returned).toEqual(values);
  });

  test('what follows the task is carried along', () => {
    expect(fromCelery('chain').embed.chain).toMatchObject([{ task: 'math.add', args: [3] }]);
    expect(fromCelery('links').embed).toMatchObject({
      callbacks: [{ task: 'math.add', args: [5] }],
      errbacks: [{ task: 'text.fail' }],
    });
    expect(fromCelery('links').ignoreResult).toBe(true);
  });
});

describe('what cannot be understood is refused with the reason', () => {
  test.each([
    ['no JSON', 'hello', /Expected the message to be JSON/],
    ['half a JSON', '{"body": ', /Expected the message to be JSON/],
    ['JSON that is no object', '[1, 2]', /Expected the message to be a JSON object, got an array of 2/],
    ['another protocol', JSON.stringify({ task: 'math.add', args: [], id }), /protocol 2/],
    ['an empty id', message({ headers: { id: '' } }), /protocol 2/],
    [
      'another content type',
      message({ rest: { 'content-type': 'application/x-python-serialize' } }),
      /application\/json/,
    ],
    [
      'a compressed body that is none',
      message({ headers: { compression: 'application/x-gzip' } }),
      /compressed as application\/x-gzip, of at most 16 MiB/,
    ],
    [
      'another compression',
      message({ headers: { compression: 'constructor' } }),
      /Expected a compression of .*, got 'constructor'/,
    ],
    ['a body that is no text', message({ rest: { body: [[], {}, {}] } }), /Expected the body to be text/],
    ['a body that is no JSON', message({ body: 'x' }), /Expected the body to be JSON/],
    ['a body of two', message({ body: [[], {}] }), /\[args, kwargs, embed\], got an array of 2/],
    ['a body that is no array', message({ body: { length: 3 } }), /\[args, kwargs, embed\], got a object/],
    ['args that are no array', message({ body: [{}, {}, null] }), /Expected args to be an array/],
    ['kwargs that are no object', message({ body: [[], [], null] }), /Expected kwargs to be an object/],
    [
      'an eta that is no instant',
      message({ headers: { eta: 'soon' } }),
      /Expected eta to be an ISO 8601 instant, got "soon"/,
    ],
    [
      'a forbidden key',
      message({ body: '[[{"__proto__": {"admin": true}}], {}, null]' }),
      /no key '__proto__'/,
    ],
    ['a forbidden header', `${message({}).slice(0, -1)},"__proto__":1}`, /no key '__proto__'/],
  ])('%s', (_what, text, reason) => {
    expect(() => readEnvelope(text)).toThrow(DecodeError);
    expect(() => readEnvelope(text)).toThrow(reason);
  });

  test('10,000 levels, without exhausting the stack', () => {
    const deep = `${'['.repeat(10_000)}${']'.repeat(10_000)}`;

    expect(() => readEnvelope(message({ body: `[[${deep}], {}, null]` }))).toThrow(/at most 500 levels/);
    expect(() => readEnvelope(deep)).toThrow(/at most 500 levels/);
  });

  // Each took minutes with a pattern that backtracks: the time limit of the test is the assertion.
  test.each([
    ['spaces', `${' '.repeat(1_000_000)}{}`],
    ['line feeds', `x${'\n'.repeat(1_000_000)}`],
    ['letters', `${'A'.repeat(1_000_000)}!`],
    ['escaped quotes after a NaN', `NaN${'\\"'.repeat(500_000)}`],
    ['quotes after a NaN', `NaN${'"'.repeat(999_999)}`],
  ])('a million of %s, without keeping the worker busy', (_what, text) => {
    expect(() => readEnvelope(text)).toThrow(DecodeError);
  });

  test('what is longer than the table takes as a key, without an id that nobody could look up', () => {
    const error = catchError(() => readEnvelope(message({ headers: { id: 'x'.repeat(2_100) } })));

    expect(error).toMatchObject({
      name: 'DecodeError',
      taskId: undefined,
      message: expect.stringContaining('2100 characters'),
    });
    expect(() => readEnvelope(message({ headers: { task: 'x'.repeat(501) } }))).toThrow(
      /task to have at most 500 characters, got 501/,
    );
    expect(() => readEnvelope(message({ headers: { parent_id: 'x'.repeat(501) } }))).toThrow(
      /parent_id to have at most 500/,
    );
  });

  test('the task id is kept, for whoever waits', () => {
    const error = catchError(() => readEnvelope(message({ body: 'x' })));

    expect(error).toMatchObject({ taskId: id, task: 'math.add' });
  });
});

function catchError(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}
