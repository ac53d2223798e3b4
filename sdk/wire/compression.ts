import * as zlib from 'node:zlib';
import { ConfigurationError, DecodeError, PayloadTooLargeError } from '../errors/index.ts';
import type { Json } from './json.ts';
import { byteLength } from './size.ts';

/** What a body may become: some hundred bytes can hold gigabytes of zeros. */
const maxBodyBytes = 16 * 1_024 * 1_024;

interface Method {
  readonly compress: (bytes: Uint8Array) => Uint8Array;
  readonly decompress: (bytes: Uint8Array, options: { maxOutputLength: number }) => Uint8Array;
}

/** By the names of headers, which are kombu's. bzip2 and lzma are not in Node. */
const methods: Readonly<Record<string, Method>> = {
  // A zlib stream in truth, whatever it is called; gzip is read too.
  'application/x-gzip': { compress: zlib.deflateSync, decompress: zlib.unzipSync },
  'application/x-brotli': { compress: brotli, decompress: zlib.brotliDecompressSync },
  // Node 22.15 and later.
  ...('zstdCompressSync' in zlib && {
    'application/zstd': { compress: zlib.zstdCompressSync, decompress: zlib.zstdDecompressSync },
  }),
};

/** The headers' names by Celery's. */
const headers: Readonly<Record<string, string>> = {
  zlib: 'application/x-gzip',
  brotli: 'application/x-brotli',
  zstd: 'application/zstd',
  // Python's other name for it, which stands in signatures.
  gzip: 'application/x-gzip',
};

/** The header that says how a body is compressed. @throws ConfigurationError for a name that is not known here */
export function compressionHeader(name: string): string {
  const header = headers[name] ?? '';
  if (Object.hasOwn(methods, header)) return header;
  const known = Object.keys(headers).filter((each) => Object.hasOwn(methods, headers[each] ?? ''));
  const advice = name === 'zstd' ? ' It needs Node 22.15.' : '';
  throw new ConfigurationError(
    `Expected compression to be ${known.join(', ')}, got ${JSON.stringify(name)}.${advice}`,
  );
}

/**
 * Compresses a body, as kombu does; base64, since it travels inside JSON.
 *
 * @throws PayloadTooLargeError for more than the other side would read, however little of it would travel
 */
export function compress(body: string, header: string): string {
  const size = byteLength(body);
  if (size > maxBodyBytes) {
    const advice = 'Store the data elsewhere (S3, a table) and send its address.';
    throw PayloadTooLargeError.of('arguments before compression', { size, limit: maxBodyBytes, advice });
  }
  const bytes = methodOf(header).compress(Buffer.from(body, 'utf8'));
  return Buffer.from(bytes).toString('base64');
}

/**
 * Reads a body that its producer compressed.
 *
 * @throws DecodeError for a kind that Node cannot read, for what is not of that kind, and for more than 16 MiB of output
 * @see https://docs.celeryq.dev/en/stable/userguide/calling.html#compression
 */
export function decompress(bytes: Uint8Array, header: Json): string {
  const { decompress: read } = methodOf(header);
  try {
    return Buffer.from(read(bytes, { maxOutputLength: maxBodyBytes })).toString('utf8');
  } catch (cause) {
    throw new DecodeError(
      `Expected a body compressed as ${header}, of at most 16 MiB: ${(cause as Error).message}`,
      { cause },
    );
  }
}

function methodOf(header: Json): Method {
  const kind = String(header);
  const method = Object.hasOwn(methods, kind) ? methods[kind] : undefined;
  if (method) return method;
  throw new DecodeError(
    `Expected a compression of ${Object.keys(methods).join(', ')}, got '${kind.slice(0, 100)}'. Use zlib in the producer.`,
  );
}

/** The best quality, which is brotli's default, takes seconds for a megabyte, and the process does nothing else meanwhile. */
function brotli(bytes: Uint8Array): Uint8Array {
  return zlib.brotliCompressSync(bytes, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 5 } });
}
