import { createHash, createHmac } from 'node:crypto';
import type { Credentials } from '../credentials/credentials.ts';
import type { HttpRequest } from './http-request.ts';
import { encodePath, encodeQuery } from './uri-encoding.ts';

/** Who asks which service, and when. */
export interface Signing {
  readonly credentials: Credentials;
  readonly region: string;
  /** The name that the service signs by, such as `sqs`. */
  readonly service: string;
  /** Epoch milliseconds, by the service's clock. */
  readonly at: number;
}

const algorithm = 'AWS4-HMAC-SHA256';

/** What proxies and tools change on the way, or add themselves. */
const unsigned: ReadonlySet<string> = new Set([
  'authorization',
  'connection',
  'user-agent',
  'x-amzn-trace-id',
]);

/**
 * The headers of a request with those of its signature, version 4.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function signedHeaders(request: HttpRequest, signing: Signing): Readonly<Record<string, string>> {
  const { credentials, region, service, at } = signing;
  const time = new Date(at).toISOString().replace(/[:-]|\.\d{3}/g, '');
  const payloadHash = hash(request.body);
  const headers = {
    ...request.headers,
    host: new URL(request.origin).host,
    'x-amz-date': time,
    ...(credentials.sessionToken && { 'x-amz-security-token': credentials.sessionToken }),
    // S3 alone demands it.
    ...(service === 's3' && { 'x-amz-content-sha256': payloadHash }),
  };
  const day = time.slice(0, 8);
  const scope = `${day}/${region}/${service}/aws4_request`;
  const { canonical, names } = canonicalRequest({ ...request, headers }, { service, payloadHash });
  const key = [day, region, service, 'aws4_request'].reduce<string | Buffer>(
    (secret, part) => hmac(secret, part),
    `AWS4${credentials.secretAccessKey}`,
  );
  const signature = hmac(key, [algorithm, time, scope, hash(canonical)].join('\n')).toString('hex');
  const authorization = `${algorithm} Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`;
  return { ...headers, authorization };
}

interface Hashing {
  readonly service: string;
  readonly payloadHash: string;
}

function canonicalRequest(request: HttpRequest, { service, payloadHash }: Hashing) {
  const headers = Object.entries(request.headers)
    .filter(([name]) => !unsigned.has(name))
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  const names = headers.map(([name]) => name).join(';');
  const lines = headers.map(([name, value]) => `${name}:${value.trim().replace(/\s+/g, ' ')}\n`);
  const canonical = [
    request.method,
    // S3 takes the path as it travels, all others encode it once more.
    service === 's3' ? request.path : encodePath(withoutDots(request.path)),
    encodeQuery(request.query),
    lines.join(''),
    names,
    payloadHash,
  ].join('\n');
  return { canonical, names };
}

/** RFC 3986, section 6.2.2.3, as the services do it before they check a signature. */
function withoutDots(path: string): string {
  const kept: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') kept.pop();
    else if (segment !== '' && segment !== '.') kept.push(segment);
  }
  const joined = `/${kept.join('/')}`;
  return joined !== '/' && path.endsWith('/') ? `${joined}/` : joined;
}

function hash(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
