import * as zlib from 'node:zlib';
import { DecodeError } from '../errors/index.ts';
import type { Json } from './json.ts';

/** What a body may become: some hundred bytes can hold gigabytes of zeros. */
const maxOutputLength = 16 * 1_024 * 1_024;

type Decompressor = (bytes: Uint8Array, options: { maxOutputLength: number }) => Uint8Array;

/** By kombu's names; its `x-gzip` is a zlib stream in truth, and both are read. bzip2 and lzma are not in Node. */
const decompressors: Readonly<Record<string, Decompressor | undefined>> = {
  'application/x-gzip': zlib.unzipSync,
  'application/x-brotli': zlib.brotliDecompressSync,
  // Node 22.15 and later.
  'application/zstd': zlib.zstdDecompressSync,
};

/**
 * Reads a body that its producer compressed.
 *
 * @throws DecodeError for a kind that Node cannot read, for what is not of that kind, and for more than 16 MiB of output
 * @see https://docs.celeryq.dev/en/stable/userguide/calling.html#compression
 */
export function decompress(bytes: Uint8Array, compression: Json): string {
  const kind = String(compression);
  const read = Object.hasOwn(decompressors, kind) ? decompressors[kind] : undefined;
  if (!read) {
    const known = Object.keys(decompressors).join(', ');
    throw new DecodeError(
      `Expected a compression of ${known}, got '${kind.slice(0, 100)}'. Use zlib in the producer.`,
    );
  }
  try {
    return Buffer.from(read(bytes, { maxOutputLength })).toString('utf8');
  } catch (cause) {
    throw new DecodeError(
      `Expected a body compressed as ${kind}, of at most 16 MiB: ${(cause as Error).message}`,
      { cause },
    );
  }
}
