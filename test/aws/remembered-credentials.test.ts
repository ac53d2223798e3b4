import { describe, expect, test } from 'vitest';
import { RememberedCredentials } from '../../sdk/aws/credentials/remembered-credentials.ts';
import { quickClock } from './moody-server.ts';

describe('remembered credentials', () => {
  const minute = 60_000;

  function remembered(lifetimes: readonly (number | Error)[]) {
    let now = 0;
    let asked = 0;
    const find = async () => {
      const lifetime = lifetimes[Math.min(asked, lifetimes.length - 1)] ?? 0;
      asked += 1;
      if (lifetime instanceof Error) throw lifetime;
      return { accessKeyId: `key-${asked}`, secretAccessKey: 'secret', expiresAt: now + lifetime };
    };
    const credentials = new RememberedCredentials(
      find,
      quickClock(() => now),
    );
    const key = async () => (await credentials.get()).accessKeyId;
    const advance = (milliseconds: number) => {
      now += milliseconds;
    };
    return { key, asked: () => asked, advance };
  }

  test('are asked for once, and again five minutes before they end', async () => {
    const { key, advance, asked } = remembered([60 * minute]);

    expect(await Promise.all([key(), key(), key()])).toEqual(['key-1', 'key-1', 'key-1']);
    advance(55 * minute);
    expect(await key()).toBe('key-1');
    advance(1);
    // Only one waits for the new ones: the old ones are good still.
    expect(await Promise.all([key(), key()])).toEqual(['key-2', 'key-1']);
    expect(asked()).toBe(2);
  });

  test('serve to their end if new ones cannot be had', async () => {
    const { key, advance, asked } = remembered([60 * minute, new Error('not now')]);
    await key();

    advance(59 * minute);
    expect(await key()).toBe('key-1');
    expect(await key()).toBe('key-1');
    // Once in a minute, not at each request.
    expect(asked()).toBe(2);
    advance(2 * minute);
    await expect(key()).rejects.toThrow('not now');
  });

  test('are asked for again after a failure', async () => {
    const { key } = remembered([new Error('not now'), 60 * minute]);

    await expect(key()).rejects.toThrow('not now');
    expect(await key()).toBe('key-2');
  });
});
