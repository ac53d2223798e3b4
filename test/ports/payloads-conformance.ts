import { describe, expect, test } from 'vitest';
import { ConfigurationError } from '../../sdk/errors/index.ts';
import type { Payloads } from '../../sdk/ports/payloads.ts';

/** The bucket of a cloud for one test, empty. */
export interface PayloadsFixture {
  readonly payloads: Payloads;
  readonly bucketName: string;
}

/** What the bucket of every cloud must keep. */
export function payloadsConformance(name: string, makePayloads: () => Promise<PayloadsFixture>): void {
  describe(`payloads: ${name}`, () => {
    test('lie in the bucket of the app', async () => {
      const { payloads, bucketName } = await makePayloads();

      expect(await payloads.bucketName()).toBe(bucketName);
    });

    test.each([
      ['a text', 'payloads/30d/task/id/1', '{"a":1}'],
      ['a text of all kinds of characters', 'payloads/30d/task/id/1', 'é🌿\u2028\u0000\uFFFE"\\\r\n'],
      ['nothing', 'payloads/30d/task/id/1', ''],
      ['one under a key of our own', 'payloads/400d/gr!C3!B6!C3!9Fe/it!27s!20!2Ame!2A!21/9cc30888-0e2e', 'x'],
      ['one under a key of others', '9cc30888-0e2e-40da-b594-c9ca2cd58722', 'x'],
      ['one under a key that URLs would write otherwise', "payloads/30d/a b+c%20d/(e)*'~&?#/ü🌿..", 'x'],
      ['12 MiB', 'payloads/30d/task/id/1', 'x'.repeat(12 * 1_048_576)],
    ])('are read as they were stored: %s', async (_what, key, text) => {
      const { payloads } = await makePayloads();

      expect(await payloads.put(key, text)).toEqual({ ok: true });

      expect((await payloads.get(key)) === text).toBe(true);
      expect(await payloads.get(`${key}x`)).toBeUndefined();
    });

    test('that are not there are undefined', async () => {
      const { payloads } = await makePayloads();

      expect(await payloads.get('payloads/30d/task/id/1')).toBeUndefined();
    });
  });
}

/** What a cloud must say if there is no bucket. */
export async function expectMissingBucket(payloads: Payloads): Promise<void> {
  const name = await payloads.bucketName();
  for (const request of [payloads.put('payloads/30d/a/b/c', 'x'), payloads.get('payloads/30d/a/b/c')]) {
    await expect(request).rejects.toThrow(ConfigurationError);
    await expect(request).rejects.toThrow(`Expected a bucket named '${name}', found none`);
  }
}
