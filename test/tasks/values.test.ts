import { randomBytes } from 'node:crypto';
import { zstdCompressSync } from 'node:zlib';
import { type CallOptions, ConfigurationError, PayloadTooLargeError, Tallo } from 'tallo';
import { memoryCloud } from 'tallo/testing';
import { describe, expect, test } from 'vitest';

const { NaN: nan, POSITIVE_INFINITY, NEGATIVE_INFINITY } = Number;

function givenApp(options: { worker?: boolean } = {}) {
  const app = new Tallo('values');
  const cloud = memoryCloud(app, options.worker === false ? { handler: false } : {});
  const echo = app.task('echo', (value: unknown) => value);
  /** What lies in the queue, as it travels. */
  const bodies = () =>
    cloud.queues
      .named('values-default')
      .peek()
      .map(({ body }) => body);
  return { app, cloud, echo, bodies };
}

describe('values', () => {
  test.each([
    ['NaN and Infinity', [nan, POSITIVE_INFINITY, { deep: NEGATIVE_INFINITY }]],
    ['texts that look like them', ['NaN', '{"__type__":"float","__value__":"NaN"}']],
    ['dates', [new Date('2026-11-20T18:13:06.984Z'), new Date(0)]],
    ['bytes', [new TextEncoder().encode('año'), new Uint8Array([0, 255, 254])]],
  ])('%s go to the task and come back', async (_what, value) => {
    const { cloud, echo } = givenApp();
    await using _ = cloud;

    expect(await (await echo.delay(value)).get()).toEqual(value);
  });

  test('NaN and Infinity travel and are stored as Python writes them', async () => {
    const { cloud, echo, bodies } = givenApp();
    await using _ = cloud;

    const result = await echo.delay([nan, NEGATIVE_INFINITY, 'NaN']);
    const [body] = bodies();
    await result.get();
    const [row] = cloud.table.rows();

    expect(JSON.parse(body ?? '').body).toMatch(/^\[\[\[NaN,-Infinity,"NaN"\]\],/);
    expect(new TextDecoder().decode(row?.result as Uint8Array)).toContain('"result":[NaN,-Infinity,"NaN"]');
  });

  test('NaN may stand in a header, and survives retries', async () => {
    const { app, cloud } = givenApp();
    await using _ = cloud;
    const stubborn = app.task('stubborn', { bind: true }, (self, value: number) => {
      if (self.request.retries < 2) self.retry({ countdown: '1m' });
      return [value, self.request.headers];
    });

    const result = await stubborn.applyAsync([nan], { headers: { 'x-limit': POSITIVE_INFINITY } });

    expect(await result.get()).toEqual([nan, { 'x-limit': POSITIVE_INFINITY }]);
  });
});

describe('the option compression', () => {
  test.each([
    ['zlib', 'application/x-gzip'],
    ['brotli', 'application/x-brotli'],
    ['zstd', 'application/zstd'],
  ] as const)(
    '%s compresses the arguments, also when the call is sent again',
    async (compression, header) => {
      const { app, cloud, bodies } = givenApp();
      await using _ = cloud;
      const value = { text: 'año '.repeat(10_000), nan, when: new Date(0) };
      const stubborn = app.task('stubborn', { bind: true }, (self, given: unknown) => {
        if (self.request.retries < 1) self.retry({ countdown: '5m' });
        return given;
      });

      const result = await stubborn.applyAsync([value], { compression });
      const [first] = bodies();
      await cloud.advance('1m');
      const [again] = bodies();

      const common = { properties: { body_encoding: 'base64' }, 'content-encoding': 'utf-8' };
      expect(JSON.parse(first ?? '')).toMatchObject({ ...common, headers: { compression: header } });
      expect(JSON.parse(again ?? '')).toMatchObject({
        ...common,
        headers: { compression: header, retries: 1 },
        body: JSON.parse(first ?? '').body,
      });
      expect(first?.length).toBeLessThan(1_000);
      expect(await result.get()).toEqual(value);
    },
  );

  test('works with a queue whose envelopes are base64, and in eager mode', async () => {
    const app = new Tallo('values', { queues: { old: { base64: true } }, defaultQueue: 'old' });
    await using _ = memoryCloud(app);
    const echo = app.task('echo', (value: unknown) => value);
    const eager = new Tallo('eager', { taskAlwaysEager: true });
    const eagerEcho = eager.task('echo', (value: unknown) => value);

    expect(await (await echo.applyAsync([[nan]], { compression: 'zstd' })).get()).toEqual([nan]);
    expect(await (await eagerEcho.applyAsync(['año'], { compression: 'zlib' })).get()).toBe('año');
  });

  test('makes room: the limit is on what travels', async () => {
    const { echo, cloud, bodies } = givenApp({ worker: false });
    await using _ = cloud;
    const long = 'x'.repeat(4_000_000);
    const random = randomBytes(1_000_000).toString('base64');

    await expect(echo.delay(long)).rejects.toThrow(PayloadTooLargeError);
    await echo.applyAsync([long], { compression: 'zlib' });
    expect(bodies()).toHaveLength(1);
    await expect(echo.applyAsync([random], { compression: 'brotli' })).rejects.toThrow(
      /message of task 'echo' to have at most 1044480 bytes/,
    );
  });

  test('refuses what a worker would refuse to read, however small it travels', async () => {
    const { echo, cloud, bodies } = givenApp({ worker: false });
    await using _ = cloud;
    const bomb = 'x'.repeat(17 * 1_024 * 1_024);

    await expect(echo.applyAsync([bomb], { compression: 'zstd' })).rejects.toThrow(PayloadTooLargeError);
    expect(zstdCompressSync(bomb).length).toBeLessThan(10_000);
    expect(bodies()).toEqual([]);
  });

  test('refuses other kinds, and a header of that name', async () => {
    const { echo, cloud } = givenApp({ worker: false });
    await using _ = cloud;
    const other = { compression: 'bzip2' } as unknown as CallOptions;

    await expect(echo.applyAsync([1], other)).rejects.toThrow(ConfigurationError);
    await expect(echo.applyAsync([1], other)).rejects.toThrow(/compression to be zlib, brotli, zstd/);
    await expect(echo.applyAsync([1], { headers: { compression: 'zlib' } })).rejects.toThrow(
      /'compression', which belongs to the protocol/,
    );
  });
});
