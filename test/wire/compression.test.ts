import { createHash } from 'node:crypto';
import { brotliCompressSync, brotliDecompressSync, inflateSync, zstdDecompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { ConfigurationError, DecodeError, PayloadTooLargeError } from '../../sdk/errors/index.ts';
import { compress, compressionHeader, decompress } from '../../sdk/wire/compression.ts';

const names = ['zlib', 'brotli', 'zstd'];
const text = 'mañana 🌿 '.repeat(10_000);

describe('compression', () => {
  test.each([
    ['zlib', 'application/x-gzip', inflateSync],
    ['brotli', 'application/x-brotli', brotliDecompressSync],
    ['zstd', 'application/zstd', zstdDecompressSync],
  ])('%s has the name and the form that kombu gives it', (name, header, read) => {
    const bytes = Buffer.from(compress(text, header), 'base64');

    expect(compressionHeader(name)).toBe(header);
    expect(read(bytes).toString()).toBe(text);
    expect(bytes.length).toBeLessThan(1_000);
  });

  test('of zstd tells the size, without which kombu cannot read it', () => {
    const [descriptor = 0] = Buffer.from(compress(text, 'application/zstd'), 'base64').subarray(4);
    const [sizeBytes, isOneSegment] = [descriptor >> 6, (descriptor >> 5) & 1];

    expect(sizeBytes + isOneSegment).toBeGreaterThan(0);
  });

  test.each(names)('by %s comes back, be it short, long or random', (name) => {
    const header = compressionHeader(name);
    const random = Array.from({ length: 500 }, (_, i) => createHash('sha256').update(`${i}`).digest('hex'));

    for (const body of ['', 'x', text, random.join('')]) {
      expect(decompress(Buffer.from(compress(body, header), 'base64'), header)).toBe(body);
    }
  });

  test.each(names)('by %s refuses what the other side would refuse to read', (name) => {
    const header = compressionHeader(name);
    const most = 'x'.repeat(16 * 1_024 * 1_024);

    expect(decompress(Buffer.from(compress(most, header), 'base64'), header)).toHaveLength(most.length);
    expect(() => compress(`${most}x`, header)).toThrow(PayloadTooLargeError);
    expect(() => compress(`${most}x`, header)).toThrow(/before compression .* 16777216 bytes, got 16777217/);
  });

  test('by brotli is not the best there is, which takes seconds for a megabyte', () => {
    const words = Array.from({ length: 2_000 }, (_, i) => `word ${(i * 7_919) % 1_009}`).join(' ');
    const best = brotliCompressSync(words).toString('base64');

    expect(compress(words, 'application/x-brotli').length).toBeGreaterThan(best.length);
  });

  test("knows Python's other name for zlib", () => {
    expect(compressionHeader('gzip')).toBe('application/x-gzip');
  });

  test.each(['bzip2', 'application/zstd', '', 'constructor'])('has no name %j', (name) => {
    expect(() => compressionHeader(name)).toThrow(ConfigurationError);
    expect(() => compressionHeader(name)).toThrow(`to be zlib, brotli, zstd, gzip, got "${name}"`);
  });

  test('of another kind is not read', () => {
    expect(() => decompress(Buffer.from(''), 'application/x-bz2')).toThrow(DecodeError);
    expect(() => decompress(Buffer.from(''), 'constructor')).toThrow(DecodeError);
  });
});
