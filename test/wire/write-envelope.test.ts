import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Envelope, emptyEmbed } from '../../sdk/wire/envelope.ts';
import type { Json } from '../../sdk/wire/json.ts';
import { readEnvelope } from '../../sdk/wire/read-envelope.ts';
import { writeEnvelope } from '../../sdk/wire/write-envelope.ts';

const plain: Envelope = {
  task: 'math.add',
  id: '11111111-2222-4333-8444-555555555555',
  args: [2, 3],
  kwargs: {},
  embed: emptyEmbed,
  retries: 0,
  eta: null,
  expires: null,
  timeLimit: null,
  softTimeLimit: null,
  rootId: '11111111-2222-4333-8444-555555555555',
  parentId: null,
  group: null,
  groupIndex: null,
  ignoreResult: false,
  compression: null,
  queue: 'celery',
  priority: 0,
  redelivered: false,
  headers: { lang: 'js' },
  properties: {},
};

describe('an envelope', () => {
  test('is written in the shortest form that Celery reads', () => {
    expect(JSON.parse(writeEnvelope(plain))).toEqual({
      body: '[[2,3],{},{"callbacks":null,"errbacks":null,"chain":null,"chord":null}]',
      'content-encoding': 'utf-8',
      'content-type': 'application/json',
      headers: { lang: 'js', task: 'math.add', id: plain.id, root_id: plain.id },
      properties: {
        correlation_id: plain.id,
        delivery_mode: 2,
        delivery_info: { exchange: '', routing_key: 'celery' },
        priority: 0,
        body_encoding: 'utf-8',
        delivery_tag: plain.id,
      },
    });
  });

  test('comes back as it was, with headers and properties that mean nothing to us, plain and in base64', () => {
    const json = fc
      .jsonValue({ depthSize: 'small' })
      .map((value) => JSON.parse(JSON.stringify(value)) as Json);
    const safe = json.filter((value) => !JSON.stringify(value).includes('__proto__'));
    const instant = fc.integer({ min: 0, max: 4_102_444_800_000 });
    const envelopes = fc.record({
      args: fc.array(safe, { maxLength: 4 }),
      text: fc.string({ unit: 'binary' }),
      retries: fc.nat(100),
      eta: fc.option(instant),
      expires: fc.option(instant),
      timeLimit: fc.option(fc.nat(900)),
      softTimeLimit: fc.option(fc.nat(900)),
      groupIndex: fc.option(fc.nat()),
      ignoreResult: fc.boolean(),
      compression: fc.constantFrom(null, 'application/x-gzip', 'application/x-brotli', 'application/zstd'),
      redelivered: fc.boolean(),
      priority: fc.nat(9),
    });

    fc.assert(
      fc.property(envelopes, fc.boolean(), ({ text, ...change }, base64) => {
        const headers = {
          lang: 'py',
          origin: 'gen1@host',
          shadow: null,
          'x-custom': [text, null],
          'x-null': null,
        };
        const envelope = {
          ...plain,
          ...change,
          kwargs: { text },
          headers,
          properties: { reply_to: 'x', app_id: text },
        };
        expect(readEnvelope(writeEnvelope(envelope, { base64 }))).toEqual(envelope);
      }),
      { numRuns: 500 },
    );
  });

  test('never holds a character that SQS refuses', () => {
    const outsideXml = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 50 }), (text) => {
        const written = writeEnvelope({
          ...plain,
          args: [text, '\uFFFE\uFFFF\u0000\uD800'],
          headers: { text },
        });
        expect(written).not.toMatch(outsideXml);
      }),
    );
  });
});
