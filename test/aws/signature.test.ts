import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { HttpRequest, Query } from '../../sdk/aws/http/http-request.ts';
import { type Signing, signedHeaders } from '../../sdk/aws/http/signature.ts';
import { encodePath } from '../../sdk/aws/http/uri-encoding.ts';

/** As AWS's own signer takes them. */
class Sha256 {
  readonly #hash: ReturnType<typeof createHash> | ReturnType<typeof createHmac>;

  constructor(secret?: string | Uint8Array) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret);
  }

  update(data: string | Uint8Array): void {
    this.#hash.update(data);
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }
}

/** The signature that AWS's signer makes for the same request. */
async function officialAuthorization(request: HttpRequest, signing: Signing): Promise<string | undefined> {
  const { service, region, credentials, at } = signing;
  const signer = new SignatureV4({
    service,
    region,
    credentials,
    sha256: Sha256 as never,
    uriEscapePath: service !== 's3',
    applyChecksum: service === 's3',
  });
  const { hostname, protocol, host } = new URL(request.origin);
  const signed = (await signer.sign(
    {
      method: request.method,
      protocol,
      hostname,
      path: request.path,
      query: Object.fromEntries(
        Object.entries(request.query).flatMap(([name, value]) =>
          value === undefined ? [] : [[name, typeof value === 'string' ? value : [...value]]],
        ),
      ),
      headers: { ...request.headers, host },
      body: request.body,
    } as never,
    { signingDate: new Date(at) },
  )) as unknown as Pick<HttpRequest, 'headers'>;
  return signed.headers.authorization;
}

const anyText = fc.string({ unit: 'grapheme', maxLength: 12 });
const oddText = fc.oneof(
  anyText,
  fc.constantFrom("a b+c/d=e&f%20~*'()!", 'ünï cödé €😀', '%', '..', '', '\u0000\u007f'),
);
const queries: fc.Arbitrary<Query> = fc.dictionary(
  // The official signer mutates the prototype of its copy otherwise.
  oddText.filter((name) => name !== '__proto__'),
  fc.oneof(oddText, fc.array(oddText, { minLength: 1, maxLength: 3 })),
  { maxKeys: 4 },
);
const paths = fc.array(oddText, { maxLength: 4 }).map((parts) => encodePath(`/${parts.join('/')}`));
const headerValue = fc.string({ unit: fc.constantFrom(...'abc =;,  /:'), maxLength: 12 });
const signings = fc.record({
  credentials: fc.record(
    {
      accessKeyId: fc.string({ unit: fc.constantFrom(...'AKIDEXMPL1'), minLength: 4, maxLength: 20 }),
      secretAccessKey: anyText.filter((text) => text.length > 0),
      sessionToken: fc.base64String({ minLength: 4, maxLength: 40 }),
    },
    { requiredKeys: ['accessKeyId', 'secretAccessKey'] },
  ),
  region: fc.constantFrom('us-east-1', 'cn-north-1'),
  service: fc.constantFrom('sqs', 'dynamodb', 'scheduler', 's3'),
  at: fc.integer({ min: 0, max: 4_000_000_000 }).map((seconds) => seconds * 1_000),
});
const requests: fc.Arbitrary<HttpRequest> = fc.record({
  method: fc.constantFrom('GET', 'PUT', 'POST', 'DELETE', 'HEAD'),
  origin: fc.constantFrom(
    'https://sqs.us-east-1.amazonaws.com',
    'http://127.0.0.1:4566',
    'https://b.example.com:8443',
  ),
  path: paths,
  query: queries,
  headers: fc.dictionary(
    fc.constantFrom('x-amz-target', 'content-type', 'x-amz-meta-odd', 'user-agent'),
    headerValue,
  ),
  body: fc.oneof(
    fc.constant(new Uint8Array()),
    fc.uint8Array({ maxLength: 200 }),
    oddText.map((text) => Buffer.from(text)),
  ),
});

test('signs whatever it is given as AWS’s own signer does', async () => {
  await fc.assert(
    fc.asyncProperty(requests, signings, async (request, signing) => {
      const expected = await officialAuthorization(request, signing);
      expect(signedHeaders(request, signing).authorization).toBe(expected);
    }),
    { numRuns: 500 },
  );
});

test('signs a body of 1 MiB', async () => {
  const request = {
    method: 'POST',
    origin: 'https://sqs.us-east-1.amazonaws.com',
    path: '/',
    query: {},
    headers: {},
    body: Buffer.alloc(1_048_576, 'ü'),
  };
  const credentials = { accessKeyId: 'AKID', secretAccessKey: 'secret' };
  const signing = { credentials, region: 'us-east-1', service: 'sqs', at: 0 };

  expect(signedHeaders(request, signing).authorization).toBe(await officialAuthorization(request, signing));
});

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
describe('the examples that AWS has published', () => {
  const signing = {
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' },
    region: 'us-east-1',
    service: 'service',
    at: Date.UTC(2015, 7, 30, 12, 36),
  };
  const plain = { origin: 'https://example.amazonaws.com', headers: {}, body: new Uint8Array() };

  test.for([
    ['GET', '/', {}, '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
    ['POST', '/', {}, '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b'],
    [
      'GET',
      '/',
      { Param2: 'value2', Param1: 'value1' },
      'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
    ],
    ['GET', '/', { ሴ: 'bar' }, '2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04'],
    [
      'GET',
      '/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz',
      {},
      '07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f',
    ],
  ] as const)('%s %s %o', ([method, path, query, signature]) => {
    const { authorization } = signedHeaders({ ...plain, method, path, query }, signing);

    expect(authorization).toBe(
      `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=${signature}`,
    );
  });
});
